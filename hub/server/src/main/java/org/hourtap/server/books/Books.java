package org.hourtap.server.books;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hourtap.contract.BookId;
import org.hourtap.contract.TransferId;
import org.hourtap.ledger.Account;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.AccountKind;
import org.hourtap.ledger.Balance;
import org.hourtap.ledger.Entry;
import org.hourtap.ledger.Known;
import org.hourtap.ledger.Ledger;
import org.hourtap.ledger.Limits;
import org.hourtap.ledger.OpenDay;
import org.hourtap.ledger.PostOutcome;
import org.hourtap.ledger.Recorded;
import org.hourtap.ledger.Rejection;
import org.hourtap.ledger.Transfer;
import org.jspecify.annotations.Nullable;

/// The books as their one writer has them. Accounts are kept in memory and written once per group
/// of commands; what a failed command did to them is taken back, and after a failed commit
/// everything is read anew. Confined to the bookkeeper thread.
public final class Books {
    private final Sql sql;
    private final TransferRows rows;
    private final Leases leases;
    private final Map<AccountId, Kept> accounts = new HashMap<>();
    private final Map<BookId, Head> heads = new HashMap<>();
    private final Map<BookId, OpenDay> days = new HashMap<>();
    private final Set<AccountId> unwritten = new LinkedHashSet<>();
    // INVARIANT: what every key held when the command began; null where there was nothing.
    private Map<AccountId, @Nullable Kept> before = new HashMap<>();
    private final Map<BookId, @Nullable Head> headsBefore = new HashMap<>();

    /// An account with its number, which is what entries refer to.
    private record Kept(long number, Account account) {}

    /// The newest transfer of a book.
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Head(long sequence, byte[] hash) {}

    Books(Sql sql) {
        this.sql = sql;
        this.rows = new TransferRows(sql);
        this.leases = new Leases(sql);
    }

    /// Opens a book with the accounts every book has, and takes it from any other writer. Opening
    /// it again renames it at most.
    public void openBook(BookId book, String name) throws SQLException {
        leases.take(book);
        sql.update(
                "INSERT INTO book (book_id, name) VALUES (?, ?)"
                        + " ON CONFLICT (book_id) DO UPDATE SET name = excluded.name",
                book.value(),
                name);
        openSingle(book);
    }

    /// Opens the accounts every book has, unless they are.
    void openSingle(BookId book) throws SQLException {
        for (AccountKind kind : AccountKind.values()) {
            if (kind.isSingle()) {
                open(new AccountId(book, kind, ""));
            }
        }
    }

    Leases leases() {
        return leases;
    }

    /// Forgets a book that was in other hands.
    void drop(BookId book) {
        accounts.keySet().removeIf(id -> id.book().equals(book));
        heads.remove(book);
        days.remove(book);
    }

    /// @return whether this is the one writer of the book
    public boolean holds(BookId book) {
        return leases.holds(book);
    }

    /// Opens an account, unless it is open already.
    public void open(AccountId id) throws SQLException {
        if (kept(id) != null) {
            return;
        }
        long number =
                sql.number(
                        "SELECT COALESCE(MAX(number), 0) + 1 FROM account WHERE book_id = ?",
                        id.book().value());
        sql.update(
                "INSERT INTO account (book_id, number, kind, owner, debits, credits, last_entry,"
                        + " is_closed) VALUES (?, ?, ?, ?, 0, 0, 0, 0)",
                id.book().value(),
                number,
                id.kind().name(),
                id.owner());
        keep(new Kept(number, Account.open(id)));
    }

    public Optional<Account> account(AccountId id) throws SQLException {
        return Optional.ofNullable(kept(id)).map(Kept::account);
    }

    /// Sets what the balance of an open account may not leave from now on.
    public void limit(AccountId id, Limits limits) throws SQLException {
        Kept kept = opened(id);
        sql.update(
                "UPDATE account SET least = ?, most = ? WHERE book_id = ? AND number = ?",
                limits.least(),
                limits.most(),
                id.book().value(),
                kept.number());
        keep(new Kept(kept.number(), kept.account().within(limits)));
    }

    /// Closes an open account: nothing may be posted to it any more.
    public void close(AccountId id) throws SQLException {
        Kept kept = opened(id);
        sql.update(
                "UPDATE account SET is_closed = 1 WHERE book_id = ? AND number = ?",
                id.book().value(),
                kept.number());
        keep(new Kept(kept.number(), kept.account().closed()));
    }

    private Kept opened(AccountId id) throws SQLException {
        Kept kept = kept(id);
        if (kept == null) {
            throw new IllegalStateException("not open: " + id);
        }
        return kept;
    }

    /// @return what stands under an id: an entry, or a transfer that was declined
    public Optional<Recorded> recorded(BookId book, TransferId id) throws SQLException {
        return rows.recorded(book, id);
    }

    /// @return the transfer that corrects the original, or decides it if it is pending
    public Optional<TransferId> followerOf(BookId book, Entry original) throws SQLException {
        return rows.followerOf(book, original);
    }

    /// @return the newest transfer's place in the journal and hash; 0 and what stands before the
    ///   first if there is none
    public Head head(BookId book) throws SQLException {
        Head known = heads.get(book);
        if (known == null) {
            known =
                    sql.one(
                                    "SELECT sequence, hash FROM transfer WHERE book_id = ?"
                                            + " ORDER BY sequence DESC LIMIT 1",
                                    row -> new Head(row.getLong(1), row.getBytes(2)),
                                    book.value())
                            .orElseGet(() -> new Head(0, new Chain().first(book.value())));
            heads.put(book, known);
        }
        return known;
    }

    /// @return what was not yet closed when the command began, or since it closed a day itself
    public OpenDay openDay(BookId book) throws SQLException {
        OpenDay known = days.get(book);
        if (known == null) {
            known =
                    sql.one(
                                    "SELECT last_sequence, closed_micros FROM day_close"
                                            + " WHERE book_id = ? ORDER BY number DESC LIMIT 1",
                                    row -> new OpenDay(row.getLong(1) + 1, row.getLong(2)),
                                    book.value())
                            .orElse(OpenDay.EVER);
            days.put(book, known);
        }
        return known;
    }

    /// To be called by what closes a day.
    public void forgetOpenDay(BookId book) {
        days.remove(book);
    }

    /// Decides a transfer by the rules of the ledger and writes what was decided.
    public PostOutcome post(Transfer transfer, long nowMicros) throws SQLException {
        BookId book = transfer.debit().book();
        leases.require(book);
        Kept debit = kept(transfer.debit());
        Kept credit = kept(transfer.credit());
        Recorded recorded = rows.met(book, transfer.id()).orElse(null);
        PostOutcome outcome = Ledger.post(transfer, known(transfer, recorded, debit, credit));
        switch (outcome) {
            case PostOutcome.Posted posted -> {
                if (debit == null || credit == null) {
                    throw new IllegalStateException("posted to an account that does not exist");
                }
                byte[] hash =
                        rows.append(
                                book,
                                posted.entry(),
                                debit.number(),
                                credit.number(),
                                nowMicros,
                                head(book).hash());
                advance(book, new Head(posted.entry().sequence(), hash));
                change(new Kept(debit.number(), posted.debit()));
                change(new Kept(credit.number(), posted.credit()));
            }
            case PostOutcome.Rejected rejected -> {
                if (recorded == null) {
                    decline(transfer, rejected.rejection(), nowMicros);
                }
            }
            case PostOutcome.AlreadyPosted _, PostOutcome.Conflicting _ -> {}
        }
        return outcome;
    }

    /// @return what [#post] would say with its eyes open; nothing is written, and a refusal is not
    ///   kept
    public PostOutcome foresee(Transfer transfer) throws SQLException {
        BookId book = transfer.debit().book();
        leases.require(book);
        Recorded recorded = rows.recorded(book, transfer.id()).orElse(null);
        return Ledger.post(
                transfer,
                known(transfer, recorded, kept(transfer.debit()), kept(transfer.credit())));
    }

    private Known known(
            Transfer transfer,
            @Nullable Recorded recorded,
            @Nullable Kept debit,
            @Nullable Kept credit)
            throws SQLException {
        BookId book = transfer.debit().book();
        TransferId named = transfer.original();
        Entry original = named == null ? null : rows.entry(book, named).orElse(null);
        return new Known(
                recorded,
                debit == null ? null : debit.account(),
                credit == null ? null : credit.account(),
                original,
                original == null ? null : rows.followerOf(book, original).orElse(null),
                head(book).sequence() + 1,
                openDay(book));
    }

    private void decline(Transfer transfer, Rejection rejection, long nowMicros)
            throws SQLException {
        rows.decline(transfer.debit().book(), transfer, rejection, nowMicros);
    }

    /// A group of commands begins.
    ///
    /// @param isTrusting whether ids are taken for new until they are written, all of them at the
    ///   end: then no command may fail, and a [LookAgainException] says that one was not new
    void begin(boolean isTrusting) {
        leases.begin();
        rows.begin(isTrusting);
    }

    void beginCommand() {
        leases.beginCommand();
        // Not cleared: after one large command each clearing would take as long as that.
        before = new HashMap<>();
        headsBefore.clear();
    }

    /// Forgets what the command now rolled back did.
    void undoCommand() {
        leases.undoCommand();
        before.forEach((id, kept) -> {
            if (kept == null) {
                accounts.remove(id);
                unwritten.remove(id);
            } else {
                accounts.put(id, kept);
            }
        });
        days.clear();
        headsBefore.forEach((book, head) -> {
            if (head == null) {
                heads.remove(book);
            } else {
                heads.put(book, head);
            }
        });
        beginCommand();
    }

    /// Writes what waits, and each account that changed once, however many entries touched it.
    void flush() throws SQLException {
        rows.flush();
        Map<BookId, List<AccountRows.Row>> changed = new HashMap<>();
        for (AccountId id : unwritten) {
            Kept kept = accounts.get(id);
            if (kept == null) {
                throw new IllegalStateException("changed and forgotten: " + id);
            }
            changed.computeIfAbsent(id.book(), _ -> new ArrayList<>())
                    .add(new AccountRows.Row(kept.number(), kept.account()));
        }
        for (Map.Entry<BookId, List<AccountRows.Row>> book : changed.entrySet()) {
            AccountRows.update(sql, book.getKey(), book.getValue());
        }
        unwritten.clear();
        leases.check();
    }

    /// What was flushed is committed.
    void committed() {
        leases.committed();
    }

    /// Drops everything kept in memory; it is read again when needed.
    void forget() {
        leases.forget();
        accounts.clear();
        heads.clear();
        days.clear();
        unwritten.clear();
        rows.forget();
        beginCommand();
    }

    private void advance(BookId book, Head head) {
        headsBefore.putIfAbsent(book, heads.get(book));
        heads.put(book, head);
    }

    private void change(Kept kept) {
        keep(kept);
        unwritten.add(kept.account().id());
    }

    private void keep(Kept kept) {
        AccountId id = kept.account().id();
        if (!before.containsKey(id)) {
            before.put(id, accounts.get(id));
        }
        accounts.put(id, kept);
    }

    private @Nullable Kept kept(AccountId id) throws SQLException {
        Kept kept = accounts.get(id);
        if (kept == null) {
            kept =
                    sql.one(
                                    "SELECT * FROM account"
                                            + " WHERE book_id = ? AND kind = ? AND owner = ?",
                                    row -> new Kept(row.getLong("number"), read(id, row)),
                                    id.book().value(),
                                    id.kind().name(),
                                    id.owner())
                            .orElse(null);
            if (kept != null) {
                accounts.put(id, kept);
            }
        }
        return kept;
    }

    static Account read(AccountId id, ResultSet row) throws SQLException {
        return new Account(
                id,
                new Balance(
                        row.getLong("debits"),
                        row.getLong("credits"),
                        row.getLong("pending_debits"),
                        row.getLong("pending_credits")),
                limits(id, row),
                row.getLong("last_entry"),
                row.getLong("is_closed") != 0);
    }

    private static Limits limits(AccountId id, ResultSet row) throws SQLException {
        long least = row.getLong("least");
        return row.wasNull() ? Limits.of(id.kind()) : new Limits(least, row.getLong("most"));
    }
}
