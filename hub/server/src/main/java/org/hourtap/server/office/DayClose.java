package org.hourtap.server.office;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.hourtap.contract.BookId;
import org.hourtap.server.books.Books;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.Sql;
import org.hourtap.server.books.Writing;

/// A business day that was closed. What it says stays: a transfer of it is not voided any more, and
/// whatever comes later belongs to the next.
///
/// @param number from 1, without gaps
/// @param lastSequence its newest transfer
/// @param hash that transfer's, in hexadecimal: signed and written down, it proves later that the
///   journal up to there was not made anew
public record DayClose(
        long number,
        LocalDate day,
        long lastSequence,
        String hash,
        long closedMicros,
        String operator) {
    /// A year of days.
    public static final int LIST_MAX = 366;

    private static final String SELECT = "SELECT * FROM day_close WHERE book_id = ?";

    /// Closes a day. Asked for again, it says what stands.
    ///
    /// @throws RefusedException if the day has not begun, or a later one is closed already
    public static DayClose close(Writing writing, BookId book, LocalDate day, String operator)
            throws SQLException, RefusedException {
        Operator.requireName(operator);
        Sql sql = writing.sql();
        Optional<DayClose> known =
                sql.one(SELECT + " AND day = ?", DayClose::read, book.value(), day.toString());
        if (known.isPresent()) {
            return known.get();
        }
        long now = writing.nowMicros();
        LocalDate today = LocalDate.ofInstant(Instant.ofEpochMilli(now / 1_000), ZoneOffset.UTC);
        // East of Greenwich the day begins before it does by the hub's clock.
        if (day.isAfter(today.plusDays(1))) {
            throw RefusedException.invalid(day + " has not begun; today is " + today + ".");
        }
        Optional<DayClose> before = newest(sql, book);
        if (before.isPresent() && !day.isAfter(before.get().day())) {
            throw RefusedException.conflict(
                    "The day "
                            + before.get().day()
                            + " is closed already, so "
                            + day
                            + " cannot be. Close a later day.");
        }
        Books.Head head = writing.books().head(book);
        DayClose close =
                new DayClose(
                        before.map(DayClose::number).orElse(0L) + 1,
                        day,
                        head.sequence(),
                        HexFormat.of().formatHex(head.hash()),
                        Math.max(now, before.map(DayClose::closedMicros).orElse(0L)),
                        operator);
        sql.update(
                "INSERT INTO day_close VALUES (?, ?, ?, ?, ?, ?, ?)",
                book.value(),
                close.number(),
                day.toString(),
                close.lastSequence(),
                head.hash(),
                close.closedMicros(),
                operator);
        writing.books().forgetOpenDay(book);
        return close;
    }

    /// @throws IllegalArgumentException with a sentence if it is none
    public static LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "A day is written 2026-11-22, for example, not " + text + ".", e);
        }
    }

    /// @return the newest first
    public static List<DayClose> list(Sql sql, BookId book) throws SQLException {
        return sql.list(
                SELECT + " ORDER BY number DESC LIMIT ?", DayClose::read, book.value(), LIST_MAX);
    }

    public static Optional<DayClose> find(Sql sql, BookId book, long number) throws SQLException {
        return sql.one(SELECT + " AND number = ?", DayClose::read, book.value(), number);
    }

    public static Optional<DayClose> newest(Sql sql, BookId book) throws SQLException {
        return sql.one(SELECT + " ORDER BY number DESC LIMIT 1", DayClose::read, book.value());
    }

    private static DayClose read(ResultSet row) throws SQLException {
        return new DayClose(
                row.getLong("number"),
                LocalDate.parse(row.getString("day")),
                row.getLong("last_sequence"),
                HexFormat.of().formatHex(row.getBytes("hash")),
                row.getLong("closed_micros"),
                row.getString("operator"));
    }
}
