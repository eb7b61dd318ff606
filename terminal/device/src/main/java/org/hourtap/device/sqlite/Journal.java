package org.hourtap.device.sqlite;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.hourtap.contract.CardId;
import org.hourtap.contract.CardStamp;
import org.hourtap.contract.Codec;
import org.hourtap.contract.MalformedMessageException;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TransferId;
import org.hourtap.tap.CardMemory.OwnTap;
import org.hourtap.tap.HeldTaps;
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
                    + " wall_us, text, counter) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    /// The kind of a row whose tap the card may have taken in or not.
    static final String DOUBT = "DOUBT";

    private final PreparedStatement insert;
    private final PreparedStatement insertRun;
    private final PreparedStatement after;
    private final PreparedStatement recent;
    private final PreparedStatement unposted;
    private final PreparedStatement seen;
    private final PreparedStatement kindOf;
    private final PreparedStatement settle;
    private final PreparedStatement doubts;
    private final PreparedStatement bounds;
    private final PreparedStatement firstAfter;
    private final PreparedStatement countAfter;
    private final TreeSet<Long> runs = new TreeSet<>();
    private long newestHeld;

    /// A row as it is written.
    ///
    /// @param kind the event's, or [#DOUBT]
    /// @param counter the card's transaction counter as it was surely seen with this tap
    record Row(TapEvent event, String kind, String text, long counter) {
        /// @param seen the card's counter with the tap; 0 for a card that has none
        static Row of(TapEvent event, String text, long seen) {
            return new Row(event, event.kind().name(), text, seen);
        }

        /// Before the card takes the tap in, its counter is one less than the tap expects.
        static Row inDoubt(TapEvent event, String text) {
            CardStamp stamp = event.stamp();
            if (stamp == null) {
                throw new IllegalArgumentException("only a tap that a card carries is in doubt");
            }
            return new Row(event, DOUBT, text, stamp.counter() - 1);
        }
    }

    Journal(Connection connection) throws SQLException {
        insert = connection.prepareStatement(INSERT);
        insertRun = connection.prepareStatement("INSERT OR IGNORE INTO run (start) VALUES (?)");
        after =
                connection.prepareStatement(
                        "SELECT sequence, text, kind FROM journal WHERE sequence > ?"
                                + " ORDER BY sequence LIMIT ?");
        recent =
                connection.prepareStatement(
                        "SELECT kind, text FROM journal WHERE card = ?"
                                + " ORDER BY sequence DESC LIMIT "
                                + RECENT_ROWS);
        unposted =
                connection.prepareStatement(
                        "SELECT id, kind, minutes, offline, counter FROM journal WHERE card = ?"
                                + " AND sequence > ? AND kind IN ('SPEND', 'SHIFT_IN', 'SHIFT_OUT')"
                                + " ORDER BY sequence");
        seen =
                connection.prepareStatement(
                        "SELECT coalesce(max(counter), 0) FROM journal WHERE card = ?");
        kindOf = connection.prepareStatement("SELECT kind FROM journal WHERE id = ?");
        settle =
                connection.prepareStatement(
                        "UPDATE journal SET kind = ?, minutes = ?, boot_id = ?, mono_us = ?,"
                                + " wall_us = ?, text = ?, counter = max(counter, ?)"
                                + " WHERE sequence = ? AND kind = 'DOUBT'");
        doubts =
                connection.prepareStatement(
                        "SELECT text FROM journal WHERE kind = 'DOUBT' ORDER BY sequence");
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
    void insert(Row row) throws SQLException {
        bind(insert, row);
        insert.executeUpdate();
    }

    /// Ends a doubt; one statement is a transaction of its own.
    void settle(TapEvent event, String text) throws SQLException {
        CardStamp stamp = event.stamp();
        settle.setString(1, event.kind().name());
        settle.setLong(2, event.minutes().minutes());
        settle.setString(3, event.at().bootId());
        settle.setLong(4, event.at().monotonicMicros());
        settle.setLong(5, event.at().wallMicros());
        settle.setString(6, text);
        settle.setLong(7, stamp == null ? 0 : stamp.counter());
        settle.setLong(8, event.sequence());
        if (settle.executeUpdate() != 1) {
            throw new SQLException("no tap " + event.sequence() + " is in doubt");
        }
    }

    List<TapEvent> doubts() throws SQLException {
        List<TapEvent> open = new ArrayList<>();
        try (ResultSet rows = doubts.executeQuery()) {
            while (rows.next()) {
                open.add(decoded(rows.getString(1)));
            }
        }
        return open;
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

    static void bind(PreparedStatement insert, Row row) throws SQLException {
        TapEvent event = row.event();
        insert.setLong(1, event.sequence());
        insert.setBytes(2, bytes(event.id().value()));
        insert.setString(3, event.card().value());
        insert.setString(4, row.kind());
        insert.setLong(5, event.minutes().minutes());
        insert.setInt(6, event.offline() ? 1 : 0);
        insert.setString(7, event.at().bootId());
        insert.setLong(8, event.at().monotonicMicros());
        insert.setLong(9, event.at().wallMicros());
        insert.setString(10, row.text());
        insert.setLong(11, row.counter());
    }

    private static TransferId id(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new TransferId(new UUID(in.getLong(), in.getLong()));
    }

    static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    /// @return up to `max` taps after this sequence, ending where a run ends or a tap is in doubt:
    ///   what the hub is told of a tap is told once
    List<JournalLine> after(long sequence, int max) throws SQLException {
        after.setLong(1, sequence);
        after.setInt(2, max);
        List<JournalLine> lines = new ArrayList<>();
        try (ResultSet rows = after.executeQuery()) {
            while (rows.next()) {
                long next = rows.getLong(1);
                boolean isGap = !lines.isEmpty() && next != lines.getLast().sequence() + 1;
                if (isGap || rows.getString(3).equals(DOUBT)) {
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
                switch (rows.getString(1)) {
                    case "SPEND", "SHIFT_IN", "SHIFT_OUT" -> {
                        return decoded(rows.getString(2));
                    }
                    default -> {} // nobody was let in on it
                }
            }
            return null;
        }
    }

    /// @return the card's welcomed taps which the hub does not know yet, oldest first
    List<OwnTap> unposted(CardId card, long acknowledged) throws SQLException {
        unposted.setString(1, card.value());
        unposted.setLong(2, acknowledged);
        List<OwnTap> taps = new ArrayList<>();
        try (ResultSet rows = unposted.executeQuery()) {
            while (rows.next()) {
                taps.add(
                        new OwnTap(
                                id(rows.getBytes(1)),
                                TapEvent.Kind.valueOf(rows.getString(2)),
                                rows.getLong(3),
                                rows.getBoolean(4),
                                rows.getLong(5)));
            }
        }
        return taps;
    }

    /// @return the highest counter this card was seen at
    long seen(CardId card) throws SQLException {
        seen.setString(1, card.value());
        try (ResultSet row = seen.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    HeldTaps held(List<TransferId> taps) throws SQLException {
        Set<TransferId> welcomed = new HashSet<>();
        Set<TransferId> torn = new HashSet<>();
        for (TransferId tap : taps) {
            kindOf.setBytes(1, bytes(tap.value()));
            try (ResultSet row = kindOf.executeQuery()) {
                if (row.next()) {
                    boolean isTorn = row.getString(1).equals(TapEvent.Kind.TORN.name());
                    (isTorn ? torn : welcomed).add(tap);
                }
            }
        }
        return new HeldTaps(welcomed, torn);
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
                        seen,
                        kindOf,
                        settle,
                        doubts,
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
