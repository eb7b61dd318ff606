package org.hourtap.server;

import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.hourtap.contract.BookId;
import org.hourtap.contract.SignedHead;
import org.hourtap.runtime.RoleThread;
import org.hourtap.server.books.Reading;
import org.hourtap.server.books.Statements;
import org.hourtap.server.books.UnavailableException;
import org.hourtap.server.certificates.HeadKey;

/// Tells the world once a day, and when it gets a book, where the book's journal stands, so that
/// nobody can make the books anew from before that and not be found out. The thread `heads`.
final class HeadNotices implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HeadNotices.class.getName());

    /// How long a stop may wait.
    private static final Duration TICK = Duration.ofMillis(200);

    private static final long RETRY_MICROS = Duration.ofMinutes(1).toNanos() / 1_000;

    private static final long DAY_MICROS = Duration.ofDays(1).toNanos() / 1_000;

    private final Supplier<Set<BookId>> books;
    private final Reading reading;
    private final HeadKey key;
    private final BiPredicate<BookId, SignedHead> publish;
    private final LongSupplier wallMicros;
    private final LongSupplier bootMicros;
    private final RoleThread thread;

    // Confined to the thread. Books of which nothing was said yet are not in it.
    private final Map<BookId, Long> nextAt = new HashMap<>();

    private HeadNotices(
            Supplier<Set<BookId>> books,
            Reading reading,
            HeadKey key,
            BiPredicate<BookId, SignedHead> publish,
            LongSupplier wallMicros,
            LongSupplier bootMicros) {
        this.books = books;
        this.reading = reading;
        this.key = key;
        this.publish = publish;
        this.wallMicros = wallMicros;
        this.bootMicros = bootMicros;
        this.thread =
                RoleThread.start(
                        "heads",
                        1,
                        TICK,
                        this::tellIfDue,
                        e -> LOG.log(System.Logger.Level.WARNING, "heads are told later", e));
    }

    /// @param books those this hub holds at the moment
    /// @param publish must not wait; false if it could not be taken just now
    /// @param wallMicros the hub's clock
    /// @param bootMicros a clock that never goes back
    static HeadNotices start(
            Supplier<Set<BookId>> books,
            Reading reading,
            HeadKey key,
            BiPredicate<BookId, SignedHead> publish,
            LongSupplier wallMicros,
            LongSupplier bootMicros) {
        return new HeadNotices(books, reading, key, publish, wallMicros, bootMicros);
    }

    @Override
    public void close() {
        thread.close();
    }

    private void tellIfDue() throws InterruptedException {
        long now = bootMicros.getAsLong();
        Set<BookId> held = books.get();
        nextAt.keySet().retainAll(held);
        for (BookId book : held) {
            if (now >= nextAt.getOrDefault(book, now)) {
                nextAt.put(book, now + (isTold(book) ? DAY_MICROS : RETRY_MICROS));
            }
        }
    }

    private boolean isTold(BookId book) throws InterruptedException {
        try {
            Optional<SignedHead> head =
                    reading.<Optional<SignedHead>, SQLException>read(sql ->
                            new Statements(sql).signedHead(book, key, wallMicros.getAsLong()));
            return head.isPresent() && publish.test(book, head.get());
        } catch (UnavailableException | SQLException e) {
            LOG.log(System.Logger.Level.INFO, "heads are told later: {0}", e.getMessage());
            return false;
        }
    }
}
