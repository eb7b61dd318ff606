package org.hourtap.server.books;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.hourtap.contract.BookId;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.AccountKind;
import org.hourtap.ledger.Asset;
import org.hourtap.ledger.Balance;
import org.hourtap.ledger.Side;
import org.hourtap.runtime.Engine;
import org.hourtap.runtime.StorageFault;
import org.jspecify.annotations.Nullable;

/// Whether journal and accounts are what was written: every hash follows from the row and the hash
/// before it, every balance from the rows before it, and every account's total from its rows.
///
/// It reads the tables as they lie, without their indexes, and believes nothing the hub keeps for
/// its own use. What it cannot know is whether the newest rows were cut off, or the whole book made
/// anew; for that, compare the head with one that was written down elsewhere.
///
/// A large journal is read in ranges, several at once ([JournalRanges]). There a row is hashed from
/// the stored hash of the row before it, which proves it only if that one is proved; so the rows
/// are then gone through once more in order, by one thread, where each book's first row of each
/// range is hashed from the hash reached until there. Nothing is taken from one range on trust in
/// another.
public final class ChainCheck {
    /// Rows between two calls of the progress line: a few seconds.
    private static final int PROGRESS_ROWS = 1_000_000;

    private static final String SQLITE_ROWS = " FROM transfer NOT INDEXED ORDER BY rowid";
    private static final String POSTGRES_ROWS = " FROM transfer ORDER BY book_id, sequence";
    private static final String ACCOUNTS =
            "SELECT book_id, number, kind, owner, debits, credits, last_entry";

    private final Chain chain = new Chain();
    private final Map<String, Reading> books = new LinkedHashMap<>();
    private final LongConsumer progress;
    private long rows;

    /// What came of a book.
    ///
    /// @param transfers how many hold, from the first on
    /// @param head the last of them as `book/number/hash`, which is what to write down elsewhere
    /// @param fault the first thing that does not hold; absent if everything does
    public record Verdict(String book, long transfers, String head, @Nullable String fault) {}

    /// A book as far as it was read.
    private static final class Reading {
        private final Map<Long, Tally> accounts = new HashMap<>();
        // By id: as many as wait for a decision at one time.
        private final Map<ByteBuffer, TransferRow> undecided = new HashMap<>();
        private byte[] head;
        private long sequence;
        private @Nullable String fault;

        Reading(byte[] first) {
            head = first;
        }
    }

    private static final class Tally {
        private final String name;
        private final Side carries;
        private final Asset asset;
        private final Balance kept;
        private final long keptLast;
        private Balance recounted = Balance.ZERO;
        private long last;

        Tally(AccountId id, Balance kept, long keptLast) {
            this.name = id.name();
            this.carries = id.kind().carries();
            this.asset = id.kind().asset();
            this.kept = kept;
            this.keptLast = keptLast;
        }

        void move(Side side, long minutes) {
            boolean isDebit = side == Side.DEBIT;
            recounted =
                    new Balance(
                            isDebit
                                    ? Math.addExact(recounted.debits(), minutes)
                                    : recounted.debits(),
                            isDebit
                                    ? recounted.credits()
                                    : Math.addExact(recounted.credits(), minutes),
                            recounted.pendingDebits(),
                            recounted.pendingCredits());
        }
    }

    /// What a range already knows of a row.
    enum Link {
        /// Its hash follows from it and the stored hash of the row before it in its book.
        FOLLOWS,
        DOES_NOT_FOLLOW,
        /// The row before it in its book is not in the range.
        UNKNOWN
    }

    private ChainCheck(LongConsumer progress) {
        this.progress = progress;
    }

    /// Reads what one snapshot shows, on the caller's thread: on every engine.
    public static List<Verdict> verify(Sql sql, LongConsumer progress) throws SQLException {
        ChainCheck check = started(sql, progress);
        sql.each(
                "SELECT "
                        + TransferRow.columns(TransferRow.hasStages(sql))
                        + (sql.engine() == Engine.SQLITE ? SQLITE_ROWS : POSTGRES_ROWS),
                row -> check.transfer(TransferRow.read(row), Link.UNKNOWN));
        return check.verdicts();
    }

    /// The same for a SQLite file, on as many threads as there are processors. What is proved is
    /// the state that the snapshot shows, accounts and all: rows after its last one are left out,
    /// and those up to there are never changed by a hub, so it does not matter when they are read.
    ///
    /// @param snapshot a transaction on the file
    public static List<Verdict> verify(Sql snapshot, Path file, LongConsumer progress)
            throws SQLException {
        return verify(snapshot, JournalRanges.of(file), progress);
    }

    static List<Verdict> verify(Sql snapshot, JournalRanges ranges, LongConsumer progress)
            throws SQLException {
        ChainCheck check = started(snapshot, progress);
        ranges.read(
                snapshot,
                check::name,
                new JournalRanges.EachRow() {
                    @Override
                    public void read(TransferRow row, Link link) {
                        check.transfer(row, link);
                    }

                    @Override
                    public void unreadable(long rowid) throws SQLException {
                        check.unreadable(snapshot, rowid);
                    }
                });
        return check.verdicts();
    }

    private static ChainCheck started(Sql sql, LongConsumer progress) throws SQLException {
        ChainCheck check = new ChainCheck(progress);
        sql.each("SELECT book_id FROM book", row -> check.begin(row.getString(1)));
        boolean hasStages = TransferRow.hasStages(sql);
        sql.each(
                ACCOUNTS
                        + (hasStages ? ", pending_debits, pending_credits" : ", 0, 0")
                        + " FROM account",
                check::account);
        return check;
    }

    /// @param head as in a [Verdict], of an earlier day
    /// @return whether that transfer is in the journal with that hash
    public static boolean holds(Sql sql, String head) throws SQLException {
        String[] parts = head.split("/", 3);
        if (parts.length != 3 || !parts[1].matches("[0-9]{1,18}")) {
            throw new IllegalArgumentException(
                    "A head is written book/number/hash, not " + head + ".");
        }
        long sequence = Long.parseLong(parts[1]);
        return sql.one(
                        "SELECT hash FROM transfer WHERE book_id = ? AND sequence = ?",
                        row -> row.getBytes(1),
                        parts[0],
                        sequence)
                .filter(hash -> head(parts[0], sequence, hash).equalsIgnoreCase(head))
                .isPresent();
    }

    private static String head(String book, long sequence, byte[] hash) {
        return book + "/" + sequence + "/" + HexFormat.of().formatHex(hash);
    }

    private Reading begin(String book) {
        return books.computeIfAbsent(book, id -> new Reading(chain.first(id)));
    }

    private void account(ResultSet row) throws SQLException {
        String book = row.getString(1);
        Reading reading = begin(book);
        String kind = row.getString(3);
        String owner = row.getString(4);
        try {
            AccountId id = new AccountId(new BookId(book), AccountKind.valueOf(kind), owner);
            reading.accounts.put(
                    row.getLong(2),
                    new Tally(
                            id,
                            new Balance(
                                    row.getLong(5), row.getLong(6), row.getLong(8), row.getLong(9)),
                            row.getLong(7)));
        } catch (IllegalArgumentException e) {
            reading.fault = "account " + kind + ":" + owner + " is none of ours: " + e.getMessage();
        }
    }

    /// Any thread, as long as no row is taken in.
    private @Nullable String name(String book, long account) {
        Reading reading = books.get(book);
        Tally tally = reading == null ? null : reading.accounts.get(account);
        return tally == null ? null : tally.name;
    }

    private void transfer(TransferRow row, Link link) {
        if (++rows % PROGRESS_ROWS == 0) {
            progress.accept(rows);
        }
        Reading reading = begin(row.book());
        if (reading.fault == null) {
            String wrong = wrong(reading, row, link);
            if (!wrong.isEmpty()) {
                reading.fault = "transfer " + row.sequence() + " does not hold: " + wrong;
            }
        }
    }

    /// A row that SQLite cannot read ends all reading. Which one it is an index may still know.
    private void unreadable(Sql sql, long rowid) throws SQLException {
        Map<String, Long> known = new HashMap<>();
        try {
            sql.each(
                    "SELECT book_id, sequence FROM transfer"
                            + JournalRanges.BY_INDEX
                            + " WHERE +rowid = ?",
                    row -> known.put(row.getString(1), row.getLong(2)),
                    rowid);
        } catch (SQLException e) {
            if (StorageFault.of(e) != StorageFault.DAMAGED) {
                throw e;
            }
            sql.forgetPrepared();
        }
        books.forEach((book, reading) -> {
            Long sequence = known.get(book);
            if (known.isEmpty()) {
                sequence = reading.sequence + 1;
            }
            if (reading.fault == null) {
                reading.fault =
                        sequence == null
                                ? "what follows transfer "
                                        + reading.sequence
                                        + " was not looked at: a transfer of another book cannot be"
                                        + " read"
                                : "transfer "
                                        + sequence
                                        + " does not hold: it cannot be read, the file is damaged"
                                        + " there";
            }
        });
    }

    /// Takes the row in.
    ///
    /// @return what is wrong with it, empty if nothing is
    private String wrong(Reading reading, TransferRow row, Link link) {
        if (row.sequence() != reading.sequence + 1) {
            return "transfer " + (reading.sequence + 1) + " should stand here";
        }
        Tally debit = reading.accounts.get(row.debit());
        Tally credit = reading.accounts.get(row.credit());
        if (debit == null || credit == null) {
            return "one of its accounts does not exist";
        }
        byte[] hash = row.hash();
        if (hash == null || !isHash(hash, reading, row, link, debit, credit)) {
            return "it is not what was hashed when it was posted, or the one before it is not";
        }
        if (debit.asset != credit.asset) {
            return "one of its accounts is kept in minutes and the other in pence";
        }
        if (row.debitPrevious() != debit.last || row.creditPrevious() != credit.last) {
            return "it does not follow the entries before it";
        }
        if (!isTakenIn(reading, row, debit, credit)) {
            return "the transfer that it decides is not pending, or not like that";
        }
        debit.last = row.sequence();
        credit.last = row.sequence();
        reading.head = hash;
        reading.sequence = row.sequence();
        boolean isReckoned =
                debit.recounted.on(debit.carries) == row.debitBalance()
                        && credit.recounted.on(credit.carries) == row.creditBalance();
        return isReckoned ? "" : "its balances are not those of the entries before it";
    }

    /// Adds it to what was counted so far, and to what is pending.
    private static boolean isTakenIn(Reading reading, TransferRow row, Tally debit, Tally credit) {
        if (row.isPlain()) {
            debit.move(Side.DEBIT, row.minutes());
            credit.move(Side.CREDIT, row.minutes());
            return true;
        }
        if (row.stage().equals("PENDING")) {
            reading.undecided.put(row.id(), row);
            hold(debit, credit, row.minutes());
            return true;
        }
        TransferRow pending = reading.undecided.remove(row.decides());
        if (pending == null
                || pending.debit() != row.debit()
                || pending.credit() != row.credit()
                || pending.minutes() < row.minutes()) {
            return false;
        }
        hold(debit, credit, -pending.minutes());
        if (row.stage().equals("POSTS")) {
            debit.move(Side.DEBIT, row.minutes());
            credit.move(Side.CREDIT, row.minutes());
        }
        return true;
    }

    private static void hold(Tally debit, Tally credit, long minutes) {
        debit.recounted = debit.recounted.hold(Side.DEBIT, minutes);
        credit.recounted = credit.recounted.hold(Side.CREDIT, minutes);
    }

    private boolean isHash(
            byte[] hash, Reading reading, TransferRow row, Link link, Tally debit, Tally credit) {
        return switch (link) {
            case FOLLOWS -> true; // from the row before in its book, which holds: no fault so far
            case DOES_NOT_FOLLOW -> false;
            case UNKNOWN ->
                    Arrays.equals(hash, row.hash(chain, reading.head, debit.name, credit.name));
        };
    }

    private List<Verdict> verdicts() {
        List<Verdict> verdicts = new ArrayList<>();
        books.forEach((book, reading) -> {
            String fault = reading.fault != null ? reading.fault : accountFault(reading);
            verdicts.add(
                    new Verdict(
                            book,
                            reading.sequence,
                            head(book, reading.sequence, reading.head),
                            fault));
        });
        return verdicts;
    }

    private static @Nullable String accountFault(Reading reading) {
        for (Tally account : reading.accounts.values()) {
            if (!account.kept.equals(account.recounted) || account.keptLast != account.last) {
                return "account "
                        + account.name
                        + " does not hold: it says "
                        + account.kept
                        + " up to transfer "
                        + account.keptLast
                        + ", its transfers say "
                        + account.recounted
                        + " up to "
                        + account.last;
            }
        }
        return null;
    }
}
