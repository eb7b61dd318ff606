package org.hourtap.server.feed;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.hourtap.contract.BookId;
import org.hourtap.contract.Codec;
import org.hourtap.contract.EventOutcome;
import org.hourtap.contract.FeedPage;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.MalformedMessageException;
import org.hourtap.contract.TerminalId;
import org.hourtap.server.books.Sql;
import org.hourtap.server.books.Writing;
import org.jspecify.annotations.Nullable;

/// The feed's rows. Confined to whoever holds the connection; a page has to be read in one
/// transaction, so that its rows and its acknowledgement speak of the same moment.
public final class Feed {
    private static final String PAGE =
            "SELECT cursor, payload FROM feed WHERE book_id = ? AND cursor > ?"
                    + " AND (kind = 'CARD' OR key = ?) ORDER BY cursor LIMIT ?";

    private final Sql sql;

    public Feed(Sql sql) {
        this.sql = sql;
    }

    private record Kept(long cursor, FeedRow row) {}

    /// A hub starts: cursors go on from its clock. If its books are a backup, it never gives a
    /// cursor again that was given after that was made, and knows a terminal that has one.
    public static void begin(Writing writing, BookId book) throws SQLException {
        Sql sql = writing.sql();
        long head = new Feed(sql).head(book);
        if (head == 0) {
            return; // nobody was told anything
        }
        long start = Math.max(head + 1, writing.nowMicros());
        sql.update(
                "UPDATE feed SET cursor = ? WHERE book_id = ? AND cursor = ?",
                start,
                book.value(),
                head);
        sql.update("INSERT INTO feed_start VALUES (?, ?, ?)", book.value(), head, start);
    }

    public void put(BookId book, FeedRow.CardRow row) throws SQLException {
        put(book, "CARD", row.card().value(), row);
    }

    public void put(BookId book, TerminalId terminal, FeedRow.ProfileRow row) throws SQLException {
        put(book, "PROFILE", terminal.value(), row);
    }

    public void put(BookId book, TerminalId terminal, FeedRow.PolicyRow row) throws SQLException {
        put(book, "POLICY", terminal.value(), row);
    }

    /// @return the newest cursor of the book, 0 if the feed is empty
    public long head(BookId book) throws SQLException {
        return sql.number(
                "SELECT COALESCE(MAX(cursor), 0) FROM feed WHERE book_id = ?", book.value());
    }

    /// Reads a page for one terminal.
    ///
    /// @param since the cursor the terminal has reached; one that was never given when the hub was
    ///   restored from a backup, and then the page starts over from 0. Absent when not known: the
    ///   page then has no rows, and the terminal asks for what it lacks
    public FeedPage pageFor(
            BookId book,
            TerminalId terminal,
            @Nullable Long since,
            List<EventOutcome> outcomes,
            long hubMicros)
            throws SQLException {
        long head = head(book);
        long from = since == null ? head : isGiven(book, since, head) ? since : 0;
        List<Kept> found =
                from == head
                        ? List.of()
                        : sql.list(
                                PAGE,
                                row ->
                                        new Kept(
                                                row.getLong("cursor"),
                                                decoded(row.getString("payload"))),
                                book.value(),
                                from,
                                terminal.value(),
                                FeedPage.ROWS_MAX + 1);
        boolean more = found.size() > FeedPage.ROWS_MAX;
        List<Kept> kept = more ? found.subList(0, FeedPage.ROWS_MAX) : found;
        return new FeedPage(
                more ? FeedPage.NOT_SAID : acknowledged(book, terminal),
                outcomes,
                from,
                more ? kept.getLast().cursor() : head,
                more,
                kept.stream().map(Kept::row).toList(),
                hubMicros);
    }

    /// @return whether these books gave the cursor, or it is 0; if not, they are a backup, and
    ///   whoever has it heard more than is in them
    private boolean isGiven(BookId book, long cursor, long head) throws SQLException {
        if (cursor >= head) {
            return cursor == head;
        }
        return sql.number(
                        "SELECT COUNT(*) FROM feed_start"
                                + " WHERE book_id = ? AND cursor > ? AND last < ?",
                        book.value(),
                        cursor,
                        cursor)
                == 0;
    }

    /// A terminal restored from an old backup still holds taps below the newest the hub knows of,
    /// so nothing is said to it until it has sent some.
    private long acknowledged(BookId book, TerminalId terminal) throws SQLException {
        Optional<Long> last =
                sql.one(
                        "SELECT last_sequence, is_rewound FROM terminal"
                                + " WHERE book_id = ? AND id = ?",
                        row ->
                                row.getLong("is_rewound") != 0
                                        ? FeedPage.NOT_SAID
                                        : row.getLong("last_sequence"),
                        book.value(),
                        terminal.value());
        return last.orElse(FeedPage.NOT_SAID);
    }

    /// A row that says what is already there moves no cursor, so that nobody is sent it again.
    private void put(BookId book, String kind, String key, FeedRow row) throws SQLException {
        sql.update(
                "INSERT INTO feed (book_id, kind, key, cursor, payload) VALUES (?, ?, ?,"
                        + " (SELECT COALESCE(MAX(cursor), 0) + 1 FROM feed WHERE book_id = ?), ?)"
                        + " ON CONFLICT (book_id, kind, key) DO UPDATE"
                        + " SET cursor = excluded.cursor, payload = excluded.payload"
                        + " WHERE feed.payload <> excluded.payload",
                book.value(),
                kind,
                key,
                book.value(),
                Codec.encodeRow(row));
    }

    private static FeedRow decoded(String payload) throws SQLException {
        try {
            return Codec.decodeRow(payload);
        } catch (MalformedMessageException e) {
            throw new SQLException("a feed row in the database cannot be read", e);
        }
    }
}
