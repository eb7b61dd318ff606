package org.hourtap.server.desk;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.hourtap.contract.BookId;
import org.hourtap.contract.EventBatch;
import org.hourtap.contract.EventOutcome;
import org.hourtap.contract.FeedPage;
import org.hourtap.contract.FeedRequest;
import org.hourtap.contract.Hello;
import org.hourtap.contract.Message;
import org.hourtap.contract.TerminalReport;
import org.hourtap.server.books.Sql;
import org.hourtap.server.feed.Feed;
import org.hourtap.server.fleet.Fleet;
import org.hourtap.server.fleet.Terminal;
import org.jspecify.annotations.Nullable;

/// Pages for terminals as the books have them, with the epoch under which each book is written
/// here. Confined to the desk thread.
final class DeskPages {
    /// The epoch of a book that another hub writes.
    private static final long ELSEWHERE = -1;

    private final LongSupplier clockMicros;

    // As far as that was said.
    private final Map<BookId, Long> epochs = new HashMap<>();

    /// What the books say of a terminal and, if it gave a cursor, what is new to it.
    record Known(Optional<Terminal> terminal, @Nullable FeedPage page) {}

    DeskPages(LongSupplier clockMicros) {
        this.clockMicros = clockMicros;
    }

    void gained(BookId book, long epoch) {
        epochs.put(book, epoch);
    }

    void lost(BookId book) {
        epochs.put(book, ELSEWHERE);
    }

    /// @return whether another hub answers the terminals of this book
    boolean isElsewhere(BookId book) {
        return epochs.getOrDefault(book, 0L) == ELSEWHERE;
    }

    Known known(Sql sql, TerminalDesk.Address from, Message.Upward message) throws SQLException {
        Optional<Terminal> terminal = new Fleet(sql).terminal(from.book(), from.terminal());
        Long cursor =
                switch (message) {
                    case Hello hello -> hello.cursor();
                    case FeedRequest request -> request.since();
                    case EventBatch _, TerminalReport _ -> null;
                };
        return new Known(
                terminal,
                terminal.isEmpty() || cursor == null ? null : page(sql, from, cursor, List.of()));
    }

    FeedPage page(
            Sql sql, TerminalDesk.Address to, @Nullable Long since, List<EventOutcome> outcomes)
            throws SQLException {
        return new Feed(sql)
                .pageFor(to.book(), to.terminal(), since, outcomes, clockMicros.getAsLong())
                .by(Math.max(0, epochs.getOrDefault(to.book(), 0L)));
    }
}
