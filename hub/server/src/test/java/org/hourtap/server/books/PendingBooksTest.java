package org.hourtap.server.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.server.books.TestBooks.ANN;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.books.TestBooks.NOON;
import static org.hourtap.server.books.TestBooks.id;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.hourtap.contract.Credits;
import org.hourtap.ledger.Account;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.AccountKind;
import org.hourtap.ledger.Balance;
import org.hourtap.ledger.Entry;
import org.hourtap.ledger.PostOutcome;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Rejection;
import org.hourtap.ledger.Stage;
import org.hourtap.ledger.Transfer;
import org.hourtap.ledger.TrialBalance;
import org.hourtap.runtime.Engine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Hours that are held, in real books on both engines.
@ParameterizedClass
@EnumSource(Engine.class)
@Timeout(60)
class PendingBooksTest {
    private static final AccountId ANNS = AccountId.of(BARRY, ANN);
    private static final AccountId POOL = AccountId.of(BARRY, TestBooks.POOL);

    private final Engine engine;
    @TempDir Path folder;
    private TestBooks books;

    PendingBooksTest(Engine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open() throws Exception {
        books = TestBooks.furnished(engine, folder);
    }

    @AfterEach
    void close() throws Exception {
        TrialBalance trial = books.trialBalance();
        assertThat(trial.isBalanced()).as("%s", trial).isTrue();
        assertThat(books.<List<ChainCheck.Verdict>>read(sql -> ChainCheck.verify(sql, _ -> {})))
                .extracting(ChainCheck.Verdict::fault)
                .containsOnlyNulls();
        books.close();
    }

    private static Transfer swim(int n, long minutes, Stage stage) {
        return new Transfer(
                id(n), ANNS, POOL, new Credits(minutes), Reason.SPEND, null, null, NOON + n, stage);
    }

    private CompletableFuture<PostOutcome> submit(Transfer transfer) {
        return books.bookkeeper()
                .submit(writing -> writing.books().post(transfer, writing.nowMicros()));
    }

    private PostOutcome post(Transfer transfer) throws Exception {
        return submit(transfer).get();
    }

    private Balance balance(AccountId account) throws Exception {
        return books.read(sql -> new Statements(sql).account(account)).orElseThrow().balance();
    }

    private List<Transfer> undecided() throws Exception {
        return books.<List<Entry>>read(sql -> new Undecided(sql).list(BARRY)).stream()
                .map(Entry::transfer)
                .toList();
    }

    @Test
    void whatIsHeldIsThereAfterARestartAndIsDecidedOnce() throws Exception {
        Transfer booked = swim(1, 60, Stage.pendingUntil(NOON + 500));
        Transfer other = swim(2, 90, Stage.PENDING);
        assertThat(post(booked)).isInstanceOf(PostOutcome.Posted.class);
        assertThat(post(other)).isInstanceOf(PostOutcome.Posted.class);
        Transfer beyond = swim(3, 31, Stage.PENDING);
        PostOutcome refused = new PostOutcome.Rejected(Rejection.EXCEEDS_BALANCE);
        assertThat(post(beyond)).isEqualTo(refused);
        books.reopen();
        assertThat(post(beyond)).as("declined as it was asked for").isEqualTo(refused);
        assertThat(post(swim(3, 31, Stage.PLAIN))).isInstanceOf(PostOutcome.Conflicting.class);
        assertThat(post(booked)).isInstanceOf(PostOutcome.AlreadyPosted.class);
        assertThat(balance(ANNS)).isEqualTo(new Balance(0, 180, 150, 0));
        assertThat(balance(POOL)).isEqualTo(new Balance(0, 0, 0, 150));
        assertThat(undecided()).containsExactly(booked, other);

        Transfer part = swim(4, 20, Stage.posting(id(1)));
        assertThat(post(part)).isInstanceOf(PostOutcome.Posted.class);
        assertThat(post(part)).isInstanceOf(PostOutcome.AlreadyPosted.class);
        assertThat(post(swim(5, 60, Stage.voiding(id(1)))))
                .isEqualTo(new PostOutcome.Rejected(Rejection.ALREADY_DECIDED));
        assertThat(post(swim(6, 90, Stage.voiding(id(2))))).isInstanceOf(PostOutcome.Posted.class);
        books.reopen();
        assertThat(balance(ANNS)).isEqualTo(new Balance(20, 180));
        assertThat(balance(POOL)).isEqualTo(new Balance(0, 20));
        assertThat(undecided()).isEmpty();
        assertThat(post(swim(7, 160, Stage.PLAIN))).isInstanceOf(PostOutcome.Posted.class);
    }

    @Test
    void oneGroupMayHoldAndDecideAndADecisionCountsOnceInIt() throws Exception {
        CountDownLatch release = books.hold();
        List<CompletableFuture<PostOutcome>> group = new ArrayList<>();
        group.add(submit(swim(1, 60, Stage.PENDING)));
        group.add(submit(swim(2, 60, Stage.posting(id(1)))));
        group.add(submit(swim(3, 30, Stage.PENDING)));
        release.countDown();
        for (CompletableFuture<PostOutcome> each : group) {
            assertThat(each.get()).isInstanceOf(PostOutcome.Posted.class);
        }
        assertThat(undecided()).containsExactly(swim(3, 30, Stage.PENDING));
        CountDownLatch again = books.hold();
        CompletableFuture<PostOutcome> first = submit(swim(4, 30, Stage.voiding(id(3))));
        CompletableFuture<PostOutcome> second = submit(swim(5, 30, Stage.posting(id(3))));
        again.countDown();
        assertThat(first.get()).isInstanceOf(PostOutcome.Posted.class);
        assertThat(second.get()).isEqualTo(new PostOutcome.Rejected(Rejection.ALREADY_DECIDED));
        assertThat(balance(ANNS)).isEqualTo(new Balance(60, 180));
    }

    @Test
    void whatACommandHeldIsNotHeldWhenTheCommandIsRefused() throws Exception {
        CompletableFuture<Boolean> failing =
                books.bookkeeper()
                        .submit(writing -> {
                            writing.books().post(swim(1, 60, Stage.PENDING), 0);
                            throw RefusedException.invalid("no");
                        });
        assertThat(failing).failsWithin(Duration.ofSeconds(20));
        assertThat(undecided()).isEmpty();
        assertThat(balance(ANNS)).isEqualTo(new Balance(0, 180));
        assertThat(post(swim(1, 180, Stage.PLAIN))).isInstanceOf(PostOutcome.Posted.class);
    }

    @Test
    void accountsShowWhatWasHeldThenAndTurnoverOnlyWhatMoved() throws Exception {
        post(swim(1, 60, Stage.PENDING)); // entry 2
        post(swim(2, 45, Stage.posting(id(1)))); // entry 3
        post(swim(3, 30, Stage.PENDING)); // entry 4
        post(swim(4, 30, Stage.voiding(id(3)))); // entry 5
        for (long[] then :
                new long[][] {{1, 0, 0}, {2, 0, 60}, {3, 45, 0}, {4, 45, 30}, {5, 45, 0}}) {
            List<Statements.Standing> standings =
                    books.read(sql -> new Statements(sql).standings(BARRY, then[0]));
            assertThat(standings)
                    .filteredOn(standing -> standing.account().equals(ANNS))
                    .extracting(Statements.Standing::balance)
                    .as("after entry %d", then[0])
                    .containsExactly(new Balance(then[1], 180, then[2], 0));
        }
        List<Statements.Turnover> turnover =
                books.read(sql -> new Statements(sql).turnover(BARRY, AccountKind.VENUE, 0, 5));
        assertThat(turnover)
                .containsExactly(new Statements.Turnover("pool", Reason.SPEND, true, 1, 45));
        List<Statements.Line> lines =
                books.read(sql -> new Statements(sql).statement(ANNS, Long.MAX_VALUE, 10));
        assertThat(lines)
                .extracting(Statements.Line::minutes)
                .containsExactly(0L, 0L, -45L, 0L, 180L);
        assertThat(lines)
                .extracting(Statements.Line::balance)
                .containsExactly(135L, 135L, 135L, 180L, 180L);
        Account pool = books.<Account>read(sql -> new Statements(sql).account(POOL).orElseThrow());
        assertThat(pool.carried()).isEqualTo(45);
    }
}
