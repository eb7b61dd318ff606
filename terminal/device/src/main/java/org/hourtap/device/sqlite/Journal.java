package org.hourtap.device.sqlite;

import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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
import org.hourtap.runtime.Sqlite;
import org.hourtap.tap.CardMemory.OwnTap;
import org.hourtap.tap.HeldTaps;
import org.hourtap.tap.JournalLine;
import org.jspecify.annotations.Nullable;

/// The journal table. Its numbers have no gaps while all is well; a gap (after damage, or when the
/// hub knew more of us than we do) begins a new *run*, and no batch reaches across one, because the
/// hub would wait for ever for what is not there.
final class Journal {
    /// A card's last welcome is among its newest rows; declined taps in between are few.
    private static final int RECENT_ROWS = 8;

    /// All columns, the seal last; see [Seal#next].
    static final String COLUMNS =
            "sequence, id, card, kind, minutes, offline, boot_id, mono_us, wall_us, text, counter,"
                    + " seal";

    static final int ID_COLUMN = 2;
    static final int KIND_COLUMN = 4;
    static final int MINUTES_COLUMN = 5;
    static final int OFFLINE_COLUMN = 6;
    static final int TEXT_COLUMN = 10;
    static final int COUNTER_COLUMN = 11;

    static final String INSERT =
            "INSERT INTO journal (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private static final String SELECT = "SELECT " + COLUMNS + " FROM journal ";

    /// The kind of a row whose tap the card may have taken in or not.
    static final String DOUBT = "DOUBT";

    private static final String AFTER = SELECT + "WHERE sequence > ? ORDER BY sequence LIMIT ?";
    private static final String RECENT =
            SELECT + "WHERE card = ? ORDER BY sequence DESC LIMIT " + RECENT_ROWS;

    // Not by kind: a row whose kind has changed is to be noticed, not passed over.
    private static final String UNPOSTED =
            SELECT + "WHERE card = ? AND sequence > ? ORDER BY sequence";

    private static final String SEEN = SELECT + "WHERE card = ? ORDER BY counter DESC LIMIT 1";
    private static final String BY_ID = SELECT + "WHERE id = ?";

    // The parameters are those of INSERT, so that the seal fits what is in the row then.
    private static final String SETTLE =
            "UPDATE journal SET kind = ?4, minutes = ?5, boot_id = ?7, mono_us = ?8,"
                    + " wall_us = ?9, text = ?10, counter = ?11, seal = ?12"
                    + " WHERE sequence = ?1 AND id = ?2 AND card = ?3 AND offline = ?6"
                    + " AND kind = 'DOUBT'";

    private static final String ONE_DOUBT = SELECT + "WHERE sequence = ? AND kind = 'DOUBT'";
    private static final String DOUBTS = SELECT + "WHERE kind = 'DOUBT' ORDER BY sequence";
    private static final String BOUNDS =
            "SELECT (SELECT min(sequence) FROM journal), (SELECT max(sequence) FROM journal)";
    private static final String FIRST_AFTER =
            "SELECT min(sequence) FROM journal WHERE sequence > ?";
    private static final String COUNT_AFTER = "SELECT count(*) FROM journal WHERE sequence > ?";

    private final Sqlite sqlite;
    private final TreeSet<Long> runs = new TreeSet<>();
    private long newestHeld;

    /// Whether some tap may be in doubt; most of the time none is, and that is asked every second.
    private boolean mayDoubt = true;

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

        /// @return the columns but for the seal
        List<Object> values() {
            return List.of(
                    event.sequence(),
                    bytes(event.id().value()),
                    event.card().value(),
                    kind,
                    event.minutes().minutes(),
                    event.offline() ? 1L : 0L,
                    event.at().bootId(),
                    event.at().monotonicMicros(),
                    event.at().wallMicros(),
                    text,
                    counter);
        }
    }

    Journal(Sqlite sqlite) throws SQLException {
        this.sqlite = sqlite;
        newestHeld = newest();
        loadRuns();
    }

    /// @return the newest sequence held, 0 if none
    long newestHeld() {
        return newestHeld;
    }

    /// Inserts a tap, which is a transaction of its own.
    void insert(Row row) throws SQLException {
        PreparedStatement insert = sqlite.prepared(INSERT);
        Seal.bind(insert, row.values());
        insert.executeUpdate();
        mayDoubt |= row.kind().equals(DOUBT);
        long sequence = row.event().sequence();
        if (newestHeld != 0 && sequence != newestHeld + 1) {
            runs.add(sequence);
        }
        newestHeld = sequence;
    }

    /// Ends a doubt; one statement is a transaction of its own.
    void settle(TapEvent event, String text) throws SQLException {
        CardStamp stamp = event.stamp();
        PreparedStatement doubt = sqlite.prepared(ONE_DOUBT);
        doubt.setLong(1, event.sequence());
        long seenBefore;
        try (ResultSet row = doubt.executeQuery()) {
            if (!Seal.next(row)) {
                throw new SQLException("no tap " + event.sequence() + " is in doubt");
            }
            seenBefore = row.getLong(COUNTER_COLUMN);
        }
        long seenNow = Math.max(seenBefore, stamp == null ? 0 : stamp.counter());
        PreparedStatement settle = sqlite.prepared(SETTLE);
        Seal.bind(settle, Row.of(event, text, seenNow).values());
        if (settle.executeUpdate() != 1) {
            throw new SQLException("tap " + event.sequence() + " was another one in doubt");
        }
    }

    List<TapEvent> doubts() throws SQLException {
        List<TapEvent> open = new ArrayList<>();
        if (!mayDoubt) {
            return open;
        }
        try (ResultSet rows = sqlite.prepared(DOUBTS).executeQuery()) {
            while (Seal.next(rows)) {
                open.add(decoded(rows.getString(TEXT_COLUMN)));
            }
        }
        mayDoubt = !open.isEmpty();
        return open;
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
        PreparedStatement after = sqlite.prepared(AFTER);
        after.setLong(1, sequence);
        after.setInt(2, max);
        List<JournalLine> lines = new ArrayList<>();
        try (ResultSet rows = after.executeQuery()) {
            while (Seal.next(rows)) {
                long next = rows.getLong(1);
                boolean isGap = !lines.isEmpty() && next != lines.getLast().sequence() + 1;
                if (isGap || rows.getString(KIND_COLUMN).equals(DOUBT)) {
                    break;
                }
                lines.add(new JournalLine(next, rows.getString(TEXT_COLUMN)));
            }
        }
        return lines;
    }

    /// @return the card's newest welcomed tap, null if there is none
    @Nullable TapEvent lastWelcome(CardId card) throws SQLException {
        PreparedStatement recent = sqlite.prepared(RECENT);
        recent.setString(1, card.value());
        try (ResultSet rows = recent.executeQuery()) {
            while (Seal.next(rows)) {
                if (isWelcomed(rows)) {
                    return decoded(rows.getString(TEXT_COLUMN));
                }
            }
            return null;
        }
    }

    /// @return the card's welcomed taps which the hub does not know yet, oldest first
    List<OwnTap> unposted(CardId card, long acknowledged) throws SQLException {
        PreparedStatement unposted = sqlite.prepared(UNPOSTED);
        unposted.setString(1, card.value());
        unposted.setLong(2, acknowledged);
        List<OwnTap> taps = new ArrayList<>();
        try (ResultSet rows = unposted.executeQuery()) {
            while (Seal.next(rows)) {
                if (isWelcomed(rows)) {
                    taps.add(
                            new OwnTap(
                                    id(rows.getBytes(ID_COLUMN)),
                                    TapEvent.Kind.valueOf(rows.getString(KIND_COLUMN)),
                                    rows.getLong(MINUTES_COLUMN),
                                    rows.getBoolean(OFFLINE_COLUMN),
                                    rows.getLong(COUNTER_COLUMN)));
                }
            }
        }
        return taps;
    }

    /// Whether someone was let in on this row's tap.
    private static boolean isWelcomed(ResultSet row) throws SQLException {
        return switch (row.getString(KIND_COLUMN)) {
            case "SPEND", "SHIFT_IN", "SHIFT_OUT" -> true;
            default -> false;
        };
    }

    /// @return the highest counter this card was seen at
    long seen(CardId card) throws SQLException {
        PreparedStatement seen = sqlite.prepared(SEEN);
        seen.setString(1, card.value());
        try (ResultSet row = seen.executeQuery()) {
            return Seal.next(row) ? row.getLong(COUNTER_COLUMN) : 0;
        }
    }

    HeldTaps held(List<TransferId> taps) throws SQLException {
        Set<TransferId> welcomed = new HashSet<>();
        Set<TransferId> torn = new HashSet<>();
        PreparedStatement byId = sqlite.prepared(BY_ID);
        for (TransferId tap : taps) {
            byId.setBytes(1, bytes(tap.value()));
            try (ResultSet row = byId.executeQuery()) {
                if (Seal.next(row)) {
                    boolean isTorn = row.getString(KIND_COLUMN).equals(TapEvent.Kind.TORN.name());
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
        try (ResultSet row = sqlite.prepared(BOUNDS).executeQuery()) {
            row.next();
            first = row.getLong(1);
        }
        if (first == 0) {
            return last + 1;
        }
        long next = single(FIRST_AFTER, acknowledged);
        Long run = runs.floor(next == 0 ? newestHeld : next);
        return run == null ? first : Math.max(first, run);
    }

    long countAfter(long sequence) throws SQLException {
        return single(COUNT_AFTER, sequence);
    }

    private long single(String text, long parameter) throws SQLException {
        PreparedStatement statement = sqlite.prepared(text);
        statement.setLong(1, parameter);
        try (ResultSet row = statement.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private long newest() throws SQLException {
        try (ResultSet row = sqlite.prepared(BOUNDS).executeQuery()) {
            return row.next() ? row.getLong(2) : 0;
        }
    }

    private void loadRuns() throws SQLException {
        try (Statement statement = sqlite.connection().createStatement();
                ResultSet all =
                        statement.executeQuery(
                                "SELECT max(sequence) - min(sequence) + 1 - count(*) FROM journal")) {
            if (all.next() && all.getLong(1) == 0) {
                return;
            }
        }
        try (Statement statement = sqlite.connection().createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT sequence FROM journal j WHERE NOT EXISTS"
                                        + " (SELECT 1 FROM journal p WHERE p.sequence ="
                                        + " j.sequence - 1)")) {
            while (rows.next()) {
                runs.add(rows.getLong(1));
            }
        }
    }

    /// Looks at rows that nobody may have a reason to read, so that a changed one is found before
    /// it is needed.
    ///
    /// @return where to go on, 0 at the end
    long look(long after, int max) throws SQLException {
        PreparedStatement statement = sqlite.prepared(AFTER);
        statement.setLong(1, after);
        statement.setInt(2, max);
        long seenLast = 0;
        int count = 0;
        try (ResultSet rows = statement.executeQuery()) {
            while (Seal.next(rows)) {
                seenLast = rows.getLong(1);
                count++;
            }
        }
        return count < max ? 0 : seenLast;
    }

    static TapEvent decoded(String text) throws SQLException {
        try {
            return Codec.decodeEvent(text);
        } catch (MalformedMessageException e) {
            throw new SQLException("the journal holds a tap that cannot be read", e);
        }
    }
}
