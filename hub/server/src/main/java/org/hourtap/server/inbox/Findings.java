package org.hourtap.server.inbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.hourtap.contract.BookId;
import org.hourtap.server.books.Sql;

/// Where findings are kept. Confined to whoever holds the connection.
public final class Findings {
    public static final int LIST_MAX = 500;

    /// Of findings that strangers can cause, so that nobody can fill the disk with them.
    private static final int STRANGERS_MAX = 1_000;

    private final Sql sql;

    public Findings(Sql sql) {
        this.sql = sql;
    }

    /// A finding with its place in the list.
    public record Kept(long number, Finding finding, long foundMicros) {}

    /// Keeps a finding, unless the very same is there: what is sent again is not found again.
    public void keep(BookId book, Finding finding, long nowMicros) throws SQLException {
        long same =
                sql.number(
                        "SELECT COUNT(*) FROM finding WHERE book_id = ? AND terminal = ?"
                                + " AND sequence = ? AND kind = ? AND text = ? AND note = ?",
                        book.value(),
                        finding.terminal(),
                        finding.sequence(),
                        finding.kind().name(),
                        finding.text(),
                        finding.note());
        if (same > 0) {
            return;
        }
        sql.update(
                "INSERT INTO finding VALUES (?,"
                        + " (SELECT COALESCE(MAX(number), 0) + 1 FROM finding WHERE book_id = ?),"
                        + " ?, ?, ?, ?, ?, ?, ?, ?)",
                book.value(),
                book.value(),
                finding.kind().name(),
                finding.terminal(),
                finding.sequence(),
                finding.card(),
                finding.note(),
                finding.text(),
                finding.otherText(),
                nowMicros);
    }

    /// Keeps a finding that a stranger may have caused, while there are not too many of its kind.
    public void keepBounded(BookId book, Finding finding, long nowMicros) throws SQLException {
        long already =
                sql.number(
                        "SELECT COUNT(*) FROM finding WHERE book_id = ? AND kind = ?",
                        book.value(),
                        finding.kind().name());
        if (already < STRANGERS_MAX) {
            keep(book, finding, nowMicros);
        }
    }

    /// @return newest first, older than `before`
    public List<Kept> list(BookId book, long before, int lines) throws SQLException {
        return sql.list(
                "SELECT * FROM finding WHERE book_id = ? AND number < ?"
                        + " ORDER BY number DESC LIMIT ?",
                Findings::read,
                book.value(),
                before,
                Math.min(lines, LIST_MAX));
    }

    /// @return how many of the texts, from the first, are the ones kept as unreadable at the end of
    ///   what is known of this terminal; then they are being sent again
    int unreadableSeenBefore(BookId book, String terminal, long last, List<String> texts)
            throws SQLException {
        for (int count = (int) Math.min(last, texts.size()); count > 0; count--) {
            if (areUnreadable(book, terminal, last - count, texts.subList(0, count))) {
                return count;
            }
        }
        return 0;
    }

    private boolean areUnreadable(BookId book, String terminal, long after, List<String> texts)
            throws SQLException {
        long sequence = after;
        for (String text : texts) {
            sequence++;
            long same =
                    sql.number(
                            "SELECT COUNT(*) FROM finding WHERE book_id = ? AND terminal = ?"
                                    + " AND sequence = ? AND kind = 'UNREADABLE' AND text = ?",
                            book.value(),
                            terminal,
                            sequence,
                            text);
            if (same == 0) {
                return false;
            }
        }
        return true;
    }

    private static Kept read(ResultSet row) throws SQLException {
        return new Kept(
                row.getLong("number"),
                new Finding(
                        Finding.Kind.valueOf(row.getString("kind")),
                        row.getString("terminal"),
                        row.getLong("sequence"),
                        row.getString("card"),
                        row.getString("note"),
                        row.getString("text"),
                        row.getString("other_text")),
                row.getLong("found_micros"));
    }
}
