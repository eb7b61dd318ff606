package org.hourtap.server.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.server.books.TestBooks.ANN;
import static org.hourtap.server.books.TestBooks.ANNS_CARD;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.books.TestBooks.BOB;
import static org.hourtap.server.books.TestBooks.BOBS_CARD;
import static org.hourtap.server.books.TestBooks.COOK;
import static org.hourtap.server.books.TestBooks.LUNCH_DOOR;
import static org.hourtap.server.books.TestBooks.POOL_DOOR;
import static org.hourtap.server.books.TestBooks.STRANGERS_CARD;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.hourtap.contract.CardId;
import org.hourtap.contract.EventOutcome;
import org.hourtap.contract.EventOutcome.Outcome;
import org.hourtap.contract.FeedPage;
import org.hourtap.contract.FeedRow;
import org.hourtap.ledger.AccountId;
import org.hourtap.runtime.Engine;
import org.hourtap.server.books.TestBooks;
import org.hourtap.server.cards.CardRegister;
import org.hourtap.server.feed.Feed;
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
class ShiftsTest {
    private static final CardId BOBS_SECOND = new CardId("04BBBBBB");

    private final Engine engine;
    @TempDir Path folder;
    private TestBooks books;
    private Door lunch;
    private Door pool;

    ShiftsTest(Engine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open() throws Exception {
        books = TestBooks.furnished(engine, folder);
        lunch = new Door(books, LUNCH_DOOR);
        pool = new Door(books, POOL_DOOR);
    }

    @AfterEach
    void close() throws Exception {
        assertThat(books.trialBalance().isBalanced()).isTrue();
        books.close();
    }

    private List<Finding.Kind> findings() throws Exception {
        return books.read(sql -> new Findings(sql).list(BARRY, Long.MAX_VALUE, 500)).stream()
                .map(kept -> kept.finding().kind())
                .toList();
    }

    private FeedRow.CardRow row(CardId card) throws Exception {
        FeedPage page =
                books.read(sql -> new Feed(sql).pageFor(BARRY, LUNCH_DOOR, 0L, List.of(), 0));
        return page.rows().stream()
                .filter(row -> row instanceof FeedRow.CardRow)
                .map(FeedRow.CardRow.class::cast)
                .filter(row -> row.card().equals(card))
                .findFirst()
                .orElseThrow();
    }

    private static Outcome only(List<EventOutcome> outcomes) {
        assertThat(outcomes).hasSize(1);
        return outcomes.getFirst().outcome();
    }

    @Test
    void aShiftIsCreditedInStartedBlocksAndTheFeedShowsIt() throws Exception {
        assertThat(only(lunch.send(1, lunch.in(1, 1, BOBS_CARD)))).isEqualTo(Outcome.RECORDED);
        assertThat(row(BOBS_CARD).openShift())
                .isEqualTo(new FeedRow.OpenShift(COOK, books.nowMicros()));
        lunch.pass(61);
        assertThat(only(lunch.send(1, lunch.out(2, 2, BOBS_CARD)))).isEqualTo(Outcome.POSTED);
        assertThat(books.balance(BOB)).isEqualTo(75);
        assertThat(row(BOBS_CARD).balance()).isEqualTo(75);
        assertThat(row(BOBS_CARD).openShift()).isNull();
    }

    @Test
    void aShiftMayEndAtAnotherTerminalWithAnotherCardOfTheMember() throws Exception {
        books.write(writing -> {
            CardRegister.issue(writing, BARRY, TestBooks.card(BOBS_SECOND, BOB));
            return true;
        });
        lunch.send(1, lunch.in(1, 1, BOBS_CARD));
        pool.pass(60);
        String out = pool.out(1, 2, BOBS_SECOND);
        // Sent half an hour later: what counts is when it was tapped.
        pool.pass(30);
        assertThat(only(pool.send(1, out))).isEqualTo(Outcome.POSTED);
        assertThat(books.balance(BOB)).isEqualTo(60);
    }

    @Test
    void afterARebootTheTwoTimesAtTheHubGiveTheLength() throws Exception {
        lunch.send(1, lunch.in(1, 1, BOBS_CARD));
        lunch.reboot();
        lunch.pass(45);
        assertThat(only(lunch.send(1, lunch.out(2, 2, BOBS_CARD)))).isEqualTo(Outcome.POSTED);
        assertThat(books.balance(BOB)).isEqualTo(45);
    }

    @Test
    void withoutAnAnchorNothingIsCreditedAndSomeoneDecides() throws Exception {
        lunch.send(1, lunch.in(1, 1, BOBS_CARD));
        lunch.reboot();
        lunch.pass(45);
        String out = lunch.out(2, 2, BOBS_CARD);
        lunch.reboot();
        lunch.pass(5);
        assertThat(only(lunch.send(1, out))).isEqualTo(Outcome.RECORDED);
        assertThat(books.balance(BOB)).isZero();
        assertThat(findings()).containsExactly(Finding.Kind.SHIFT_LENGTH_UNKNOWN);
        assertThat(row(BOBS_CARD).openShift()).isNull();
    }

    @Test
    void sixteenHoursCountAndOneMinuteMoreDoesNot() throws Exception {
        lunch.send(1, lunch.in(1, 1, BOBS_CARD));
        lunch.pass(16 * 60);
        assertThat(only(lunch.send(1, lunch.out(2, 2, BOBS_CARD)))).isEqualTo(Outcome.POSTED);
        assertThat(books.balance(BOB)).isEqualTo(16 * 60);
        lunch.send(1, lunch.in(3, 3, ANNS_CARD));
        lunch.pass(16 * 60 + 1);
        assertThat(only(lunch.send(1, lunch.out(4, 4, ANNS_CARD)))).isEqualTo(Outcome.RECORDED);
        assertThat(books.balance(ANN)).isEqualTo(180);
        assertThat(findings()).containsExactly(Finding.Kind.SHIFT_TOO_LONG);
    }

    @Test
    void nobodyEarnsAtTwoPlacesAtOnceOnATapThatCameLate() throws Exception {
        String in = lunch.in(1, 1, BOBS_CARD);
        lunch.pass(30);
        pool.send(1, pool.in(1, 2, BOBS_CARD));
        pool.pass(60);
        assertThat(only(pool.send(1, pool.out(2, 3, BOBS_CARD)))).isEqualTo(Outcome.POSTED);
        lunch.pass(10);
        lunch.send(1, in, lunch.out(2, 4, BOBS_CARD));
        assertThat(books.balance(BOB)).isEqualTo(60);
        assertThat(findings()).containsExactly(Finding.Kind.SHIFTS_OVERLAP);
        assertThat(row(BOBS_CARD).openShift()).isNull();
    }

    @Test
    void aHubWhoseClockWasBehindForAWhileTakesNoHoursFromAnyone() throws Exception {
        lunch.send(1, lunch.in(1, 1, BOBS_CARD));
        lunch.pass(60);
        lunch.send(1, lunch.out(2, 2, BOBS_CARD));
        lunch.pass(10);
        books.pass(Duration.ofHours(-2));
        lunch.send(1, lunch.in(3, 3, BOBS_CARD));
        books.pass(Duration.ofHours(2));
        lunch.pass(30);
        assertThat(only(lunch.send(1, lunch.out(4, 4, BOBS_CARD)))).isEqualTo(Outcome.POSTED);
        assertThat(books.balance(BOB)).isEqualTo(90);
        assertThat(findings()).isEmpty();
    }

    @Test
    void aHubWhoseClockWasAheadForAWhileTakesNoHoursFromAnyone() throws Exception {
        lunch.send(1, lunch.in(1, 1, BOBS_CARD));
        lunch.pass(30);
        books.pass(Duration.ofDays(365));
        assertThat(only(lunch.send(1, lunch.out(2, 2, BOBS_CARD)))).isEqualTo(Outcome.POSTED);
        books.pass(Duration.ofDays(-365));
        lunch.pass(10);
        lunch.send(1, lunch.in(3, 3, BOBS_CARD));
        lunch.pass(15);
        assertThat(only(lunch.send(1, lunch.out(4, 4, BOBS_CARD)))).isEqualTo(Outcome.POSTED);
        assertThat(books.balance(BOB)).isEqualTo(45);
        assertThat(findings()).isEmpty();
    }

    @Test
    void aShiftMayBeginWhereTheLastOneEnded() throws Exception {
        lunch.send(1, lunch.in(1, 1, BOBS_CARD));
        lunch.pass(20);
        lunch.send(1, lunch.out(2, 2, BOBS_CARD), lunch.in(3, 3, BOBS_CARD));
        lunch.pass(20);
        lunch.send(1, lunch.out(4, 4, BOBS_CARD));
        assertThat(books.balance(BOB)).isEqualTo(60);
        assertThat(findings()).isEmpty();
    }

    @Test
    void aSecondTapInClosesTheForgottenShiftWithoutHoursAndOpensANewOne() throws Exception {
        lunch.send(1, lunch.in(1, 1, BOBS_CARD));
        lunch.pass(24 * 60);
        assertThat(only(lunch.send(1, lunch.in(2, 2, BOBS_CARD)))).isEqualTo(Outcome.RECORDED);
        assertThat(findings()).containsExactly(Finding.Kind.FORGOTTEN_TAP_OUT);
        lunch.pass(30);
        lunch.send(1, lunch.out(3, 3, BOBS_CARD));
        assertThat(books.balance(BOB)).isEqualTo(30);
    }

    @Test
    void aTapOutWithoutAShiftIsRecordedAndFound() throws Exception {
        assertThat(only(lunch.send(1, lunch.out(1, 1, BOBS_CARD)))).isEqualTo(Outcome.RECORDED);
        assertThat(findings()).containsExactly(Finding.Kind.NO_OPEN_SHIFT);
    }

    @Test
    void noTimeEarnsNothing() throws Exception {
        lunch.send(1, lunch.in(1, 1, BOBS_CARD));
        assertThat(only(lunch.send(1, lunch.out(2, 2, BOBS_CARD)))).isEqualTo(Outcome.RECORDED);
        assertThat(books.balance(BOB)).isZero();
    }

    @Test
    void hoursOfACardNobodyKnowsWaitInSuspense() throws Exception {
        lunch.send(1, lunch.in(1, 1, STRANGERS_CARD));
        lunch.pass(60);
        assertThat(only(lunch.send(1, lunch.out(2, 2, STRANGERS_CARD))))
                .isEqualTo(Outcome.POSTED_FOR_REVIEW);
        assertThat(books.balance(AccountId.suspense(BARRY))).isEqualTo(-60);
    }

    @Test
    void aShiftBegunBeforeTheCardWasIssuedIsItsMembersWhenItEnds() throws Exception {
        lunch.send(1, lunch.in(1, 1, STRANGERS_CARD));
        books.write(writing -> {
            CardRegister.issue(writing, BARRY, TestBooks.card(STRANGERS_CARD, BOB));
            return true;
        });
        lunch.pass(60);
        assertThat(only(lunch.send(1, lunch.out(2, 2, STRANGERS_CARD)))).isEqualTo(Outcome.POSTED);
        assertThat(books.balance(BOB)).isEqualTo(60);
    }
}
