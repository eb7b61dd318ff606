package org.hourtap.server.books;

import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.hourtap.contract.TransferId;
import org.jspecify.annotations.Nullable;

/// Transfer ids as sixteen bytes, in the order they sort in.
public final class Ids {
    private static final int LENGTH = 16;

    private Ids() {}

    public static byte[] bytes(TransferId id) {
        UUID uuid = id.value();
        return ByteBuffer.allocate(LENGTH)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
    }

    static byte @Nullable [] bytesOrNull(@Nullable TransferId id) {
        return id == null ? null : bytes(id);
    }

    public static TransferId read(ResultSet row, String column) throws SQLException {
        TransferId id = readOrNull(row, column);
        if (id == null) {
            throw new SQLException("no id in " + column);
        }
        return id;
    }

    static @Nullable TransferId readOrNull(ResultSet row, String column) throws SQLException {
        byte[] bytes = row.getBytes(column);
        if (bytes == null) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new TransferId(new UUID(buffer.getLong(), buffer.getLong()));
    }
}
