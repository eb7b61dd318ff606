package org.hourtap.server.books;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.hourtap.contract.BookId;
import org.hourtap.runtime.Database;
import org.hourtap.runtime.Role;
import org.hourtap.runtime.RoleThread;
import org.hourtap.runtime.Roles;
import org.hourtap.runtime.StorageFault;
import org.hourtap.runtime.SystemTime;
import org.jspecify.annotations.Nullable;

/// The only thread that writes the books. It takes whatever commands wait and commits them as one
/// group: one fsync for many, without a timer.
///
/// Looking up each id and a savepoint around each command cost more than the writing itself, and
/// with a database server each is a journey. So a group is first run in trust that every id is new
/// and no command fails. Only if that was wrong it is rolled back and run again, with all look-ups
/// and each command under a savepoint of its own. It is also run again if a server broke off or
/// someone else was in the way: nobody was told anything yet, and what was committed all the same
/// is found by its ids.
public final class Bookkeeper implements AutoCloseable {
    /// Each waiting command is a request or a batch of taps in memory; beyond this the sender
    /// waits.
    private static final int QUEUE_MAX = 4_096;

    /// Where more in one commit stops to pay (measured), and the first has not waited long yet.
    private static final int GROUP_MAX = 256;

    private static final Duration TICK = Duration.ofSeconds(1);

    /// A server that restarts is back within this many attempts, about eight seconds.
    private static final int ATTEMPTS_MAX = 11;

    private static final long PAUSE_MICROS_FIRST = 10_000;
    private static final long PAUSE_MICROS_MAX = 2_000_000;

    private static final System.Logger LOG = System.getLogger(Bookkeeper.class.getName());

    private final Database database;
    private final LongSupplier clockMicros;
    private final Sql sql;
    private final Books books;
    private final Role role;
    private final List<Pending<?>> group = new ArrayList<>();
    private final AtomicLong commits = new AtomicLong();
    private final AtomicReference<Map<BookId, Long>> held = new AtomicReference<>(Map.of());

    /// After a group was given up: the next ones wait for nothing until one is written again.
    private boolean isDown;

    /// Work on the books: reads and writes as it likes, and either all of it is kept or nothing.
    @FunctionalInterface
    public interface Command<T extends @Nullable Object> {
        T run(Writing writing) throws Exception;
    }

    private Bookkeeper(Database database, LongSupplier clockMicros, Roles roles) {
        this.database = database;
        this.clockMicros = clockMicros;
        this.sql = new Sql(database);
        this.books = new Books(sql);
        this.role =
                roles.start(
                        "bookkeeper",
                        QUEUE_MAX,
                        GROUP_MAX,
                        TICK,
                        this::commitGroup,
                        e -> LOG.log(System.Logger.Level.ERROR, "bookkeeper goes on after", e));
    }

    /// Starts the thread. It closes the database when it is closed itself.
    public static Bookkeeper start(Database database, LongSupplier clockMicros) {
        return new Bookkeeper(database, clockMicros, RoleThread::startDraining);
    }

    /// The same, played by whom the caller says.
    public static Bookkeeper start(Database database, LongSupplier clockMicros, Roles roles) {
        return new Bookkeeper(database, clockMicros, roles);
    }

    /// Hands over a command that is on no book in particular. The future completes when the command
    /// is on disk, or with a [RefusedException] of the command's own, or with an
    /// [UnavailableException].
    public <T extends @Nullable Object> CompletableFuture<T> submit(Command<T> command) {
        return submit(new Pending<>(null, command));
    }

    /// The same for a command on one book: refused as [RefusedException.Why#ELSEWHERE] if another
    /// hub writes that book, and not disturbed if other books are taken over meanwhile.
    public <T extends @Nullable Object> CompletableFuture<T> submit(
            BookId book, Command<T> command) {
        return submit(new Pending<>(book, command));
    }

    private <T extends @Nullable Object> CompletableFuture<T> submit(Pending<T> pending) {
        if (!role.offer(() -> group.add(pending))) {
            pending.future.completeExceptionally(
                    new UnavailableException(
                            "Too much is waiting to be written, or the hub is stopping. Try again"
                                    + " in a few seconds."));
        }
        return pending.future;
    }

    /// Hands over a command and waits for it.
    ///
    /// @throws RefusedException if the command refuses
    /// @throws UnavailableException if the books cannot be written, or not within the time; the
    ///   command may still be done later then, so it has to be one that can be repeated
    public <T extends @Nullable Object> T ask(Command<T> command, Duration timeout)
            throws RefusedException, UnavailableException, InterruptedException {
        return await(submit(command), timeout);
    }

    /// The same for a command on one book.
    public <T extends @Nullable Object> T ask(BookId book, Command<T> command, Duration timeout)
            throws RefusedException, UnavailableException, InterruptedException {
        return await(submit(book, command), timeout);
    }

    private static <T extends @Nullable Object> T await(
            CompletableFuture<T> answer, Duration timeout)
            throws RefusedException, UnavailableException, InterruptedException {
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new UnavailableException("The books are busy. Try again in a few seconds.");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RefusedException refused -> throw refused;
                case UnavailableException unavailable -> throw unavailable;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    /// Does something to the database itself while no command is under way, and waits for it. Has
    /// to be quick: commands wait.
    ///
    /// @throws UnavailableException if it could not be done, or not in time
    public <T> T between(Callable<T> work, Duration timeout)
            throws UnavailableException, InterruptedException {
        try {
            return role.call(work, timeout);
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            throw new UnavailableException("The books are busy: " + e.getMessage());
        }
    }

    /// @return how many groups this program has committed: as long as it stays the same, so do the
    ///   books. Any thread
    public long commits() {
        return commits.get();
    }

    /// @return the books this is the one writer of, as far as is known, and under which epoch;
    ///   never changes itself. Any thread
    public Map<BookId, Long> held() {
        return held.get();
    }

    /// Stops after what was already handed over, and closes the database.
    @Override
    public void close() throws SQLException {
        role.close();
        database.close();
    }

    private void commitGroup() {
        if (group.isEmpty()) {
            return;
        }
        List<Pending<?>> taken = List.copyOf(group);
        group.clear();
        boolean isTrusting = true;
        for (int attempt = 1; ; attempt++) {
            try {
                write(taken, isTrusting);
                break;
            } catch (LookAgainException e) {
                books.forget();
                isTrusting = false;
            } catch (SQLException e) {
                StorageFault fault = StorageFault.of(e);
                if (fault == StorageFault.TAKEN_OVER) {
                    taken = goOnWithout(taken, e);
                    isTrusting = false;
                    continue;
                }
                boolean isGivenUp =
                        fault.isPassing()
                                ? isDown || attempt >= ATTEMPTS_MAX
                                : !isTrusting || fault != StorageFault.OTHER;
                if (isGivenUp) {
                    giveUp(taken, e);
                    return;
                }
                books.forget();
                isTrusting = false;
                if (fault.isPassing()) {
                    pause(attempt, e);
                }
            } catch (Throwable e) {
                abandon(taken, e);
                throw e;
            }
        }
        isDown = false;
        books.committed();
        held.set(books.leases().held());
        commits.incrementAndGet();
        taken.forEach(Pending::complete);
    }

    private void write(List<Pending<?>> taken, boolean isTrusting) throws SQLException {
        database.transaction(_ -> {
            books.begin(isTrusting);
            if (!isTrusting) {
                books.leases().checkFirst();
            }
            for (Pending<?> pending : taken) {
                if (isTrusting) {
                    trust(pending);
                } else {
                    run(pending);
                }
            }
            books.flush();
            return taken;
        });
    }

    /// After a book was found in other hands: its commands fail, and those that may be on any book;
    /// those on other books are run again. Comes to an end, because each time there are fewer.
    private List<Pending<?>> goOnWithout(List<Pending<?>> taken, SQLException e) {
        books.forget();
        Set<BookId> lost = books.leases().dropLost();
        held.set(books.leases().held());
        List<Pending<?>> others = new ArrayList<>();
        List<Pending<?>> ended = new ArrayList<>();
        for (Pending<?> pending : taken) {
            BookId book = pending.book;
            boolean isOther = book != null && !lost.contains(book) && !lost.isEmpty();
            (isOther ? others : ended).add(pending);
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "books lost to another hub: {0} ({1}); {2} commands not written, {3} run again",
                lost,
                e.getMessage(),
                ended.size(),
                others.size());
        for (Pending<?> pending : ended) {
            BookId book = pending.book;
            pending.future.completeExceptionally(
                    book == null ? new UnavailableException(e) : RefusedException.elsewhere(book));
        }
        return others;
    }

    private void giveUp(List<Pending<?>> taken, SQLException e) {
        isDown = StorageFault.of(e).isPassing();
        LOG.log(
                System.Logger.Level.ERROR,
                "{0} commands not written: {1} ({2})",
                taken.size(),
                StorageFault.of(e).advice(),
                e.getMessage());
        abandon(taken, new UnavailableException(e));
    }

    /// Longer each time, and never in step with another hub.
    private static void pause(int attempt, SQLException e) {
        long longest = Math.min(PAUSE_MICROS_MAX, PAUSE_MICROS_FIRST << attempt);
        long micros = longest / 2 + Math.floorMod(SystemTime.randomLong(), longest / 2);
        LOG.log(
                System.Logger.Level.INFO,
                "writing again in {0} ms: {1}",
                micros / 1_000,
                e.getMessage());
        LockSupport.parkNanos(micros * 1_000);
    }

    private void abandon(List<Pending<?>> taken, Throwable why) {
        books.forget();
        taken.forEach(pending -> pending.future.completeExceptionally(why));
    }

    /// Runs one command of a group of which none may fail.
    private void trust(Pending<?> pending) throws SQLException {
        books.beginCommand();
        if (isElsewhere(pending)) {
            return;
        }
        try {
            pending.run(new Writing(sql, books, clockMicros.getAsLong()));
        } catch (SQLException | LookAgainException e) {
            throw e;
        } catch (Exception e) {
            throw new LookAgainException(e);
        }
    }

    /// Runs one command. If it fails it leaves no trace; if the database itself fails the group
    /// does, because more may have been rolled back than the savepoint.
    private void run(Pending<?> pending) throws SQLException {
        if (isElsewhere(pending)) {
            return;
        }
        execute("SAVEPOINT command");
        books.beginCommand();
        try {
            pending.run(new Writing(sql, books, clockMicros.getAsLong()));
        } catch (Exception e) {
            if (e instanceof SQLException fault && StorageFault.of(fault) != StorageFault.OTHER) {
                throw fault;
            }
            if (!(e instanceof RefusedException)) {
                LOG.log(System.Logger.Level.ERROR, "a command failed and was rolled back", e);
            }
            if (e instanceof SQLException) {
                database.forgetPrepared();
            }
            pending.fail(e);
            execute("ROLLBACK TO command");
            books.undoCommand();
        }
        execute("RELEASE command");
    }

    private boolean isElsewhere(Pending<?> pending) {
        BookId book = pending.book;
        boolean isHere = books.leases().uses(book);
        if (!isHere && book != null) {
            pending.fail(RefusedException.elsewhere(book));
        }
        return !isHere;
    }

    private void execute(String statement) throws SQLException {
        database.prepared(statement).execute();
    }
}
