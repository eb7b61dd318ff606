package org.hourtap.device.sqlite;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.zip.CRC32;
import org.hourtap.runtime.Sqlite;

/// The few numbers beside the journal.
///
/// @param salvage a sentence for staff about a damaged file, empty if there never was one
record Meta(long last, long acknowledged, long cursor, long epoch, String salvage) {
    private static final long MICROS_PER_SECOND = 1_000_000;

    /// What a new store begins with. The epoch starts at the clock, so that a terminal whose store
    /// was lost is not taken for an older connection of itself.
    static Meta fresh(long wallMicros) {
        return new Meta(0, 0, 0, Math.max(0, wallMicros / MICROS_PER_SECOND), "");
    }

    static Optional<Meta> read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT last, acknowledged, cursor, epoch, salvage, seal FROM meta")) {
            if (!row.next()) {
                return Optional.empty();
            }
            Meta meta =
                    new Meta(
                            row.getLong(1),
                            row.getLong(2),
                            row.getLong(3),
                            row.getLong(4),
                            row.getString(5));
            if (meta.seal() != row.getLong(6)) {
                throw Seal.broken("the numbers beside the journal are not what was written");
            }
            return Optional.of(meta);
        }
    }

    void write(Sqlite database) throws SQLException {
        PreparedStatement statement =
                database.prepared(
                        "INSERT OR REPLACE INTO meta"
                                + " (id, last, acknowledged, cursor, epoch, seal, salvage)"
                                + " VALUES (1, ?, ?, ?, ?, ?, ?)");
        statement.setLong(1, last);
        statement.setLong(2, acknowledged);
        statement.setLong(3, cursor);
        statement.setLong(4, epoch);
        statement.setLong(5, seal());
        statement.setString(6, salvage);
        statement.executeUpdate();
    }

    Meta withEpoch(long next) {
        return new Meta(last, acknowledged, cursor, next, salvage);
    }

    Meta withLast(long newLast) {
        return new Meta(newLast, acknowledged, cursor, epoch, salvage);
    }

    Meta withPosition(long newLast, long newAcknowledged, long newCursor) {
        return new Meta(newLast, newAcknowledged, newCursor, epoch, salvage);
    }

    private long seal() {
        CRC32 crc = new CRC32();
        crc.update(
                ByteBuffer.allocate(4 * Long.BYTES)
                        .putLong(last)
                        .putLong(acknowledged)
                        .putLong(cursor)
                        .putLong(epoch)
                        .flip());
        return crc.getValue();
    }
}
