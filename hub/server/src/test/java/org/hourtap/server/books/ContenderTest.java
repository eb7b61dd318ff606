package org.hourtap.server.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.hourtap.contract.BookId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.TransferId;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.AccountKind;
import org.hourtap.ledger.PostOutcome;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Transfer;
import org.hourtap.runtime.RoleThread;
import org.hourtap.runtime.SystemTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Three hubs on one real PostgreSQL with four books, whose time runs faster than ours.
@Timeout(120)
class ContenderTest {
    private static final int HASTE = 5;
    private static final List<BookId> BOOKS =
            List.of(new BookId("b0"), new BookId("b1"), new BookId("b2"), new BookId("b3"));

    private final List<Hub> hubs = new ArrayList<>();
    private final AtomicLong ids = new AtomicLong();
    private final Queue<TransferId> told = new ConcurrentLinkedQueue<>();
    private PostgresServer store;
    private Reading reading;

    /// A hub without its terminals.
    private final class Hub implements Contender.Listener {
        private final AtomicLong frozenAt = new AtomicLong();
        private final Map<BookId, Long> serving = new ConcurrentHashMap<>();
        private final AtomicBoolean isClosed = new AtomicBoolean();
        private final Bookkeeper bookkeeper;
        private final Reading ownReading;
        private final Contender contender;

        Hub(String id) throws Exception {
            bookkeeper = Bookkeeper.start(store.openWriter(), SystemTime::wallMicros);
            ownReading = Reading.open(store);
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

        /// Stands still when the hub is frozen: then nothing is due any more.
        private long clock() {
            long at = frozenAt.get();
            return at == 0 ? SystemTime.bootMicros() * HASTE : at;
        }

        void freeze() {
            frozenAt.set(SystemTime.bootMicros() * HASTE);
        }

        void thaw() {
            frozenAt.set(0);
        }

        Set<BookId> held() {
            return bookkeeper.held().keySet();
        }

        void close() throws Exception {
            if (isClosed.compareAndSet(false, true)) {
                contender.close();
                bookkeeper.close();
                ownReading.close();
            }
        }

        @Override
        public void gained(BookId book, long epoch) {
            serving.put(book, epoch);
        }

        @Override
        public void leaving(BookId book) {}

        @Override
        public void lost(BookId book) {
            serving.remove(book);
        }
    }

    @BeforeEach
    void open() throws Exception {
        store = PostgresCluster.shared().freshBooks();
        try (Bookkeeper first = Bookkeeper.start(store.openWriter(), SystemTime::wallMicros)) {
            Boolean _ =
                    first.submit(
                                    writing -> {
                                        for (BookId book : BOOKS) {
                                            writing.books().openBook(book, "Book " + book);
                                            writing.books().open(member(book));
                                        }
                                        return true;
                                    })
                            .get();
            first.submit(
                            writing -> {
                                for (BookId book : BOOKS) {
                                    writing.books().leases().release(book);
                                }
                                return true;
                            })
                    .get();
        }
        reading = Reading.open(store);
    }

    @AfterEach
    void close() throws Exception {
        for (Hub hub : hubs) {
            hub.close();
        }
        reading.close();
        PostgresCluster.giveBack(store);
    }

    private static AccountId member(BookId book) {
        return new AccountId(book, AccountKind.MEMBER, "ann");
    }

    /// Posts an hour wherever the book is written; whoever does not write it has to say so.
    private void post(BookId book) throws InterruptedException {
        TransferId id = TransferId.mint(1_790_000_000_000L, ids.incrementAndGet(), 1);
        Transfer hour =
                new Transfer(
                        id,
                        new AccountId(book, AccountKind.ISSUANCE, ""),
                        member(book),
                        new Credits(60),
                        Reason.ADJUSTMENT,
                        null,
                        null,
                        0);
        for (Hub hub : hubs) {
            if (hub.isClosed.get()) {
                continue;
            }
            try {
                PostOutcome outcome =
                        hub.bookkeeper.submit(book, writing -> writing.books().post(hour, 0)).get();
                assertThat(outcome).isInstanceOf(PostOutcome.Posted.class);
                told.add(id);
                return;
            } catch (ExecutionException e) {
                assertThat(e).hasCauseInstanceOf(RefusedException.class);
            }
        }
    }

    private void await(String what, Hub... sharing) throws Exception {
        for (BookId book : BOOKS) {
            post(book);
        }
        Awaiting.until(
                what,
                () -> {
                    int least = BOOKS.size() / sharing.length;
                    int held = 0;
                    for (Hub hub : sharing) {
                        if (hub.held().size() < least
                                || !hub.serving.equals(hub.bookkeeper.held())) {
                            return false;
                        }
                        held += hub.held().size();
                    }
                    return held == BOOKS.size();
                });
    }

    @Test
    void booksGoWhereTheirHubsAre() throws Exception {
        Hub a = new Hub("a");
        assertThat(a.held()).as("alone, and at once").containsExactlyInAnyOrderElementsOf(BOOKS);
        Hub b = new Hub("b");
        await("two shares", a, b);
        Hub c = new Hub("c");
        await("three shares", a, b, c);
        String address =
                reading.<String, Exception>read(
                        sql -> Claims.addressOf(sql, c.held().iterator().next()).orElseThrow());
        assertThat(address).isEqualTo("http://c");
        // One that is only thought dead: it finds out when it wakes up.
        a.freeze();
        Awaiting.until("taken over", () -> b.held().size() + c.held().size() == BOOKS.size());
        a.thaw();
        await("three shares again", a, b, c);
        b.close();
        await("a goodbye", a, c);
        Hub again = new Hub("b");
        await("and back", a, again, c);
        audit();
    }

    @Test
    void aSecondHubUnderTheSameIdentityTakesThePlaceOfTheFirst() throws Exception {
        Hub first = new Hub("a");
        Hub second = new Hub("a");
        Awaiting.until("the first stands aside", () -> first.serving.isEmpty());
        Awaiting.until("the second has all", () -> second.serving.size() == BOOKS.size());
        for (BookId book : BOOKS) {
            post(book);
        }
        assertThatThrownBy(() ->
                        first.bookkeeper
                                .submit(BOOKS.getFirst(), writing -> writing.nowMicros())
                                .get())
                .hasMessageContaining("not written by this hub");
        audit();
    }

    private void audit() throws Exception {
        for (BookId book : BOOKS) {
            assertThat(
                            reading.<Boolean, Exception>read(
                                    sql -> new Statements(sql).trialBalance(book).isBalanced()))
                    .isTrue();
        }
        List<ChainCheck.Verdict> verdicts =
                reading.<List<ChainCheck.Verdict>, Exception>read(
                        sql -> ChainCheck.verify(sql, _ -> {}));
        assertThat(verdicts).allMatch(verdict -> verdict.fault() == null);
        assertThat(verdicts.stream().mapToLong(ChainCheck.Verdict::transfers).sum())
                .as("each that was told, once")
                .isEqualTo(told.size());
    }
}
