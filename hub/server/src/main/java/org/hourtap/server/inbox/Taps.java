package org.hourtap.server.inbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hourtap.contract.BookId;
import org.hourtap.contract.CardRecord;
import org.hourtap.contract.EventOutcome;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.TransferId;
import org.hourtap.server.books.Ids;
import org.hourtap.server.books.Sql;
import org.hourtap.server.cards.CardMacs;
import org.jspecify.annotations.Nullable;

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
            int reuse,
            TapEvent.Kind kind,
            String card,
            String text,
            @Nullable String record,
            @Nullable Long counter,
            CardMacs.Verdict mac,
            long receivedMicros,
            EventOutcome.Outcome outcome,
            String note) {
        /// @return whether only a card has told of it so far
        public boolean isBroughtOnly() {
            return text.isEmpty();
        }

        /// @return its terminal's words if there are any, else the card's
        String told() {
            return isBroughtOnly() ? String.valueOf(record) : text;
        }
    }

    /// From whom the hub has a tap.
    ///
    /// @param text its terminal's words, empty if only a card told of it
    /// @param record the card's, in hexadecimal digits
    /// @param broughtTo the terminal that read the card
    record Heard(String text, @Nullable String record, @Nullable TerminalId broughtTo) {
        static Heard fromTerminal(String text) {
            return new Heard(text, null, null);
        }

        static Heard fromCard(String record, TerminalId broughtTo) {
            return new Heard("", record, broughtTo);
        }
    }

    /// What became of a terminal's taps, counted from the taps, the journal and the shifts
    /// themselves rather than from what was said about them.
    ///
    /// @param received all taps, declined and torn ones too
    /// @param welcomed taps at which the terminal welcomed someone, also those that only a card
    ///   told of
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

    /// @return how many of these positions are known, which only cards can have told of if the
    ///   terminal has not
    long known(BookId book, String terminal, long first, long last) throws SQLException {
        return sql.number(
                "SELECT COUNT(DISTINCT sequence) FROM tap"
                        + " WHERE book_id = ? AND terminal = ? AND sequence BETWEEN ? AND ?",
                book.value(),
                terminal,
                first,
                last);
    }

    void keep(TapFacts facts, Heard heard, TapPosting.Verdict verdict) throws SQLException {
        TapEvent event = facts.event();
        CardRecord record = facts.record();
        TerminalId broughtTo = heard.broughtTo();
        sql.update(
                "INSERT INTO tap VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                facts.book().value(),
                Ids.bytes(event.id()),
                facts.origin().terminal().value(),
                event.sequence(),
                facts.origin().reuse(),
                event.kind().name(),
                event.card().value(),
                heard.text(),
                heard.record(),
                broughtTo == null ? null : broughtTo.value(),
                record == null ? null : record.counter(),
                facts.mac().name(),
                facts.receivedMicros(),
                facts.hubMicros(),
                verdict.outcome().name(),
                verdict.note());
    }

    /// Adds what a card says of a tap that is known already.
    void learn(BookId book, Kept known, Heard heard, long counter, CardMacs.Verdict mac)
            throws SQLException {
        sql.update(
                "UPDATE tap SET record = ?, brought_to = ?, counter = ?, mac = ?"
                        + " WHERE book_id = ? AND id = ?",
                heard.record(),
                String.valueOf(heard.broughtTo()),
                counter,
                mac.name(),
                book.value(),
                Ids.bytes(known.id()));
    }

    /// Adds the terminal's own words to a tap that a card had brought.
    void confirm(BookId book, Kept known, String text, CardMacs.Verdict mac) throws SQLException {
        sql.update(
                "UPDATE tap SET text = ?, mac = ? WHERE book_id = ? AND id = ?",
                text,
                mac.name(),
                book.value(),
                Ids.bytes(known.id()));
    }

    /// Adds its terminal's word that nobody was let in on a tap that a card had brought.
    void tear(BookId book, Kept known, String text, TapPosting.Verdict verdict)
            throws SQLException {
        sql.update(
                "UPDATE tap SET kind = 'TORN', text = ?, outcome = ?, note = ?"
                        + " WHERE book_id = ? AND id = ?",
                text,
                verdict.outcome().name(),
                verdict.note(),
                book.value(),
                Ids.bytes(known.id()));
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
                "SELECT terminal, COUNT(*) AS received, "
                        + " COUNT(*) FILTER (WHERE kind NOT IN ('DECLINED', 'TORN')) AS welcomed,"
                        + " COUNT(*) FILTER (WHERE CASE WHEN kind IN ('DECLINED', 'TORN') THEN FALSE"
                        + " WHEN kind = 'SHIFT_IN' THEN EXISTS (SELECT 1 FROM shift"
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
                row.getInt("reuse"),
                TapEvent.Kind.valueOf(row.getString("kind")),
                row.getString("card"),
                row.getString("text"),
                row.getString("record"),
                counter(row),
                CardMacs.Verdict.valueOf(row.getString("mac")),
                row.getLong("received_micros"),
                EventOutcome.Outcome.valueOf(row.getString("outcome")),
                row.getString("note"));
    }

    private static @Nullable Long counter(ResultSet row) throws SQLException {
        long counter = row.getLong("counter");
        return row.wasNull() ? null : Long.valueOf(counter);
    }
}
