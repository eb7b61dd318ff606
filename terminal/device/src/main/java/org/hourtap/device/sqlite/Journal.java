package org.hourtap.device.sqlite;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.hourtap.contract.CardId;
import org.hourtap.contract.Codec;
import org.hourtap.contract.MalformedMessageException;
import org.hourtap.contract.TapEvent;
import org.hourtap.tap.JournalLine;
import org.jspecify.annotations.Nullable;

/// The journal table. Its numbers have no gaps while all is well; a gap (after damage, or when the
/// hub knew more of us than we do) begins a new *run*, and no batch reaches across one, because the
/// hub would wait for ever for what is not there.
final class Journal implements AutoCloseable {
    /// A card's last welcome is among its newest rows; declined taps in between are few.
    private static final int RECENT_ROWS = 8;

    static final String INSERT =
            "INSERT INTO journal (sequence, id, card, kind, minutes, offline, boot_id, mono_us,"
                    + " wall_us, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private final PreparedStatement insert;
    private final PreparedStatement insertRun;
    private final PreparedStatement after;
    private final PreparedStatement recent;
    private final PreparedStatement unposted;
    private final PreparedStatement shift;
    private final PreparedStatement bounds;
    private final PreparedStatement firstAfter;
    private final PreparedStatement countAfter;
    private final TreeSet<Long> runs = new TreeSet<>();
    private long newestHeld;

    /// What one card did here that its cached balance does not know yet.
    record Unposted(long minutes, long offlineMinutes) {}

    Journal(Connection connection) throws SQLException {
        insert = connection.prepareStatement(INSERT);
        insertRun = connection.prepareStatement("INSERT OR IGNORE INTO run (start) VALUES (?)");
        after =
                connection.prepareStatement(
                        "SELECT sequence, text FROM journal WHERE sequence > ?"
                                + " ORDER BY sequence LIMIT ?");
        recent =
                connection.prepareStatement(
                        "SELECT kind, text FROM journal WHERE card = ?"
                                + " ORDER BY sequence DESC LIMIT "
                                + RECENT_ROWS);
        unposted =
                connection.prepareStatement(
                        "SELECT coalesce(sum(minutes), 0), coalesce(sum(minutes * offline), 0)"
                                + " FROM journal WHERE card = ? AND sequence > ? AND kind = 'SPEND'");
        shift =
                connection.prepareStatement(
                        "SELECT kind FROM journal WHERE card = ? AND sequence > ?"
                                + " AND kind IN ('SHIFT_IN', 'SHIFT_OUT')"
                                + " ORDER BY sequence DESC LIMIT 1");
        bounds =
                connection.prepareStatement(
                        "SELECT (SELECT min(sequence) FROM journal),"
                                + " (SELECT max(sequence) FROM journal)");
        firstAfter =
                connection.prepareStatement("SELECT min(sequence) FROM journal WHERE sequence > ?");
        countAfter = connection.prepareStatement("SELECT count(*) FROM journal WHERE sequence > ?");
        newestHeld = newest();
        loadRuns(connection);
    }

    /// @return the newest sequence held, 0 if none
    long newestHeld() {
        return newestHeld;
    }

    /// Whether appending this sequence is one plain insert, which is a transaction of its own.
    boolean follows(long sequence) {
        return newestHeld == 0 || sequence == newestHeld + 1;
    }

    /// Inserts a tap; the caller commits and then says so with [#committed].
    void insert(TapEvent event, String text) throws SQLException {
        bind(insert, event, text);
        insert.executeUpdate();
    }

    void startRun(long sequence) throws SQLException {
        insertRun.setLong(1, sequence);
        insertRun.executeUpdate();
    }

    void committed(long sequence) {
        if (!follows(sequence)) {
            runs.add(sequence);
        }
        newestHeld = sequence;
    }

    static void bind(PreparedStatement insert, TapEvent event, String text) throws SQLException {
        insert.setLong(1, event.sequence());
        insert.setBytes(2, bytes(event.id().value()));
        insert.setString(3, event.card().value());
        insert.setString(4, event.kind().name());
        insert.setLong(5, event.minutes().minutes());
        insert.setInt(6, event.offline() ? 1 : 0);
        insert.setString(7, event.at().bootId());
        insert.setLong(8, event.at().monotonicMicros());
        insert.setLong(9, event.at().wallMicros());
        insert.setString(10, text);
    }

    static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    /// @return up to `max` taps after this sequence, ending where a run ends
    List<JournalLine> after(long sequence, int max) throws SQLException {
        after.setLong(1, sequence);
        after.setInt(2, max);
        List<JournalLine> lines = new ArrayList<>();
        try (ResultSet rows = after.executeQuery()) {
            while (rows.next()) {
                long next = rows.getLong(1);
                if (!lines.isEmpty() && next != lines.getLast().sequence() + 1) {
                    break;
                }
                lines.add(new JournalLine(next, rows.getString(2)));
            }
        }
        return lines;
    }

    /// @return the card's newest welcomed tap, null if there is none
    @Nullable TapEvent lastWelcome(CardId card) throws SQLException {
        recent.setString(1, card.value());
        try (ResultSet rows = recent.executeQuery()) {
            while (rows.next()) {
                if (!rows.getString(1).equals(TapEvent.Kind.DECLINED.name())) {
                    return decoded(rows.getString(2));
                }
            }
            return null;
        }
    }

    Unposted unposted(CardId card, long acknowledged) throws SQLException {
        unposted.setString(1, card.value());
        unposted.setLong(2, acknowledged);
        try (ResultSet row = unposted.executeQuery()) {
            row.next();
            return new Unposted(row.getLong(1), row.getLong(2));
        }
    }

    /// @return the card's latest shift tap which the hub does not know yet, null if none
    TapEvent.@Nullable Kind unpostedShift(CardId card, long acknowledged) throws SQLException {
        shift.setString(1, card.value());
        shift.setLong(2, acknowledged);
        try (ResultSet row = shift.executeQuery()) {
            return row.next() ? TapEvent.Kind.valueOf(row.getString(1)) : null;
        }
    }

    /// @return the start of the run that the next batch will come from, `last + 1` when there is no
    ///   journal
    long oldest(long acknowledged, long last) throws SQLException {
        long first;
        try (ResultSet row = bounds.executeQuery()) {
            row.next();
            first = row.getLong(1);
        }
        if (first == 0) {
            return last + 1;
        }
        long next = single(firstAfter, acknowledged);
        Long run = runs.floor(next == 0 ? newestHeld : next);
        return run == null ? first : Math.max(first, run);
    }

    long countAfter(long sequence) throws SQLException {
        return single(countAfter, sequence);
    }

    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement :
                List.of(
                        insert,
                        insertRun,
                        after,
                        recent,
                        unposted,
                        shift,
                        bounds,
                        firstAfter,
                        countAfter)) {
            statement.close();
        }
    }

    private static long single(PreparedStatement statement, long parameter) throws SQLException {
        statement.setLong(1, parameter);
        try (ResultSet row = statement.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private long newest() throws SQLException {
        try (ResultSet row = bounds.executeQuery()) {
            return row.next() ? row.getLong(2) : 0;
        }
    }

    private void loadRuns(Connection connection) throws SQLException {
        try (PreparedStatement all = connection.prepareStatement("SELECT start FROM run");
                ResultSet rows = all.executeQuery()) {
            while (rows.next()) {
                runs.add(rows.getLong(1));
            }
        }
    }

    private static TapEvent decoded(String text) throws SQLException {
        try {
            return Codec.decodeEvent(text);
        } catch (MalformedMessageException e) {
            throw new SQLException("the journal holds a tap that cannot be read", e);
        }
    }
}
