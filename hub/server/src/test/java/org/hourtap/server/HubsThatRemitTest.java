package org.hourtap.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.hourtap.contract.BookId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.MemberId;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.AccountKind;
import org.hourtap.ledger.Limits;
import org.hourtap.ledger.PostOutcome;
import org.hourtap.runtime.RoleThread;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.books.Awaiting;
import org.hourtap.server.books.Bookkeeper;
import org.hourtap.server.books.ChainCheck;
import org.hourtap.server.books.Claims;
import org.hourtap.server.books.Contender;
import org.hourtap.server.books.Instance;
import org.hourtap.server.books.Mirrors;
import org.hourtap.server.books.PostgresCluster;
import org.hourtap.server.books.PostgresServer;
import org.hourtap.server.books.Reading;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.Statements;
import org.hourtap.server.books.TestBooks;
import org.hourtap.server.books.Writing;
import org.hourtap.server.cards.CardRegister;
import org.hourtap.server.cards.Member;
import org.hourtap.server.office.Adjustment;
import org.hourtap.server.office.Agreement;
import org.hourtap.server.office.Operator;
import org.hourtap.server.office.Remittance;
import org.hourtap.server.office.Remittances;
import org.hourtap.server.office.Remittances.Whereabouts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Three hubs share four books on a real PostgreSQL, come and go, and all the while hours go from
/// book to book. Their time runs faster than ours.
@Timeout(120)
class HubsThatRemitTest {
    private static final int HASTE = 5;
    private static final int ASKED = 60;
    private static final long AT_FIRST = 6_000;
    private static final MemberId ANN = new MemberId("ann");
    private static final Operator CERI = new Operator("Ceri", "moved house");
    private static final List<BookId> BOOKS =
            List.of(new BookId("b0"), new BookId("b1"), new BookId("b2"), new BookId("b3"));

    private final List<Hub> hubs = new ArrayList<>();
    private final List<Integer> sent = new ArrayList<>();
    private PostgresServer store;
    private Reading reading;

    /// A hub without terminals and screens.
    private final class Hub implements Contender.Listener {
        private final AtomicLong frozenAt = new AtomicLong();
        private final AtomicBoolean isClosed = new AtomicBoolean();
        private final Bookkeeper bookkeeper;
        private final Reading ownReading;
        private final PendingWatch watch;
        private final Contender contender;

        Hub(String id) throws Exception {
            bookkeeper = Bookkeeper.start(store.openWriter(), SystemTime::wallMicros);
            ownReading = Reading.open(store);
            watch =
                    PendingWatch.start(
                            bookkeeper,
                            ownReading,
                            SystemTime::wallMicros,
                            () -> SystemTime.bootMicros() * HASTE);
            contender =
                    Contender.start(
                            bookkeeper,
                            ownReading,
                            new Instance(
                                    id,
                                    Long.toHexString(SystemTime.randomLong()),
                                    "http://" + id,
                                    Instance.Wanted.parse("*")),
                            new Claims(BOOKS.getFirst(), "First", (_, _) -> {}),
                            this,
                            this::clock,
                            SystemTime::randomLong,
                            RoleThread::startDraining);
            hubs.add(this);
        }

        /// Stands still when the hub is thought dead. Whatever else it does it goes on doing.
        private long clock() {
            long at = frozenAt.get();
            return at == 0 ? SystemTime.bootMicros() * HASTE : at;
        }

        void close() throws Exception {
            if (isClosed.compareAndSet(false, true)) {
                watch.close();
                contender.close();
                bookkeeper.close();
                ownReading.close();
            }
        }

        @Override
        public void gained(BookId book, long epoch) {}

        @Override
        public void leaving(BookId book) {}

        @Override
        public void lost(BookId book) {}
    }

    @BeforeEach
    void open() throws Exception {
        store = PostgresCluster.shared().freshBooks();
        try (Bookkeeper first = Bookkeeper.start(store.openWriter(), SystemTime::wallMicros)) {
            for (BookId book : BOOKS) {
                Boolean _ = first.submit(writing -> furnish(writing, book)).get();
            }
        }
        reading = Reading.open(store);
    }

    private static boolean furnish(Writing writing, BookId book) throws Exception {
        writing.books().openBook(book, "Book " + book);
        CardRegister.register(writing, book, new Member(ANN, "Ann", "en"));
        new Agreement(trips(book), "Trips", new Limits(0, 120)).keep(writing);
        PostOutcome given =
                new Adjustment(TestBooks.id(900), ANN, AT_FIRST, CERI).in(book).post(writing);
        return given instanceof PostOutcome.Posted;
    }

    @AfterEach
    void close() throws Exception {
        for (Hub hub : hubs) {
            hub.close();
        }
        reading.close();
        PostgresCluster.giveBack(store);
    }

    private static AccountId trips(BookId book) {
        return new AccountId(book, AccountKind.POT, "trips");
    }

    /// A pot has room for two. What is sent while others are on their way there comes back.
    private static Remittance remittance(int n) {
        BookId from = BOOKS.get(n % BOOKS.size());
        BookId to = BOOKS.get((n + 1 + n / BOOKS.size() % 3) % BOOKS.size());
        return new Remittance(
                TestBooks.id(n),
                AccountId.of(from, ANN),
                n % 3 == 0 ? trips(to) : AccountId.of(to, ANN),
                new Credits(60),
                CERI);
    }

    private void send(int n) {
        Awaiting.until("sent", () -> hubs.stream().anyMatch(hub -> isSettled(hub, n)));
    }

    /// Whoever does not write the book has to say so, and whoever lost it meanwhile too.
    private boolean isSettled(Hub hub, int n) {
        if (hub.isClosed.get()) {
            return false;
        }
        Remittance remittance = remittance(n);
        try {
            PostOutcome outcome =
                    hub.bookkeeper.submit(remittance.from().book(), remittance::post).get();
            assertThat(outcome)
                    .isInstanceOfAny(PostOutcome.Posted.class, PostOutcome.AlreadyPosted.class);
            sent.add(n);
            return true;
        } catch (ExecutionException e) {
            return e.getCause() instanceof RefusedException refused
                    && refused.why() == RefusedException.Why.CONFLICT;
        } catch (InterruptedException e) {
            return fail(e);
        }
    }

    @Test
    void noHourIsLostOrDoubledWhileBooksChangeHands() throws Exception {
        Hub a = new Hub("a");
        Hub b = new Hub("b");
        new Hub("c");
        for (int n = 0; n < ASKED; n++) {
            switch (n) {
                case 15 -> a.frozenAt.set(SystemTime.bootMicros() * HASTE);
                case 30 -> b.close();
                case 45 -> a.frozenAt.set(0);
                default -> {}
            }
            send(n);
        }
        Awaiting.until("nothing on its way", () -> read(sql -> !new Remittances(sql).isAny()));
        audit();
    }

    private void audit() throws Exception {
        Map<Whereabouts, Integer> ends = new EnumMap<>(Whereabouts.class);
        long[] held = new long[BOOKS.size()];
        Arrays.fill(held, AT_FIRST);
        for (int n : sent) {
            Remittance remittance = remittance(n);
            Whereabouts end = read(sql -> new Remittances(sql).whereabouts(remittance));
            ends.merge(end, 1, Integer::sum);
            if (end == Whereabouts.ARRIVED) {
                held[BOOKS.indexOf(remittance.from().book())] -= 60;
                held[BOOKS.indexOf(remittance.to().book())] += 60;
            }
        }
        assertThat(ends.keySet()).isSubsetOf(Whereabouts.ARRIVED, Whereabouts.CAME_BACK);
        for (BookId book : BOOKS) {
            long there = balance(AccountId.of(book, ANN)) + balance(trips(book));
            assertThat(there).isEqualTo(held[BOOKS.indexOf(book)]);
            assertThat(read(sql -> new Statements(sql).trialBalance(book)).isBalanced()).isTrue();
        }
        assertThat(read(Mirrors::apart)).isEmpty();
        List<ChainCheck.Verdict> verdicts = read(sql -> ChainCheck.verify(sql, _ -> {}));
        assertThat(verdicts).allMatch(verdict -> verdict.fault() == null);
        assertThat(verdicts.stream().mapToLong(ChainCheck.Verdict::transfers).sum())
                .as("two sides of each or there and back, and what there was at first")
                .isEqualTo(2L * sent.size() + BOOKS.size());
    }

    private long balance(AccountId account) {
        return read(sql -> new Statements(sql).account(account).orElseThrow().carried());
    }

    private <T> T read(Reading.Query<T, SQLException> query) {
        try {
            return reading.<T, SQLException>read(query);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
