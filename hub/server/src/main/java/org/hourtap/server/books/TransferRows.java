package org.hourtap.server.books;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.hourtap.contract.BookId;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.TransferId;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.AccountKind;
import org.hourtap.ledger.Amount;
import org.hourtap.ledger.Entry;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Recorded;
import org.hourtap.ledger.Rejection;
import org.hourtap.ledger.Stage;
import org.hourtap.ledger.TapOrigin;
import org.hourtap.ledger.Transfer;
import org.jspecify.annotations.Nullable;

/// Transfers to rows and back. The column `minutes` is in what the debit account counts: the name
/// is from before there was a memo of cash.
final class TransferRows {
    /// An entry with both accounts' names, which the row itself only numbers.
    static final String SELECT_ENTRY =
            "SELECT t.*, d.kind AS debit_kind, d.owner AS debit_owner,"
                    + " c.kind AS credit_kind, c.owner AS credit_owner FROM transfer t"
                    + " JOIN account d ON d.book_id = t.book_id AND d.number = t.debit"
                    + " JOIN account c ON c.book_id = t.book_id AND c.number = t.credit";

    static final String INSERT =
            "INSERT INTO transfer VALUES"
                    + " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private final Sql sql;
    private final Chain chain = new Chain();
    private final Unwritten unwritten;
    private boolean isTrusting;

    TransferRows(Sql sql) {
        this.sql = sql;
        this.unwritten = new Unwritten(sql);
    }

    /// A group of commands begins.
    ///
    /// @param trusting whether ids are taken for new until they are written at the end
    void begin(boolean trusting) {
        isTrusting = trusting;
    }

    void flush() throws SQLException {
        unwritten.flush();
    }

    /// Drops what was not written.
    void forget() {
        unwritten.forget();
    }

    /// @return what is known of a transfer's id when it is to be posted
    Optional<Recorded> met(BookId book, TransferId id) throws SQLException {
        return isTrusting
                ? unwritten.entry(book, id).map(Recorded.class::cast)
                : recorded(book, id);
    }

    Optional<Recorded> recorded(BookId book, TransferId id) throws SQLException {
        Optional<Recorded> entry = entry(book, id).map(Recorded.class::cast);
        return entry.isPresent()
                ? entry
                : sql.one(
                        "SELECT * FROM declined WHERE book_id = ? AND id = ?",
                        row -> readDeclined(book, row),
                        book.value(),
                        Ids.bytes(id));
    }

    Optional<Entry> entry(BookId book, TransferId id) throws SQLException {
        Optional<Entry> waiting = unwritten.entry(book, id);
        if (waiting.isPresent()) {
            return waiting;
        }
        return sql.one(
                SELECT_ENTRY + " WHERE t.book_id = ? AND t.id = ?",
                row -> readEntry(book, row),
                book.value(),
                Ids.bytes(id));
    }

    /// @return the transfer that corrects the original, or decides it if it is pending
    Optional<TransferId> followerOf(BookId book, Entry original) throws SQLException {
        TransferId id = original.transfer().id();
        Optional<TransferId> waiting = unwritten.followerOf(book, id);
        if (waiting.isPresent()) {
            return waiting;
        }
        boolean isPending = original.transfer().stage().kind() == Stage.Kind.PENDING;
        return sql.one(
                isPending
                        ? "SELECT id FROM transfer WHERE book_id = ? AND decides = ?"
                        : "SELECT id FROM transfer WHERE book_id = ? AND corrects = ?",
                row -> Ids.read(row, "id"),
                book.value(),
                Ids.bytes(id));
    }

    /// @param previous the hash of the entry before
    /// @return the hash of this one
    byte[] append(
            BookId book, Entry entry, long debit, long credit, long nowMicros, byte[] previous)
            throws SQLException {
        Transfer transfer = entry.transfer();
        TapOrigin origin = transfer.origin();
        Stage stage = transfer.stage();
        TransferRow row =
                new TransferRow(
                        book.value(),
                        entry.sequence(),
                        Ids.bytes(transfer.id()),
                        debit,
                        credit,
                        transfer.amount().units(),
                        transfer.reason().name(),
                        Ids.bytesOrNull(transfer.corrects()),
                        origin == null ? null : origin.terminal().value(),
                        origin == null ? null : (Long) origin.sequence(),
                        origin == null ? null : (Long) (long) origin.reuse(),
                        (long) transfer.id().leg(),
                        transfer.eventMicros(),
                        nowMicros,
                        entry.debitPrevious(),
                        entry.creditPrevious(),
                        entry.debitBalance(),
                        entry.creditBalance(),
                        null,
                        name(stage),
                        Ids.bytesOrNull(stage.decides()),
                        stage.untilMicros());
        byte[] hash = row.hash(chain, previous, transfer.debit().name(), transfer.credit().name());
        if (isTrusting) {
            unwritten.add(book, entry, row.with(hash));
        } else {
            sql.update(INSERT, row.with(hash));
        }
        if (!stage.isPlain()) {
            new Undecided(sql).note(book, transfer, nowMicros);
        }
        return hash;
    }

    void decline(BookId book, Transfer transfer, Rejection rejection, long nowMicros)
            throws SQLException {
        if (isTrusting) {
            // It is refused as if it were new, and that it is new nobody has looked up.
            throw new LookAgainException(null);
        }
        TapOrigin origin = transfer.origin();
        sql.update(
                "INSERT INTO declined VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                book.value(),
                Ids.bytes(transfer.id()),
                transfer.debit().toString(),
                transfer.credit().toString(),
                transfer.amount().units(),
                transfer.reason().name(),
                Ids.bytesOrNull(transfer.corrects()),
                origin == null ? null : origin.terminal().value(),
                origin == null ? null : origin.sequence(),
                origin == null ? null : origin.reuse(),
                transfer.eventMicros(),
                rejection.name(),
                nowMicros,
                name(transfer.stage()),
                Ids.bytesOrNull(transfer.stage().decides()),
                transfer.stage().untilMicros());
    }

    static Entry readEntry(BookId book, ResultSet row) throws SQLException {
        Transfer transfer =
                readTransfer(row, account(book, row, "debit"), account(book, row, "credit"));
        return new Entry(
                row.getLong("sequence"),
                transfer,
                row.getLong("debit_previous"),
                row.getLong("credit_previous"),
                row.getLong("debit_balance"),
                row.getLong("credit_balance"));
    }

    private static Recorded readDeclined(BookId book, ResultSet row) throws SQLException {
        Transfer transfer =
                readTransfer(
                        row,
                        named(book, row.getString("debit")),
                        named(book, row.getString("credit")));
        return new Recorded.Declined(transfer, Rejection.valueOf(row.getString("rejection")));
    }

    private static Transfer readTransfer(ResultSet row, AccountId debit, AccountId credit)
            throws SQLException {
        return new Transfer(
                Ids.read(row, "id"),
                debit,
                credit,
                new Amount(debit.kind().asset(), row.getLong("minutes")),
                Reason.valueOf(row.getString("reason")),
                Ids.readOrNull(row, "corrects"),
                origin(row),
                row.getLong("event_micros"),
                stage(row));
    }

    private static @Nullable String name(Stage stage) {
        return stage.isPlain() ? null : stage.kind().name();
    }

    private static Stage stage(ResultSet row) throws SQLException {
        String kind = row.getString("stage");
        if (kind == null) {
            return Stage.PLAIN;
        }
        long until = row.getLong("until_micros");
        Long untilMicros = row.wasNull() ? null : Long.valueOf(until);
        return new Stage(Stage.Kind.valueOf(kind), Ids.readOrNull(row, "decides"), untilMicros);
    }

    private static @Nullable TapOrigin origin(ResultSet row) throws SQLException {
        String terminal = row.getString("terminal");
        return terminal == null
                ? null
                : new TapOrigin(
                        new TerminalId(terminal),
                        row.getLong("tap_sequence"),
                        row.getInt("tap_reuse"));
    }

    /// @param side `debit` or `credit`, in a row of [#SELECT_ENTRY]
    static AccountId account(BookId book, ResultSet row, String side) throws SQLException {
        return new AccountId(
                book,
                AccountKind.valueOf(row.getString(side + "_kind")),
                row.getString(side + "_owner"));
    }

    /// The reverse of [AccountId#toString]: `book/KIND:owner`. The book is written out because a
    /// refused transfer may well have named another one.
    private static AccountId named(BookId book, String text) {
        int slash = text.indexOf('/');
        String name = text.substring(slash + 1);
        int colon = name.indexOf(':');
        String written = text.substring(0, slash);
        return new AccountId(
                written.equals(book.value()) ? book : new BookId(written),
                AccountKind.valueOf(colon < 0 ? name : name.substring(0, colon)),
                colon < 0 ? "" : name.substring(colon + 1));
    }
}
