package org.hourtap.server.inbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hourtap.contract.BookId;
import org.hourtap.contract.EventOutcome;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TransferId;
import org.hourtap.server.books.Ids;
import org.hourtap.server.books.Sql;

/// Every tap as it came, with what became of it. Confined to whoever holds the connection.
public final class Taps {
    public static final int LIST_MAX = 500;

    private final Sql sql;

    public Taps(Sql sql) {
        this.sql = sql;
    }

    /// A tap as kept.
    public record Kept(
            TransferId id,
            String terminal,
            long sequence,
            String kind,
            String card,
            String text,
            long receivedMicros,
            EventOutcome.Outcome outcome,
            String note) {}

    /// What became of a terminal's taps, counted from the taps, the journal and the shifts
    /// themselves rather than from what was said about them.
    ///
    /// @param received all taps, declined ones too
    /// @param welcomed taps at which the terminal welcomed someone
    /// @param posted welcomed taps that are accounted for: hours in the journal, or a shift begun
    public record Count(long received, long welcomed, long posted) {}

    Optional<Kept> tap(BookId book, TransferId id) throws SQLException {
        return sql.one(
                "SELECT * FROM tap WHERE book_id = ? AND id = ?",
                Taps::read,
                book.value(),
                Ids.bytes(id));
    }

    /// @return how often the terminal has used the sequence already
    int uses(BookId book, String terminal, long sequence) throws SQLException {
        return (int)
                sql.number(
                        "SELECT COUNT(*) FROM tap"
                                + " WHERE book_id = ? AND terminal = ? AND sequence = ?",
                        book.value(),
                        terminal,
                        sequence);
    }

    void keep(TapFacts facts, String text, TapPosting.Verdict verdict) throws SQLException {
        TapEvent event = facts.event();
        sql.update(
                "INSERT INTO tap VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                facts.book().value(),
                Ids.bytes(event.id()),
                facts.origin().terminal().value(),
                event.sequence(),
                facts.origin().reuse(),
                event.kind().name(),
                event.card().value(),
                text,
                facts.receivedMicros(),
                facts.hubMicros(),
                verdict.outcome().name(),
                verdict.note());
    }

    /// @return a terminal's taps, newest first
    public List<Kept> list(BookId book, String terminal, long before, int lines)
            throws SQLException {
        return sql.list(
                "SELECT * FROM tap WHERE book_id = ? AND terminal = ? AND sequence < ?"
                        + " ORDER BY sequence DESC, reuse DESC LIMIT ?",
                Taps::read,
                book.value(),
                terminal,
                before,
                Math.min(lines, LIST_MAX));
    }

    /// @return by terminal id; terminals without taps are absent
    public Map<String, Count> counts(BookId book) throws SQLException {
        Map<String, Count> counts = new HashMap<>();
        sql.each(
                "SELECT terminal, COUNT(*) AS received, SUM(kind <> 'DECLINED') AS welcomed,"
                        + " SUM(CASE kind WHEN 'DECLINED' THEN 0"
                        + " WHEN 'SHIFT_IN' THEN EXISTS (SELECT 1 FROM shift"
                        + " WHERE shift.book_id = tap.book_id AND shift.id = tap.id)"
                        + " ELSE EXISTS (SELECT 1 FROM transfer"
                        + " WHERE transfer.book_id = tap.book_id AND transfer.id = tap.id)"
                        + " END) AS posted FROM tap WHERE book_id = ? GROUP BY terminal",
                row ->
                        counts.put(
                                row.getString("terminal"),
                                new Count(
                                        row.getLong("received"),
                                        row.getLong("welcomed"),
                                        row.getLong("posted"))),
                book.value());
        return counts;
    }

    private static Kept read(ResultSet row) throws SQLException {
        return new Kept(
                Ids.read(row, "id"),
                row.getString("terminal"),
                row.getLong("sequence"),
                row.getString("kind"),
                row.getString("card"),
                row.getString("text"),
                row.getLong("received_micros"),
                EventOutcome.Outcome.valueOf(row.getString("outcome")),
                row.getString("note"));
    }
}
