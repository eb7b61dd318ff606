package org.hourtap.server.books;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.hourtap.contract.BookId;
import org.hourtap.runtime.Role;
import org.hourtap.runtime.Roles;

/// Gets this hub its share of the books of a database that several hubs share, and gives up what
/// others should have. It says about once a second that this hub lives, looks who else does, and
/// takes the books of whoever does not. The thread `contender`.
public final class Contender implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Contender.class.getName());

    /// A hub that was not seen to move for so long is taken for dead: four beats or more, so that a
    /// long commit or a busy machine is not, and short enough that its books are with others, and
    /// their terminals told, within ten seconds.
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    /// Whoever did not look for so long has missed beats.
    private static final Duration PAUSE_MAX = Duration.ofSeconds(2);

    /// Between two looks: some time between these, so that hubs do not look in step.
    private static final long LOOK_MICROS_MIN = 400_000;

    private static final long LOOK_MICROS_SPREAD = 400_000;
    private static final Duration TICK = Duration.ofMillis(50);

    /// A look by hand, at the start.
    private static final int QUEUE_MAX = 4;

    /// What the bookkeeper has in hand may have to be tried again for eight seconds.
    private static final Duration COMMIT_MAX = Duration.ofSeconds(10);

    /// A stop does not wait longer: the others take the books over anyway.
    private static final Duration GOODBYE_MAX = Duration.ofSeconds(5);

    /// A hub that is gone for so long gets no row any more; it makes its own when it comes back.
    private static final long FORGOTTEN_MICROS = Duration.ofMinutes(10).toNanos() / 1_000;

    private final Bookkeeper bookkeeper;
    private final Reading reading;
    private final Instance me;
    private final Claims claims;
    private final Listener listener;
    private final LongSupplier bootMicros;
    private final LongSupplier random;
    private final Pulse pulse = new Pulse(PATIENCE.toNanos() / 1_000, PAUSE_MAX.toNanos() / 1_000);
    private final Role role;

    // Confined to the thread.
    private final Map<BookId, Long> serving = new HashMap<>();
    private CompletableFuture<?> beat = CompletableFuture.completedFuture(true);
    private long nextLookAt;
    private boolean isAside;

    /// Told of each book that comes and goes, on the contender's thread. Must not fail.
    public interface Listener {
        /// The book is this hub's under a new epoch.
        void gained(BookId book, long epoch);

        /// The book goes to another hub: take nothing new in for it. What was taken in is still
        /// written.
        void leaving(BookId book);

        /// The book is another hub's.
        void lost(BookId book);
    }

    /// What the rows said.
    private record Sight(
            Map<BookId, Leases.Seen> leases,
            Map<String, String> beats,
            Map<String, Instance.Wanted> wanted) {}

    private Contender(
            Bookkeeper bookkeeper,
            Reading reading,
            Instance me,
            Claims claims,
            Listener listener,
            LongSupplier bootMicros,
            LongSupplier random,
            Roles roles) {
        this.bookkeeper = bookkeeper;
        this.reading = reading;
        this.me = me;
        this.claims = claims;
        this.listener = listener;
        this.bootMicros = bootMicros;
        this.random = random;
        this.nextLookAt = bootMicros.getAsLong();
        this.role =
                roles.start(
                        "contender",
                        QUEUE_MAX,
                        1,
                        TICK,
                        this::lookIfDue,
                        e -> LOG.log(System.Logger.Level.ERROR, "contender goes on after", e));
    }

    /// Joins the others, and takes what nobody has before it returns.
    ///
    /// @param claims how books are taken
    /// @param bootMicros a clock that never goes back
    /// @param random unpredictable numbers, so that hubs do not look in step
    public static Contender start(
            Bookkeeper bookkeeper,
            Reading reading,
            Instance me,
            Claims claims,
            Listener listener,
            LongSupplier bootMicros,
            LongSupplier random,
            Roles roles)
            throws RefusedException, UnavailableException, InterruptedException {
        bookkeeper.ask(writing -> claims.join(writing, me), COMMIT_MAX);
        Contender contender =
                new Contender(bookkeeper, reading, me, claims, listener, bootMicros, random, roles);
        try {
            contender.role.call(
                    () -> {
                        contender.look();
                        return true;
                    },
                    COMMIT_MAX);
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(System.Logger.Level.WARNING, "books are taken later: {0}", e.getMessage());
        }
        return contender;
    }

    /// Gives everything back, so that others have it at once.
    @Override
    public void close() {
        role.close();
        try {
            // The thread has ended, so what was its own is ours.
            giveBack(Set.copyOf(serving.keySet()), GOODBYE_MAX);
            bookkeeper.ask(writing -> claims.leave(writing, me), GOODBYE_MAX);
        } catch (RefusedException | UnavailableException e) {
            LOG.log(System.Logger.Level.INFO, "books are left to be taken over: {0}", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void lookIfDue() throws SQLException, UnavailableException, InterruptedException {
        if (isAside || bootMicros.getAsLong() < nextLookAt) {
            return;
        }
        try {
            look();
        } finally {
            nextLookAt =
                    bootMicros.getAsLong()
                            + LOOK_MICROS_MIN
                            + Math.floorMod(random.getAsLong(), LOOK_MICROS_SPREAD);
        }
    }

    private void look() throws SQLException, UnavailableException, InterruptedException {
        sayAlive();
        notice();
        Sight sight = reading.<Sight, SQLException>read(this::sight);
        Set<String> alive = pulse.look(sight.beats(), bootMicros.getAsLong());
        Map<String, Instance.Wanted> living = new HashMap<>(sight.wanted());
        living.keySet().retainAll(alive);
        living.put(me.id(), me.wanted());
        Map<BookId, String> holders = new HashMap<>();
        sight.leases().forEach((book, lease) -> holders.put(book, lease.holder()));
        Contention.Moves moves =
                Contention.decide(me.id(), bookkeeper.held().keySet(), holders, living);
        giveBack(moves.giveBack(), COMMIT_MAX);
        take(moves.take(), sight);
        forgetTheDead(sight, holders);
        notice();
    }

    /// An idle commit, which moves this hub's beat and that of each book it holds.
    private void sayAlive() {
        if (!beat.isDone()) {
            return;
        }
        if (beat.isCompletedExceptionally()
                && beat.exceptionNow() instanceof RefusedException twice) {
            standAside(twice);
            return;
        }
        beat = bookkeeper.submit(writing -> claims.beat(writing, me));
    }

    /// Two hubs with one identity would take everything from each other, over and over.
    private void standAside(RefusedException twice) {
        isAside = true;
        LOG.log(System.Logger.Level.ERROR, twice.getMessage());
        Set.copyOf(serving.keySet()).forEach(this::drop);
    }

    /// It is another hub's, whether we gave it or not.
    private void drop(BookId book) {
        listener.leaving(book);
        listener.lost(book);
        serving.remove(book);
    }

    /// Compares what the bookkeeper holds with what was said so far.
    private void notice() {
        if (isAside) {
            return;
        }
        Map<BookId, Long> held = bookkeeper.held();
        for (Map.Entry<BookId, Long> one : Map.copyOf(serving).entrySet()) {
            if (!one.getValue().equals(held.get(one.getKey()))) {
                LOG.log(System.Logger.Level.INFO, "book {0} is elsewhere now", one.getKey());
                drop(one.getKey());
            }
        }
        held.forEach((book, epoch) -> {
            if (serving.putIfAbsent(book, epoch) == null) {
                LOG.log(System.Logger.Level.INFO, "book {0} is here, epoch {1}", book, epoch);
                listener.gained(book, epoch);
            }
        });
    }

    private Sight sight(Sql sql) throws SQLException {
        Map<BookId, Leases.Seen> leases = new HashMap<>();
        me.wanted().named().forEach(book -> leases.put(book, Leases.Seen.NONE));
        sql.each(
                "SELECT b.book_id, l.holder, l.epoch, l.beat FROM book b"
                        + " LEFT JOIN lease l ON l.book_id = b.book_id",
                row -> {
                    String holder = row.getString(2);
                    leases.put(
                            new BookId(row.getString(1)),
                            holder == null
                                    ? Leases.Seen.NONE
                                    : new Leases.Seen(holder, row.getLong(3), row.getLong(4)));
                });
        Map<String, String> beats = new HashMap<>();
        Map<String, Instance.Wanted> wanted = new HashMap<>();
        sql.each(
                "SELECT id, run, wanted, beat FROM instance",
                row -> {
                    beats.put(row.getString(1), row.getString(2) + " " + row.getLong(4));
                    wanted.put(row.getString(1), Instance.Wanted.parse(row.getString(3)));
                });
        return new Sight(leases, beats, wanted);
    }

    /// All at once, so that they come in few commits.
    private void take(Set<BookId> books, Sight sight) throws InterruptedException {
        List<CompletableFuture<Boolean>> claimed = new ArrayList<>();
        for (BookId book : books) {
            Leases.Seen seen = sight.leases().getOrDefault(book, Leases.Seen.NONE);
            claimed.add(bookkeeper.submit(writing -> claims.claim(writing, book, seen, me)));
        }
        await(claimed, COMMIT_MAX);
    }

    private void giveBack(Set<BookId> books, Duration patience) throws InterruptedException {
        List<CompletableFuture<Boolean>> released = new ArrayList<>();
        for (BookId book : books) {
            listener.leaving(book);
            released.add(bookkeeper.submit(book, writing -> claims.release(writing, book)));
        }
        await(released, patience);
        for (BookId book : books) {
            if (!bookkeeper.held().containsKey(book) && serving.remove(book) != null) {
                LOG.log(System.Logger.Level.INFO, "book {0} was given back", book);
                listener.lost(book);
            }
        }
    }

    private static void await(List<CompletableFuture<Boolean>> answers, Duration patience)
            throws InterruptedException {
        try {
            Boolean _ =
                    CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                            .thenApply(_ -> true)
                            .get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // What came of it is in what the bookkeeper holds.
            LOG.log(
                    System.Logger.Level.INFO,
                    "a book did not move: {0}",
                    e instanceof TimeoutException
                            ? "the writer was busy for " + patience.toSeconds() + " s"
                            : e.getMessage());
        }
    }

    private void forgetTheDead(Sight sight, Map<BookId, String> holders) {
        Set<String> busy = new HashSet<>(holders.values());
        for (String hub : sight.beats().keySet()) {
            if (!hub.equals(me.id())
                    && !busy.contains(hub)
                    && pulse.stillMicros(hub) > FORGOTTEN_MICROS) {
                CompletableFuture<?> _ = bookkeeper.submit(writing -> claims.forget(writing, hub));
            }
        }
    }
}
