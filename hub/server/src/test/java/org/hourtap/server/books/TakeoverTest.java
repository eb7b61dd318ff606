package org.hourtap.server.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hourtap.server.books.TestBooks.ANN;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.books.TestBooks.BOB;
import static org.hourtap.server.books.TestBooks.id;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.hourtap.contract.BookId;
import org.hourtap.contract.Credits;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.PostOutcome;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Transfer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two writers of one book on a real PostgreSQL, in either order: never do both write it.
@Timeout(120)
class TakeoverTest {
    private static final String TOUCH = "UPDATE venue SET name = name WHERE id = 'pool'";

    private static PostgresCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = PostgresCluster.shared();
    }

    private static TestBooks furnished() throws Exception {
        return TestBooks.furnished(cluster.freshBooks());
    }

    private static Transfer gift(int n, long minutes) {
        return new Transfer(
                id(n),
                AccountId.of(BARRY, ANN),
                AccountId.of(BARRY, BOB),
                new Credits(minutes),
                Reason.GIFT,
                null,
                null,
                0);
    }

    private static ChainCheck.Verdict verified(TestBooks books) throws Exception {
        return books.read(sql -> ChainCheck.verify(sql, _ -> {})).getFirst();
    }

    /// The writer comes first: the takeover waits for its commit, and reads what it wrote.
    @Test
    void aTakeoverWaitsForACommitUnderWayAndGoesOnFromIt() throws Exception {
        try (TestBooks books = furnished();
                Bookkeeper other = Bookkeeper.start(books.store().openWriter(), () -> 0)) {
            List<CompletableFuture<PostOutcome>> taken = new ArrayList<>();
            PostOutcome first =
                    books.write(writing -> {
                        PostOutcome posted = writing.books().post(gift(1, 10), 0);
                        if (taken.isEmpty()) {
                            // As the last statement before a commit does, only earlier.
                            writing.books().leases().check();
                            taken.add(takeOver(other, gift(2, 10)));
                            awaitAWaitingBackend(books);
                        }
                        return posted;
                    });
            assertThat(((PostOutcome.Posted) first).entry().sequence()).isEqualTo(2);
            PostOutcome second = taken.getFirst().get();
            assertThat(((PostOutcome.Posted) second).entry().sequence()).isEqualTo(3);
            assertThat(books.balance(BOB)).isEqualTo(20);
            assertThat(verified(books).fault()).isNull();
        }
    }

    /// Both would write under the same keys, and wait for each other again and again.
    @Test
    void aWriterThatWasInSomebodysWayLooksWhetherTheBookIsStillItsOwnBeforeItTriesAgain()
            throws Exception {
        try (TestBooks books = furnished();
                Bookkeeper other = Bookkeeper.start(books.store().openWriter(), () -> 0)) {
            AtomicInteger runs = new AtomicInteger();
            CompletableFuture<PostOutcome> late =
                    books.bookkeeper()
                            .submit(
                                    BARRY,
                                    writing -> {
                                        if (runs.incrementAndGet() == 1) {
                                            PostOutcome _ = takeOver(other, gift(2, 10)).get();
                                            throw new SQLException("deadlock", "40P01");
                                        }
                                        return writing.books().post(gift(1, 10), 0);
                                    });
            assertThatThrownBy(late::get)
                    .cause()
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            refused ->
                                    assertThat(refused.why())
                                            .isEqualTo(RefusedException.Why.ELSEWHERE));
            assertThat(runs).hasValue(1);
            assertThat(books.balance(BOB)).isEqualTo(10);
        }
    }

    /// The takeover comes first, committed or not: nothing of the former writer's is kept, though
    /// it was written before the book was taken.
    @Test
    void aWriterThatWasTakenOverInMidCommandCommitsNothing() throws Exception {
        for (boolean isCommitted : new boolean[] {true, false}) {
            try (TestBooks books = furnished();
                    Bookkeeper other = Bookkeeper.start(books.store().openWriter(), () -> 0)) {
                CountDownLatch locked = new CountDownLatch(1);
                CountDownLatch release = new CountDownLatch(1);
                List<CompletableFuture<PostOutcome>> taken = new ArrayList<>();
                CompletableFuture<PostOutcome> late =
                        books.bookkeeper()
                                .submit(
                                        BARRY,
                                        writing -> {
                                            PostOutcome posted =
                                                    writing.books().post(gift(1, 10), 0);
                                            taken.add(
                                                    takeOver(other, gift(2, 10), locked, release));
                                            if (isCommitted) {
                                                release.countDown();
                                                PostOutcome _ = taken.getFirst().get();
                                            } else {
                                                locked.await();
                                            }
                                            return posted;
                                        });
                if (!isCommitted) {
                    awaitAWaitingBackend(books);
                    assertThat(late).isNotDone();
                    release.countDown();
                }
                assertThatThrownBy(late::get)
                        .cause()
                        .isInstanceOfSatisfying(
                                RefusedException.class,
                                e -> assertThat(e.why()).isEqualTo(RefusedException.Why.ELSEWHERE));
                assertThat(books.bookkeeper().held()).isEmpty();
                assertThat(((PostOutcome.Posted) taken.getFirst().get()).entry().sequence())
                        .isEqualTo(2);
                assertThat(books.balance(BOB)).isEqualTo(10);
                assertThat(verified(books).fault()).isNull();
            }
        }
    }

    /// As when its machine falls off the network: the rows it has locked are let go by the server.
    @Test
    void aWriterThatFallsSilentInMidTransactionDoesNotHoldTheBookUp() throws Exception {
        try (TestBooks books = furnished();
                Bookkeeper other = Bookkeeper.start(books.store().openWriter(), () -> 0)) {
            CountDownLatch written = new CountDownLatch(1);
            CountDownLatch silence = new CountDownLatch(1);
            CompletableFuture<Integer> silent =
                    books.bookkeeper()
                            .submit(
                                    BARRY,
                                    writing -> {
                                        int rows = writing.sql().update(TOUCH);
                                        written.countDown();
                                        silence.await();
                                        return rows;
                                    });
            written.await();
            CompletableFuture<Integer> next =
                    other.submit(writing -> {
                        writing.books().openBook(BARRY, "Barry time bank");
                        return writing.sql().update(TOUCH);
                    });
            assertThat(next.get()).isEqualTo(1);
            silence.countDown();
            assertThatThrownBy(silent::get).hasMessageContaining("not written by this hub");
        }
    }

    @Test
    void whoLosesOneBookGoesOnWithTheOthers() throws Exception {
        BookId cardiff = new BookId("cardiff");
        try (TestBooks books = furnished();
                Bookkeeper other = Bookkeeper.start(books.store().openWriter(), () -> 0)) {
            books.write(writing -> {
                writing.books().openBook(cardiff, "Cardiff");
                return true;
            });
            takeOver(other, gift(1, 10)).get();
            CountDownLatch held = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            CompletableFuture<Boolean> holding =
                    books.bookkeeper()
                            .submit(
                                    cardiff,
                                    _ -> {
                                        held.countDown();
                                        release.await();
                                        return true;
                                    });
            held.await();
            CompletableFuture<PostOutcome> lost =
                    books.bookkeeper()
                            .submit(BARRY, writing -> writing.books().post(gift(2, 10), 0));
            AtomicInteger runs = new AtomicInteger();
            CompletableFuture<Integer> kept =
                    books.bookkeeper()
                            .submit(
                                    cardiff,
                                    writing -> {
                                        runs.incrementAndGet();
                                        return writing.sql()
                                                .update(
                                                        "UPDATE book SET name = 'x' WHERE book_id = 'cardiff'");
                                    });
            release.countDown();
            assertThat(holding.get()).isTrue();
            assertThat(kept.get()).isEqualTo(1);
            assertThat(runs).hasValueGreaterThan(1);
            assertThatThrownBy(lost::get).hasMessageContaining("not written by this hub");
            assertThat(books.bookkeeper().held()).containsOnlyKeys(cardiff);
            assertThat(books.balance(BOB)).isEqualTo(10);
        }
    }

    private static CompletableFuture<PostOutcome> takeOver(Bookkeeper other, Transfer transfer) {
        return takeOver(other, transfer, new CountDownLatch(1), new CountDownLatch(0));
    }

    /// @param taken counted down when the lease is changed, before it is committed
    /// @param release waited for in between
    private static CompletableFuture<PostOutcome> takeOver(
            Bookkeeper other, Transfer transfer, CountDownLatch taken, CountDownLatch release) {
        return other.submit(writing -> {
            writing.books().openBook(BARRY, "Barry time bank");
            taken.countDown();
            release.await();
            return writing.books().post(transfer, 0);
        });
    }

    private static void awaitAWaitingBackend(TestBooks books) throws Exception {
        awaitNone(
                "a statement that waits for a lock",
                books,
                "SELECT CASE WHEN COUNT(*) > 0 THEN 0 ELSE 1 END FROM pg_stat_activity WHERE"
                        + " datname = current_database() AND wait_event_type = 'Lock'");
    }

    private static void awaitNone(String what, TestBooks books, String count) throws Exception {
        try (Connection connection =
                        cluster.connect(books.store().toString().replaceAll(".*/", ""));
                Statement statement = connection.createStatement()) {
            Awaiting.until(
                    what,
                    () -> {
                        try (ResultSet row = statement.executeQuery(count)) {
                            return row.next() && row.getInt(1) == 0;
                        } catch (SQLException e) {
                            throw new IllegalStateException(e);
                        }
                    });
        }
    }
}
