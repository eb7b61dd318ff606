package org.hourtap.server;

import java.sql.SQLException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.hourtap.contract.BookId;
import org.hourtap.runtime.RoleThread;
import org.hourtap.server.books.Bookkeeper;
import org.hourtap.server.books.Reading;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.UnavailableException;
import org.hourtap.server.books.Undecided;
import org.hourtap.server.inbox.Overdue;

/// Sees to what waits for no request: hours that were held come free when their time is over, and
/// hours on their way between books go on. The thread `pending`.
final class PendingWatch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PendingWatch.class.getName());

    /// How long a stop may wait.
    private static final Duration TICK = Duration.ofMillis(200);

    /// What is over is refused at once when somebody decides; only the hours come free that late.
    private static final long PAUSE_MICROS = Duration.ofSeconds(10).toNanos() / 1_000;

    /// An operator waits for hours to arrive.
    private static final long CARRY_PAUSE_MICROS = Duration.ofSeconds(2).toNanos() / 1_000;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Bookkeeper bookkeeper;
    private final Reading reading;
    private final Carrier carrier;
    private final LongSupplier wallMicros;
    private final LongSupplier bootMicros;
    private final RoleThread thread;

    // Confined to the thread.
    private long nextAt;

    private long nextCarryAt;

    private PendingWatch(
            Bookkeeper bookkeeper,
            Reading reading,
            LongSupplier wallMicros,
            LongSupplier bootMicros) {
        this.bookkeeper = bookkeeper;
        this.reading = reading;
        this.carrier = new Carrier(bookkeeper, reading);
        this.wallMicros = wallMicros;
        this.bootMicros = bootMicros;
        this.nextAt = bootMicros.getAsLong();
        this.nextCarryAt = nextAt;
        this.thread =
                RoleThread.start(
                        "pending",
                        1,
                        TICK,
                        this::goOn,
                        e -> LOG.log(System.Logger.Level.WARNING, "hours come free later", e));
    }

    /// @param wallMicros the hub's clock
    /// @param bootMicros a clock that never goes back
    static PendingWatch start(
            Bookkeeper bookkeeper,
            Reading reading,
            LongSupplier wallMicros,
            LongSupplier bootMicros) {
        return new PendingWatch(bookkeeper, reading, wallMicros, bootMicros);
    }

    @Override
    public void close() {
        thread.close();
    }

    private void goOn() throws InterruptedException {
        carryIfDue();
        lookIfDue();
    }

    private void carryIfDue() throws InterruptedException {
        long now = bootMicros.getAsLong();
        if (now < nextCarryAt) {
            return;
        }
        nextCarryAt = now + CARRY_PAUSE_MICROS;
        try {
            carrier.look();
        } catch (UnavailableException | SQLException e) {
            LOG.log(System.Logger.Level.INFO, "hours arrive later: {0}", e.getMessage());
        }
    }

    private void lookIfDue() throws InterruptedException {
        long now = bootMicros.getAsLong();
        if (now < nextAt) {
            return;
        }
        nextAt = now + PAUSE_MICROS;
        try {
            for (BookId book : bookkeeper.held().keySet()) {
                if (isDue(book) && look(book) == Overdue.MOST_AT_ONCE) {
                    nextAt = now;
                }
            }
        } catch (RefusedException | UnavailableException | SQLException e) {
            LOG.log(System.Logger.Level.INFO, "hours come free later: {0}", e.getMessage());
        }
    }

    private boolean isDue(BookId book)
            throws SQLException, UnavailableException, InterruptedException {
        return reading.<Boolean, SQLException>read(
                sql -> new Undecided(sql).isDue(book, wallMicros.getAsLong()));
    }

    private int look(BookId book)
            throws RefusedException, UnavailableException, InterruptedException {
        return bookkeeper.ask(book, writing -> new Overdue(writing, book).look(), PATIENCE);
    }
}
