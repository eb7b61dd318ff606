package org.hourtap.server.books;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.hourtap.contract.BookId;
import org.hourtap.contract.TransferId;
import org.hourtap.ledger.Entry;
import org.hourtap.ledger.Stage;
import org.hourtap.ledger.Transfer;

/// The pending transfers that nobody has decided yet. Confined to whoever holds the connection.
public final class Undecided {
    /// More than anyone decides in a day; whatever is beyond comes when these are decided.
    public static final int LIST_MAX = 500;

    /// After so long without an end of its own, somebody is reminded of it: whoever comes every
    /// week was there twice.
    private static final long PATIENCE_MICROS = Duration.ofDays(14).toNanos() / 1_000;

    private final Sql sql;

    public Undecided(Sql sql) {
        this.sql = sql;
    }

    /// Takes in a transfer that is pending, or decides one.
    void note(BookId book, Transfer transfer, long nowMicros) throws SQLException {
        Stage stage = transfer.stage();
        TransferId decides = stage.decides();
        if (decides != null) {
            sql.update(
                    "DELETE FROM undecided WHERE book_id = ? AND id = ?",
                    book.value(),
                    Ids.bytes(decides));
        } else if (stage.kind() == Stage.Kind.PENDING) {
            Long until = stage.untilMicros();
            sql.update(
                    "INSERT INTO undecided VALUES (?, ?, ?)",
                    book.value(),
                    Ids.bytes(transfer.id()),
                    until == null ? nowMicros + PATIENCE_MICROS : until);
        }
    }

    /// @return whether there is one whose time is over, or that has waited for long
    public boolean isDue(BookId book, long nowMicros) throws SQLException {
        return sql.number(
                        "SELECT COUNT(*) FROM (SELECT 1 FROM undecided"
                                + " WHERE book_id = ? AND due_micros <= ? LIMIT 1) AS due",
                        book.value(),
                        nowMicros)
                > 0;
    }

    /// @return those, the earliest first
    public List<Entry> due(BookId book, long nowMicros, int most) throws SQLException {
        return sql.list(
                TransferRows.SELECT_ENTRY
                        + " JOIN undecided u ON u.book_id = t.book_id AND u.id = t.id"
                        + " WHERE u.book_id = ? AND u.due_micros <= ?"
                        + " ORDER BY u.due_micros LIMIT ?",
                row -> TransferRows.readEntry(book, row),
                book.value(),
                nowMicros,
                most);
    }

    /// Somebody was told of it once; it goes on waiting.
    public void remind(BookId book, TransferId id) throws SQLException {
        sql.update(
                "UPDATE undecided SET due_micros = NULL WHERE book_id = ? AND id = ?",
                book.value(),
                Ids.bytes(id));
    }

    /// @return the oldest
    public List<Entry> list(BookId book) throws SQLException {
        return sql.list(
                TransferRows.SELECT_ENTRY
                        + " JOIN undecided u ON u.book_id = t.book_id AND u.id = t.id"
                        + " WHERE u.book_id = ? ORDER BY t.sequence LIMIT ?",
                row -> TransferRows.readEntry(book, row),
                book.value(),
                LIST_MAX);
    }
}
