package org.hourtap.server.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hourtap.server.books.TestBooks.ANN;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.books.TestBooks.BOB;
import static org.hourtap.server.books.TestBooks.id;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.hourtap.contract.Credits;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.PostOutcome;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Rejection;
import org.hourtap.ledger.Transfer;
import org.hourtap.runtime.Engine;
import org.hourtap.server.office.Adjustment;
import org.hourtap.server.office.Instruction;
import org.hourtap.server.office.Operator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Engine.class)
@Timeout(60)
class BookkeeperTest {
    private static final AccountId ANNS = AccountId.of(BARRY, ANN);
    private static final AccountId BOBS = AccountId.of(BARRY, BOB);

    private final Engine engine;
    @TempDir Path folder;
    private TestBooks books;

    BookkeeperTest(Engine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open() throws Exception {
        books = TestBooks.furnished(engine, folder);
    }

    @AfterEach
    void close() throws Exception {
        books.close();
    }

    private static Transfer gift(int n, long minutes) {
        return new Transfer(id(n), ANNS, BOBS, new Credits(minutes), Reason.GIFT, null, null, 0);
    }

    private PostOutcome post(Transfer transfer) throws Exception {
        return books.write(writing -> writing.books().post(transfer, writing.nowMicros()));
    }

    @Test
    void whatIsPostedIsThereAfterAReopen() throws Exception {
        assertThat(post(gift(1, 50))).isInstanceOf(PostOutcome.Posted.class);
        books.reopen();
        assertThat(books.balance(ANN)).isEqualTo(130);
        assertThat(books.balance(BOB)).isEqualTo(50);
        assertThat(post(gift(1, 50))).isInstanceOf(PostOutcome.AlreadyPosted.class);
        assertThat(post(gift(1, 51))).isInstanceOf(PostOutcome.Conflicting.class);
        assertThat(books.trialBalance().isBalanced()).isTrue();
    }

    @Test
    void aDeclinedIdStaysDeclinedAfterAReopenAndAfterHoursArrive() throws Exception {
        PostOutcome declined = new PostOutcome.Rejected(Rejection.EXCEEDS_BALANCE);
        assertThat(post(gift(1, 181))).isEqualTo(declined);
        books.give(2, ANN, 100);
        books.reopen();
        assertThat(post(gift(1, 181))).isEqualTo(declined);
        assertThat(post(gift(2, 181))).isInstanceOf(PostOutcome.Posted.class);
    }

    @Test
    void aDeclinedIdStaysDeclinedAmongMoreThanAreComparedAtOnce() throws Exception {
        PostOutcome declined = new PostOutcome.Rejected(Rejection.EXCEEDS_BALANCE);
        for (int n = 1; n <= 300; n++) {
            assertThat(post(gift(n, 181))).isEqualTo(declined);
        }
        books.give(1_000, ANN, 1_000);
        List<PostOutcome> outcomes =
                books.bookkeeper()
                        .ask(
                                writing -> {
                                    List<PostOutcome> all = new ArrayList<>();
                                    for (int n : new int[] {400, 299, 1}) {
                                        all.add(writing.books().post(gift(n, 181), 0));
                                    }
                                    return all;
                                },
                                Duration.ofSeconds(20));
        assertThat(outcomes.get(0)).isInstanceOf(PostOutcome.Posted.class);
        assertThat(outcomes.subList(1, 3)).containsOnly(declined);
    }

    @Test
    void aFailingCommandLeavesNoTraceAndItsNeighboursInTheGroupStay() throws Exception {
        CountDownLatch release = books.hold();
        List<CompletableFuture<PostOutcome>> futures = new ArrayList<>();
        for (int n = 1; n <= 5; n++) {
            int each = n;
            futures.add(
                    books.bookkeeper()
                            .submit(writing -> {
                                PostOutcome outcome = writing.books().post(gift(each, 10), 0);
                                writing.books()
                                        .open(
                                                new AccountId(
                                                        BARRY,
                                                        org.hourtap.ledger.AccountKind.POT,
                                                        "pot" + each));
                                if (each == 3) {
                                    throw RefusedException.conflict("no third gift");
                                }
                                return outcome;
                            }));
        }
        release.countDown();
        for (int n = 1; n <= 5; n++) {
            CompletableFuture<PostOutcome> future = futures.get(n - 1);
            if (n == 3) {
                assertThatThrownBy(future::get)
                        .isInstanceOf(ExecutionException.class)
                        .hasRootCauseMessage("no third gift");
            } else {
                assertThat(future.get()).isInstanceOf(PostOutcome.Posted.class);
            }
        }
        assertThat(books.balance(BOB)).isEqualTo(40);
        assertThat(books.trialBalance().isBalanced()).isTrue();
        Optional<?> third =
                books.read(sql ->
                        new Statements(sql)
                                .account(
                                        new AccountId(
                                                BARRY,
                                                org.hourtap.ledger.AccountKind.POT,
                                                "pot3")));
        assertThat(third).isEmpty();
        assertThat(post(gift(3, 10))).isInstanceOf(PostOutcome.Posted.class);
        assertThat(books.trialBalance().isBalanced()).isTrue();
    }

    @Test
    void aStatementThatBreaksAConstraintFailsItsOwnCommandOnly() throws Exception {
        CountDownLatch release = books.hold();
        CompletableFuture<PostOutcome> good =
                books.bookkeeper().submit(writing -> writing.books().post(gift(1, 10), 0));
        CompletableFuture<Integer> bad =
                books.bookkeeper()
                        .submit(writing -> {
                            writing.books().post(gift(2, 10), 0);
                            return writing.sql()
                                    .update("INSERT INTO venue VALUES ('none', 'x', 'x')");
                        });
        release.countDown();
        assertThat(good.get()).isInstanceOf(PostOutcome.Posted.class);
        assertThatThrownBy(bad::get).hasCauseInstanceOf(SQLException.class);
        assertThat(books.balance(BOB)).isEqualTo(10);
    }

    @Test
    void workAfterTheCommitRunsOnceItIsReadableAndNeverForAFailedCommand() throws Exception {
        AtomicInteger seen = new AtomicInteger(-1);
        books.write(writing -> {
            writing.books().post(gift(1, 10), 0);
            writing.afterCommit(() -> {
                try {
                    seen.set((int) books.balance(BOB));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            return true;
        });
        Awaiting.until("work after commit", () -> seen.get() == 10);
        assertThatThrownBy(() ->
                        books.write(writing -> {
                            writing.afterCommit(() -> seen.set(99));
                            throw RefusedException.invalid("no");
                        }))
                .isInstanceOf(RefusedException.class);
        books.write(_ -> true);
        assertThat(seen).hasValue(10);
    }

    @Test
    void theJournalCannotBeEditedEvenByHand() {
        for (String sql : List.of("UPDATE transfer SET minutes = 1", "DELETE FROM transfer")) {
            assertThatThrownBy(() -> books.write(writing -> writing.sql().update(sql)))
                    .as(sql)
                    .hasRootCauseInstanceOf(SQLException.class)
                    .hasStackTraceContaining("append-only");
        }
    }

    @Test
    void anAccountCanNeitherBeDeletedNorBecomeAnother() {
        for (String sql :
                List.of(
                        "DELETE FROM account",
                        "UPDATE account SET number = number + 1000",
                        "UPDATE account SET owner = 'bob' WHERE owner = 'ann'")) {
            assertThatThrownBy(() -> books.write(writing -> writing.sql().update(sql)))
                    .as(sql)
                    .hasRootCauseInstanceOf(SQLException.class)
                    .hasStackTraceContaining("an account ");
        }
    }

    @Test
    void aStatementFollowsTheEntriesBackFromTheNewest() throws Exception {
        post(gift(1, 10));
        post(gift(2, 20));
        post(gift(3, 30));
        List<Statements.Line> lines =
                books.read(sql -> new Statements(sql).statement(ANNS, Long.MAX_VALUE, 3));
        assertThat(lines).extracting(Statements.Line::minutes).containsExactly(-30L, -20L, -10L);
        assertThat(lines).extracting(Statements.Line::balance).containsExactly(120L, 150L, 170L);
        long oldest = lines.getLast().entry().sequence();
        List<Statements.Line> rest =
                books.read(sql -> new Statements(sql).statement(ANNS, oldest, 10));
        assertThat(rest).extracting(Statements.Line::minutes).containsExactly(180L);
        List<Statements.JournalLine> journal =
                books.read(sql -> new Statements(sql).journal(BARRY, 1, 2));
        assertThat(journal).extracting(line -> line.entry().sequence()).containsExactly(2L, 3L);
    }

    @Test
    void anAdjustmentCountsOnceAndKeepsItsOperatorAndNote() throws Exception {
        Instruction gift =
                new Adjustment(id(7), BOB, 60, new Operator("Ceri", "helped at the fair"))
                        .in(BARRY);
        assertThat(gift.entry(books.write(writing -> gift.post(writing))).sequence())
                .isEqualTo(gift.entry(books.write(writing -> gift.post(writing))).sequence());
        Instruction other =
                new Adjustment(id(7), BOB, 60, new Operator("Ceri", "another reason")).in(BARRY);
        assertThatThrownBy(() -> other.entry(books.write(writing -> other.post(writing))))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("already used");
        Instruction tooMuch =
                new Adjustment(id(8), BOB, -61, new Operator("Ceri", "typing error")).in(BARRY);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> tooMuch.entry(books.write(writing -> tooMuch.post(writing))))
                    .hasMessageContaining("does not have that much time");
            books.give(9 + i, BOB, 60);
        }
        assertThat(books.balance(BOB)).isEqualTo(180);
    }

    @Test
    void whoeverTakesABookOverShutsItsFormerWriterOut() throws Exception {
        post(gift(1, 10));
        try (Bookkeeper other = Bookkeeper.start(books.store().openWriter(), () -> 0)) {
            other.submit(
                            writing -> {
                                writing.books().openBook(BARRY, "Barry time bank");
                                return writing.books().post(gift(2, 10), 0);
                            })
                    .get();
            // Asked with what it remembers, and again: it is not let in by trying.
            for (int n = 3; n < 5; n++) {
                Transfer late = gift(n, 10);
                assertThatThrownBy(() -> post(late))
                        .isInstanceOf(UnavailableException.class)
                        .hasMessageContaining("Another hub has taken these books over");
            }
            CompletableFuture<PostOutcome> goingOn =
                    other.submit(writing -> writing.books().post(gift(3, 10), 0));
            assertThat(goingOn.get()).isInstanceOf(PostOutcome.Posted.class);
            assertThat(books.balance(BOB)).isEqualTo(30);
            assertThat(books.trialBalance().isBalanced()).isTrue();
        }
        books.reopen();
        assertThatThrownBy(() ->
                        books.write(writing -> {
                            writing.books().openBook(BARRY, "Barry");
                            throw RefusedException.conflict("and then not");
                        }))
                .hasMessage("and then not");
        assertThat(post(gift(4, 10))).isInstanceOf(PostOutcome.Posted.class);
    }
}
