package org.hourtap.server.books;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hourtap.contract.BookId;
import org.hourtap.contract.SignedHead;
import org.hourtap.contract.TransferId;
import org.hourtap.ledger.Account;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.AccountKind;
import org.hourtap.ledger.Balance;
import org.hourtap.ledger.Entry;
import org.hourtap.ledger.Limits;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Side;
import org.hourtap.ledger.Transfer;
import org.hourtap.ledger.TrialBalance;
import org.hourtap.server.certificates.HeadKey;

/// Read-only questions to the books. Confined to whoever holds the connection.
public final class Statements {
    /// A screenful or two; more is asked for by position.
    public static final int LINES_MAX = 500;

    private final Sql sql;

    public Statements(Sql sql) {
        this.sql = sql;
    }

    /// One line of a statement.
    ///
    /// @param minutes what the entry did to the account's balance; negative when it fell, 0 for one
    ///   that holds hours or lets them go
    /// @param balance the balance after it, on the side the account carries
    public record Line(Entry entry, long postedMicros, long minutes, long balance) {}

    /// One line of the journal.
    public record JournalLine(Entry entry, long postedMicros) {}

    /// An account with what people call it, as it stood after some transfer.
    ///
    /// @param name empty if it has none
    public record Standing(AccountId account, String name, Balance balance, Limits limits) {
        /// @return minutes on the side the account carries
        public long carried() {
            return balance.on(account.kind().carries());
        }
    }

    /// What moved between venues and one kind of account for one reason.
    ///
    /// @param isIn whether the hours came to the venue
    public record Turnover(
            String venue, Reason reason, boolean isIn, long transfers, long minutes) {}

    /// The newest head of a book, signed now.
    ///
    /// @param nowMicros the hub's clock, microseconds since 1970
    /// @return empty as long as the book has no transfer
    public Optional<SignedHead> signedHead(BookId book, HeadKey key, long nowMicros)
            throws SQLException {
        return sql.one(
                "SELECT sequence, hash FROM transfer WHERE book_id = ?"
                        + " ORDER BY sequence DESC LIMIT 1",
                row ->
                        key.sign(
                                book,
                                row.getLong(1),
                                HexFormat.of().formatHex(row.getBytes(2)),
                                nowMicros),
                book.value());
    }

    public Optional<Account> account(AccountId id) throws SQLException {
        return sql.one(
                "SELECT * FROM account WHERE book_id = ? AND kind = ? AND owner = ?",
                row -> Books.read(id, row),
                id.book().value(),
                id.kind().name(),
                id.owner());
    }

    public List<Account> accounts(BookId book) throws SQLException {
        return sql.list(
                "SELECT * FROM account WHERE book_id = ? ORDER BY number",
                row -> read(book, row),
                book.value());
    }

    private static Account read(BookId book, ResultSet row) throws SQLException {
        return Books.read(
                new AccountId(
                        book, AccountKind.valueOf(row.getString("kind")), row.getString("owner")),
                row);
    }

    /// All accounts as they stood after a transfer: as they stand now, less what came since.
    ///
    /// @param asOf its sequence; from the newest on, how they stand now
    public List<Standing> standings(BookId book, long asOf) throws SQLException {
        Map<Long, Long> debited = since(book, "debit", asOf);
        Map<Long, Long> credited = since(book, "credit", asOf);
        Map<Long, Long> debitsHeld = heldSince(book, "debit", asOf);
        Map<Long, Long> creditsHeld = heldSince(book, "credit", asOf);
        return sql.list(
                "SELECT * FROM account WHERE book_id = ? ORDER BY number",
                row -> {
                    long number = row.getLong("number");
                    Account account = read(book, row);
                    Balance now = account.balance();
                    return new Standing(
                            account.id(),
                            row.getString("name"),
                            new Balance(
                                    now.debits() - debited.getOrDefault(number, 0L),
                                    now.credits() - credited.getOrDefault(number, 0L),
                                    now.pendingDebits() - debitsHeld.getOrDefault(number, 0L),
                                    now.pendingCredits() - creditsHeld.getOrDefault(number, 0L)),
                            account.limits());
                },
                book.value());
    }

    /// @param side `debit` or `credit`
    /// @return by account number, minutes that are pending since after that one, less those that
    ///   were decided since
    private Map<Long, Long> heldSince(BookId book, String side, long asOf) throws SQLException {
        Map<Long, Long> minutes = new HashMap<>();
        sql.each(
                "SELECT t."
                        + side
                        + ", CAST(SUM(CASE WHEN t.stage = 'PENDING' THEN t.minutes"
                        + " ELSE -p.minutes END) AS BIGINT) FROM transfer t"
                        + " LEFT JOIN transfer p ON p.book_id = t.book_id AND p.id = t.decides"
                        + " WHERE t.book_id = ? AND t.sequence > ? AND t.stage IS NOT NULL"
                        + " GROUP BY t."
                        + side,
                row -> minutes.put(row.getLong(1), row.getLong(2)),
                book.value(),
                asOf);
        return minutes;
    }

    /// @param side `debit` or `credit`
    /// @return by account number, minutes of the transfers after that one
    private Map<Long, Long> since(BookId book, String side, long asOf) throws SQLException {
        Map<Long, Long> minutes = new HashMap<>();
        sql.each(
                "SELECT "
                        + side
                        + ", CAST(SUM(minutes) AS BIGINT) FROM transfer"
                        + " WHERE book_id = ? AND sequence > ?"
                        + " AND (stage IS NULL OR stage = 'POSTS') GROUP BY "
                        + side,
                row -> minutes.put(row.getLong(1), row.getLong(2)),
                book.value(),
                asOf);
        return minutes;
    }

    /// What venues took and gave back in a stretch of the journal, by venue and reason.
    ///
    /// @param kind VENUE for hours, TILL for cash
    /// @param after the sequence before the first
    public List<Turnover> turnover(BookId book, AccountKind kind, long after, long through)
            throws SQLException {
        List<Turnover> all = new ArrayList<>(turnover(book, kind, "credit", after, through));
        all.addAll(turnover(book, kind, "debit", after, through));
        return all;
    }

    private List<Turnover> turnover(
            BookId book, AccountKind kind, String side, long after, long through)
            throws SQLException {
        return sql.list(
                "SELECT a.owner, t.reason, COUNT(*), CAST(SUM(t.minutes) AS BIGINT)"
                        + " FROM transfer t JOIN account a"
                        + " ON a.book_id = t.book_id AND a.kind = ? AND a.number = t."
                        + side
                        + " WHERE t.book_id = ? AND t.sequence > ? AND t.sequence <= ?"
                        + " AND (t.stage IS NULL OR t.stage = 'POSTS')"
                        + " GROUP BY a.owner, t.reason ORDER BY a.owner, t.reason",
                row ->
                        new Turnover(
                                row.getString(1),
                                Reason.valueOf(row.getString(2)),
                                side.equals("credit"),
                                row.getLong(3),
                                row.getLong(4)),
                kind.name(),
                book.value(),
                after,
                through);
    }

    /// @return the newest transfer's sequence, 0 if there is none
    public long last(BookId book) throws SQLException {
        return sql.number(
                "SELECT COALESCE(MAX(sequence), 0) FROM transfer WHERE book_id = ?", book.value());
    }

    /// The account's newest lines, newest first, by following its entries back.
    ///
    /// @param before only entries older than this sequence; `Long.MAX_VALUE` to start at the newest
    public List<Line> statement(AccountId id, long before, int lines) throws SQLException {
        Optional<Account> account = account(id);
        List<Line> statement = new ArrayList<>();
        long at = account.map(Account::lastEntry).orElse(0L);
        while (at > 0 && statement.size() < Math.min(lines, LINES_MAX)) {
            JournalLine line = journalLine(id.book(), at);
            Entry entry = line.entry();
            boolean isDebit = entry.transfer().debit().equals(id);
            if (at < before) {
                statement.add(line(id, line, isDebit));
            }
            at = isDebit ? entry.debitPrevious() : entry.creditPrevious();
        }
        return statement;
    }

    /// The journal in order.
    ///
    /// @param after the sequence to continue after, 0 for the start
    public List<JournalLine> journal(BookId book, long after, int lines) throws SQLException {
        return sql.list(
                TransferRows.SELECT_ENTRY
                        + " WHERE t.book_id = ? AND t.sequence > ? ORDER BY t.sequence LIMIT ?",
                row ->
                        new JournalLine(
                                TransferRows.readEntry(book, row), row.getLong("posted_micros")),
                book.value(),
                after,
                Math.min(lines, LINES_MAX));
    }

    public Optional<Entry> entry(BookId book, TransferId id) throws SQLException {
        return new TransferRows(sql).entry(book, id);
    }

    /// Recomputes every balance from the journal; reads the whole book.
    public TrialBalance trialBalance(BookId book) throws SQLException {
        TrialBalance.Recount recount = new TrialBalance.Recount();
        sql.each(
                TransferRows.SELECT_ENTRY + " WHERE t.book_id = ? ORDER BY t.sequence",
                row -> recount.add(TransferRows.readEntry(book, row)),
                book.value());
        return recount.against(accounts(book));
    }

    private JournalLine journalLine(BookId book, long sequence) throws SQLException {
        return sql.one(
                        TransferRows.SELECT_ENTRY + " WHERE t.book_id = ? AND t.sequence = ?",
                        row ->
                                new JournalLine(
                                        TransferRows.readEntry(book, row),
                                        row.getLong("posted_micros")),
                        book.value(),
                        sequence)
                .orElseThrow(() -> new SQLException("entry " + sequence + " is missing"));
    }

    private static Line line(AccountId id, JournalLine line, boolean isDebit) {
        Entry entry = line.entry();
        Transfer transfer = entry.transfer();
        long units = transfer.stage().moves() ? transfer.amount().units() : 0;
        boolean falls = isDebit == (id.kind().carries() == Side.CREDIT);
        return new Line(
                entry,
                line.postedMicros(),
                falls ? -units : units,
                isDebit ? entry.debitBalance() : entry.creditBalance());
    }
}
