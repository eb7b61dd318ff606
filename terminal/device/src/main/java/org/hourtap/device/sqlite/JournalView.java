package org.hourtap.device.sqlite;

import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.hourtap.contract.Codec;
import org.hourtap.contract.MalformedMessageException;
import org.hourtap.contract.TapEvent;
import org.hourtap.runtime.Sqlite;
import org.hourtap.runtime.StorageFault;
import org.hourtap.tap.StoreException;

/// Reads the journal beside its writer, for staff and for `status`. Opens the file for each
/// question, so that any thread may ask and a store that was mended meanwhile is found.
public final class JournalView {
    /// More than a busy day; a page of more helps nobody.
    private static final int TAPS_MAX = 500;

    /// The questions touch few pages.
    private static final int CACHE_KILOBYTES = 512;

    private final Path file;

    /// One journalled tap.
    ///
    /// @param event of a tap in doubt, what it will be if the card took it in
    /// @param inLedger whether the hub has acknowledged it
    /// @param inDoubt whether nobody knows yet if the card took it in
    public record Entry(TapEvent event, boolean inLedger, boolean inDoubt) {
        public Entry(TapEvent event, boolean inLedger) {
            this(event, inLedger, false);
        }
    }

    /// What has not reached the hub.
    ///
    /// @param oldestWallMicros when the oldest of them happened; 0 when there are none
    public record Outbox(
            long waiting, long oldestWallMicros, long last, long acknowledged, long cursor) {}

    public JournalView(Path file) {
        this.file = file;
    }

    /// @return the newest taps since this time, newest first
    public List<Entry> since(long wallMicros) throws StoreException {
        return select(
                "(SELECT * FROM journal ORDER BY sequence DESC LIMIT "
                        + TAPS_MAX
                        + ") WHERE wall_us >= ? ORDER BY sequence DESC",
                wallMicros);
    }

    /// @return the oldest taps the hub has not acknowledged, oldest first
    public List<Entry> waiting() throws StoreException {
        return select(
                "journal WHERE sequence > max(?, (SELECT acknowledged FROM meta))"
                        + " ORDER BY sequence LIMIT "
                        + TAPS_MAX,
                0);
    }

    public Outbox outbox() throws StoreException {
        try (Sqlite sqlite = Sqlite.openReadOnly(file, CACHE_KILOBYTES);
                PreparedStatement statement =
                        sqlite.connection()
                                .prepareStatement(
                                        "SELECT count(j.sequence), coalesce(min(j.wall_us), 0),"
                                                + " max(m.last, coalesce((SELECT max(sequence) FROM"
                                                + " journal), 0)), m.acknowledged, m.cursor FROM meta"
                                                + " m LEFT JOIN journal j ON j.sequence >"
                                                + " m.acknowledged");
                ResultSet row = statement.executeQuery()) {
            if (!row.next() || row.getObject(4) == null) {
                return new Outbox(0, 0, 0, 0, 0);
            }
            return new Outbox(
                    row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5));
        } catch (SQLException e) {
            throw new StoreException(StorageFault.of(e).advice(), e);
        }
    }

    private List<Entry> select(String from, long parameter) throws StoreException {
        try (Sqlite sqlite = Sqlite.openReadOnly(file, CACHE_KILOBYTES);
                PreparedStatement statement =
                        sqlite.connection()
                                .prepareStatement("SELECT " + Journal.COLUMNS + " FROM " + from)) {
            long acknowledged = Meta.read(sqlite.connection()).map(Meta::acknowledged).orElse(0L);
            statement.setLong(1, parameter);
            List<Entry> entries = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (Seal.next(rows)) {
                    entries.add(
                            new Entry(
                                    Codec.decodeEvent(rows.getString(Journal.TEXT_COLUMN)),
                                    rows.getLong(1) <= acknowledged,
                                    rows.getString(Journal.KIND_COLUMN).equals(Journal.DOUBT)));
                }
            }
            return entries;
        } catch (SQLException e) {
            throw new StoreException(StorageFault.of(e).advice(), e);
        } catch (MalformedMessageException e) {
            throw new StoreException(StorageFault.DAMAGED.advice(), e);
        }
    }
}
