package org.hourtap.device.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.hourtap.contract.CardId;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.Credits;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.FeedRow.CardRow;
import org.hourtap.contract.FeedRow.PolicyRow;
import org.hourtap.contract.FeedRow.ProfileRow;
import org.hourtap.contract.SignedHead;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TapEvent.Kind;
import org.hourtap.contract.TransferId;
import org.hourtap.runtime.NewerDatabaseException;
import org.hourtap.runtime.Sqlite;
import org.hourtap.tap.CardMemory;
import org.hourtap.tap.HeldTaps;
import org.hourtap.tap.JournalLine;
import org.hourtap.tap.JournalPosition;
import org.hourtap.tap.Standing;
import org.hourtap.tap.Standing.KnownCard;
import org.jspecify.annotations.Nullable;

/// The open file with its prepared statements. What is kept in memory (position, profile, policy,
/// the count of what waits) changes only after the commit it describes.
final class TerminalDatabase implements AutoCloseable {
    /// Enough for the journal's tail and ten thousand cards.
    static final int CACHE_KILOBYTES = 4_096;

    /// SQLite would fold its log into the file within whichever commit fills a thousand pages,
    /// while a person waits for the light; [#purge] does it in between. Should that not come,
    /// SQLite does it after all here: 16 MB, a thousand taps and more.
    private static final int LOG_PAGES_MAX = 4_000;

    /// Rows looked at with each purge, so that a changed one is found within an hour or two without
    /// anyone waiting for it.
    private static final int LOOK_ROWS = 100;

    /// What a terminal decides by before the hub has spoken.
    private static final PolicyRow FIRST_POLICY =
            new PolicyRow(30, new Credits(120), new Credits(600));

    private final Sqlite sqlite;
    private Journal journal;
    private final Cache cache;
    private final Retention retention;
    private final Heads heads;
    private Meta meta;
    private long waiting;
    private long lookedUpTo;

    /// The connection's count of changes when all of its log was folded; nothing is in it as long
    /// as the count stays the same.
    private long foldedAt = -1;

    private JournalPosition position;
    private @Nullable ProfileRow profile;
    private PolicyRow policy = FIRST_POLICY;

    private TerminalDatabase(Sqlite sqlite, Meta meta) throws SQLException {
        this.sqlite = sqlite;
        this.meta = meta;
        journal = new Journal(sqlite);
        cache = new Cache(sqlite);
        retention = new Retention(sqlite);
        heads = new Heads(sqlite);
        position = refreshed(journal);
        readDocuments();
    }

    /// Makes a new file.
    static TerminalDatabase make(Path file, long wallMicros)
            throws SQLException, NewerDatabaseException {
        return on(Sqlite.open(file, CACHE_KILOBYTES), wallMicros);
    }

    /// @param sqlite a sound file, which is closed with this, or at once if it cannot be used
    static TerminalDatabase on(Sqlite sqlite, long wallMicros)
            throws SQLException, NewerDatabaseException {
        try {
            sqlite.syncLog();
            Tables.make(sqlite);
            run(sqlite.connection(), "PRAGMA wal_autocheckpoint = " + LOG_PAGES_MAX);
            Meta meta = Meta.read(sqlite.connection()).orElse(null);
            if (meta == null) {
                meta = Meta.fresh(wallMicros);
                meta.write(sqlite);
            }
            return new TerminalDatabase(sqlite, meta);
        } catch (SQLException | NewerDatabaseException | RuntimeException e) {
            try (sqlite) {
                throw e;
            }
        }
    }

    /// After a failure: the driver has dropped the statement that failed, and only the file knows
    /// whether what failed is there after all.
    void renew() throws SQLException {
        sqlite.forgetPrepared();
        journal = new Journal(sqlite);
        meta = Meta.read(sqlite.connection()).orElse(meta);
        position = refreshed(journal);
        readDocuments();
    }

    Connection connection() {
        return sqlite.connection();
    }

    JournalPosition position() {
        return position;
    }

    long waiting() {
        return waiting;
    }

    String salvage() {
        return meta.salvage();
    }

    @Nullable ProfileRow profile() {
        return profile;
    }

    Standing standing(CardId card, boolean online) throws SQLException {
        CardRow cached = cache.card(card);
        KnownCard known = cached == null ? null : known(cached);
        return new Standing(profile, policy, known, journal.lastWelcome(card), online);
    }

    private KnownCard known(CardRow cached) throws SQLException {
        long minutes = 0;
        long offlineMinutes = 0;
        boolean isOnShift = cached.openShift() != null;
        for (CardMemory.OwnTap tap : journal.unposted(cached.card(), meta.acknowledged())) {
            minutes += tap.minutes();
            offlineMinutes += tap.offline() ? tap.minutes() : 0;
            isOnShift = tap.kind() == Kind.SHIFT_IN || (isOnShift && tap.kind() == Kind.SPEND);
        }
        return new KnownCard(cached, minutes, offlineMinutes, isOnShift);
    }

    CardMemory memory(CardId card) throws SQLException {
        return new CardMemory(journal.seen(card), journal.unposted(card, meta.acknowledged()));
    }

    HeldTaps held(List<TransferId> taps) throws SQLException {
        return journal.held(taps);
    }

    void record(Journal.Row row) throws SQLException {
        long sequence = row.event().sequence();
        journal.insert(row);
        waiting++;
        // Continuing a run, the next batch starts where it would have; otherwise look.
        position =
                waiting == 1
                        ? positionOf(sequence, meta.acknowledged(), meta.cursor())
                        : new JournalPosition(
                                sequence, meta.acknowledged(), position.oldest(), meta.cursor());
    }

    void settle(TapEvent event, String text) throws SQLException {
        journal.settle(event, text);
    }

    List<TapEvent> doubts() throws SQLException {
        return journal.doubts();
    }

    List<JournalLine> after(long sequence, int max) throws SQLException {
        return journal.after(sequence, max);
    }

    void apply(List<FeedRow> rows, boolean restart, JournalPosition wanted) throws SQLException {
        Meta next =
                meta.withPosition(
                        Math.max(position.last(), wanted.last()),
                        wanted.acknowledged(),
                        wanted.cursor());
        boolean moved = next.acknowledged() != meta.acknowledged();
        boolean isNews = moved || next.cursor() != meta.cursor() || next.last() > position.last();
        if (rows.isEmpty() && !restart && !isNews) {
            return; // a hub that only says hello must not wear out the card
        }
        sqlite.<Integer, SQLException>transaction(_ -> {
            if (restart) {
                cache.forgetCards();
            }
            cache.put(rows);
            next.write(sqlite);
            return 0;
        });
        meta = next;
        if (moved) {
            waiting = journal.countAfter(next.acknowledged());
        }
        position = positionOf(next.last(), next.acknowledged(), next.cursor());
        if (!rows.stream().allMatch(CardRow.class::isInstance)) {
            readDocuments();
        }
    }

    long nextEpoch() throws SQLException {
        Meta next = meta.withEpoch(meta.epoch() + 1);
        next.write(sqlite);
        meta = next;
        return next.epoch();
    }

    void keep(SignedHead head, ClockReading now) throws SQLException {
        heads.keep(head, now.wallMicros());
    }

    void probe() throws SQLException {
        Meta now = meta.withLast(position.last());
        now.write(sqlite);
        meta = now;
    }

    /// Forgets acknowledged taps from the old end of the journal on, as long as they are older than
    /// that; `last` is kept, so that no number is given twice. Then folds the log into the file,
    /// which changes nothing that was committed.
    int purge(ClockReading now, long keptMicros, int max) throws SQLException {
        long upTo = retention.oldUpTo(now, keptMicros, meta.acknowledged(), max);
        int count = upTo == 0 ? 0 : forget(upTo, max);
        lookedUpTo = journal.look(lookedUpTo, LOOK_ROWS);
        long changes = sqlite.changes();
        if (changes != foldedAt && sqlite.foldLog()) {
            foldedAt = changes;
        }
        return count;
    }

    private static void run(Connection connection, String pragma) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(pragma);
        }
    }

    private int forget(long upTo, int max) throws SQLException {
        Meta next = meta.withLast(position.last());
        int count =
                sqlite.<Integer, SQLException>transaction(_ -> {
                    int forgotten = retention.forget(upTo, max);
                    next.write(sqlite);
                    return forgotten;
                });
        meta = next;
        position = positionOf(position.last(), meta.acknowledged(), meta.cursor());
        return count;
    }

    @Override
    public void close() throws SQLException {
        sqlite.close();
    }

    private JournalPosition refreshed(Journal open) throws SQLException {
        waiting = open.countAfter(meta.acknowledged());
        long last = Math.max(Math.max(meta.last(), open.newestHeld()), meta.acknowledged());
        return new JournalPosition(
                last, meta.acknowledged(), open.oldest(meta.acknowledged(), last), meta.cursor());
    }

    private JournalPosition positionOf(long last, long acknowledged, long cursor)
            throws SQLException {
        return new JournalPosition(last, acknowledged, journal.oldest(acknowledged, last), cursor);
    }

    private void readDocuments() throws SQLException {
        profile = cache.profile();
        PolicyRow said = cache.policy();
        policy = said == null ? FIRST_POLICY : said;
    }
}
