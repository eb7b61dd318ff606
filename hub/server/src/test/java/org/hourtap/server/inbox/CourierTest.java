package org.hourtap.server.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.contract.EventOutcome.Outcome.CONFLICTING;
import static org.hourtap.contract.EventOutcome.Outcome.POSTED;
import static org.hourtap.contract.EventOutcome.Outcome.RECORDED;
import static org.hourtap.server.books.TestBooks.ANN;
import static org.hourtap.server.books.TestBooks.ANNS_CARD;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.inbox.CardScene.on;
import static org.hourtap.server.inbox.CardScene.swim;
import static org.hourtap.server.inbox.CardScene.tap;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.hourtap.contract.CardRecord;
import org.hourtap.contract.CardStamp;
import org.hourtap.contract.CarriedTap;
import org.hourtap.contract.Codec;
import org.hourtap.contract.Credits;
import org.hourtap.contract.EventOutcome;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.TerminalTag;
import org.hourtap.ledger.Entry;
import org.hourtap.ledger.TapOrigin;
import org.hourtap.runtime.Engine;
import org.hourtap.server.books.Statements;
import org.hourtap.server.books.TestBooks;
import org.hourtap.server.cards.CardMacs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Engine.class)
@Timeout(120)
class CourierTest {
    private final Engine engine;
    @TempDir Path folder;
    private CardScene scene;
    private Door pool;
    private Door hall;

    CourierTest(Engine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open() throws Exception {
        scene = new CardScene(TestBooks.furnished(engine, folder));
        pool = scene.pool;
        hall = scene.hall;
    }

    @AfterEach
    void close() throws Exception {
        assertThat(scene.books.trialBalance().isBalanced()).isTrue();
        scene.close();
    }

    private TapEvent bringing(long sequence, int id, CarriedTap... carried) {
        return Door.carrying(tap(hall, sequence, id, TapEvent.Kind.DECLINED, 0), carried);
    }

    @Test
    void aCarriedTapIsPostedLikeItsTerminalsOwn() throws Exception {
        CarriedTap carried = on(pool, swim(pool, 3, 3, 60, 1), 1);
        assertThat(hall.send(1, bringing(1, 101, carried)))
                .containsExactly(new EventOutcome(1, RECORDED, ""));
        assertThat(scene.books.balance(ANN)).isEqualTo(120);
        assertThat(scene.atPool()).isEqualTo(60);
        Entry entry =
                scene.books
                        .read(sql -> new Statements(sql).entry(BARRY, TestBooks.id(3)))
                        .orElseThrow();
        assertThat(entry.transfer().origin()).isEqualTo(new TapOrigin(TestBooks.POOL_DOOR, 3, 0));
        assertThat(scene.row(ANNS_CARD).balance()).isEqualTo(120);
        assertThat(scene.row(ANNS_CARD).counter()).isEqualTo(1);
        assertThat(scene.kept(3).isBroughtOnly()).isTrue();
        assertThat(scene.kinds()).isEmpty();
    }

    @Test
    void theAbsentTerminalsPlaceStaysAndItsJournalIsRecognisedWhenItComes() throws Exception {
        TapEvent first = swim(pool, 1, 1, 60, 1);
        TapEvent second = swim(pool, 2, 2, 30, 2);
        hall.send(1, bringing(1, 101, on(pool, first, 1), on(pool, second, 2)));
        assertThat(pool.last()).isZero();
        scene.books.reopen();
        assertThat(pool.send(1, first, second))
                .extracting(EventOutcome::outcome)
                .containsExactly(POSTED, POSTED);
        assertThat(pool.last()).isEqualTo(2);
        assertThat(scene.atPool()).isEqualTo(90);
        assertThat(scene.kept(1).text()).isEqualTo(Codec.encodeEvent(first));
        assertThat(pool.send(1, first, second)).hasSize(2);
        assertThat(scene.atPool()).isEqualTo(90);
        assertThat(scene.kinds()).isEmpty();
    }

    @Test
    void whatItsTerminalSentIsNotPostedAgainForTheCard() throws Exception {
        TapEvent swim = swim(pool, 1, 1, 60, 1);
        pool.send(1, swim);
        for (int n = 1; n <= 3; n++) {
            hall.send(1, bringing(n, 100 + n, on(pool, swim, 1), on(pool, swim, 1)));
        }
        assertThat(scene.atPool()).isEqualTo(60);
        assertThat(scene.kinds()).isEmpty();
    }

    @Test
    void aTapThatItsOwnTerminalSendsWithTheCardsWordOnItCountsOnce() throws Exception {
        TapEvent swim = swim(pool, 1, 1, 60, 1);
        assertThat(pool.send(1, Door.carrying(swim, on(pool, swim, 1))))
                .extracting(EventOutcome::outcome)
                .containsExactly(POSTED);
        assertThat(scene.atPool()).isEqualTo(60);
        assertThat(pool.last()).isEqualTo(1);
    }

    @Test
    void theCardTellingOtherwiseThanTheTerminalIsFoundOnceAndChangesNothing() throws Exception {
        pool.send(1, swim(pool, 1, 1, 60, 1));
        CarriedTap other = on(pool, swim(pool, 1, 1, 90, 1), 1);
        hall.send(1, bringing(1, 101, other));
        hall.send(1, bringing(2, 102, other));
        assertThat(scene.atPool()).isEqualTo(60);
        assertThat(scene.kinds()).containsExactly(Finding.Kind.CONFLICTING);
        assertThat(scene.findings().getFirst().text()).isEqualTo(other.record());
    }

    @Test
    void theTerminalTellingOtherwiseThanTheCardIsAConflict() throws Exception {
        hall.send(1, bringing(1, 101, on(pool, swim(pool, 1, 1, 60, 1), 1)));
        assertThat(pool.send(1, swim(pool, 1, 1, 90, 1)))
                .extracting(EventOutcome::outcome)
                .containsExactly(CONFLICTING);
        assertThat(pool.last()).as("nobody is held up").isEqualTo(1);
        assertThat(scene.atPool()).isEqualTo(60);
        assertThat(scene.kinds()).containsExactly(Finding.Kind.CONFLICTING);
    }

    @Test
    void anotherCardsTapOrAnotherCounterIsAConflict() throws Exception {
        TapEvent swim = swim(pool, 1, 1, 60, 1);
        pool.send(1, swim);
        TapEvent stranger = hall.event(1, 101, TapEvent.Kind.DECLINED, TestBooks.BOBS_CARD, 0);
        hall.send(1, Door.carrying(stranger, on(pool, swim, 1)));
        hall.send(1, bringing(2, 102, on(pool, swim, 2)));
        assertThat(scene.kinds())
                .containsExactly(Finding.Kind.CONFLICTING, Finding.Kind.CONFLICTING);
        assertThat(scene.row(TestBooks.BOBS_CARD).counter()).isZero();
    }

    @Test
    void whatIsNoTapIsKeptAndTheTapThatBroughtItCounts() throws Exception {
        CarriedTap rubbish = new CarriedTap("f0".repeat(CardRecord.LENGTH), null);
        CarriedTap nothingSpent =
                CarriedTap.of(record(TapEvent.Kind.SPEND, 0, TestBooks.POOL_DOOR, 1), null);
        CarriedTap shiftWithMinutes =
                CarriedTap.of(record(TapEvent.Kind.SHIFT_IN, 5, TestBooks.POOL_DOOR, 2), null);
        TapEvent own = swim(hall, 1, 101, 60, 4);
        assertThat(hall.send(1, Door.carrying(own, rubbish, nothingSpent, shiftWithMinutes)))
                .containsExactly(new EventOutcome(1, POSTED, ""));
        assertThat(scene.books.balance(ANN)).isEqualTo(120);
        assertThat(scene.findings())
                .allMatch(finding -> finding.kind() == Finding.Kind.UNREADABLE_RECORD)
                .extracting(Finding::text)
                .containsExactlyInAnyOrder(
                        rubbish.record(), nothingSpent.record(), shiftWithMinutes.record());
    }

    @Test
    void aTapOfATerminalNobodyKnowsIsKept() throws Exception {
        TerminalId nowhere = new TerminalId("nowhere");
        CarriedTap carried =
                CarriedTap.of(record(TapEvent.Kind.SPEND, 60, nowhere, 1), "00112233445566aa");
        hall.send(1, bringing(1, 101, carried));
        hall.send(1, bringing(2, 102, carried));
        assertThat(scene.books.balance(ANN)).isEqualTo(180);
        assertThat(scene.kinds()).containsExactly(Finding.Kind.UNKNOWN_ORIGIN);
        assertThat(scene.findings().getFirst().text())
                .isEqualTo(carried.record() + " 00112233445566aa");
    }

    private static CardRecord record(
            TapEvent.Kind kind, long minutes, TerminalId terminal, int counter) {
        return new CardRecord(
                kind,
                true,
                true,
                new Credits(minutes),
                counter,
                TerminalTag.of(BARRY, terminal),
                counter,
                TestBooks.id(500 + counter));
    }

    @Test
    void aTapFromAJournalThatWasRestoredSinceIsKeptBesideTheNewOne() throws Exception {
        pool.send(1, swim(pool, 1, 11, 60, 2));
        hall.send(1, bringing(1, 101, on(pool, swim(pool, 1, 1, 30, 1), 1)));
        assertThat(scene.atPool()).isEqualTo(90);
        assertThat(scene.kinds()).containsExactly(Finding.Kind.SEQUENCE_REUSED);
        assertThat(scene.row(ANNS_CARD).counter()).isEqualTo(2);
    }

    @Test
    void aShiftThatOnlyTheCardTellsOfIsCredited() throws Exception {
        long now = scene.books.nowMicros();
        long hour = 3_600_000_000L;
        CarriedTap in = scene.timed(TapEvent.Kind.SHIFT_IN, 1, 1, now - 3 * hour);
        CarriedTap out = scene.timed(TapEvent.Kind.SHIFT_OUT, 2, 2, now - hour);
        TapEvent bringing =
                Door.carrying(tap(pool, 1, 101, TapEvent.Kind.DECLINED, 0), in, out, in);
        pool.send(1, bringing);
        assertThat(scene.books.balance(ANN)).isEqualTo(180 + 120);
        assertThat(scene.row(ANNS_CARD).openShift()).isNull();
        assertThat(scene.kinds()).isEmpty();
    }

    @Test
    void aShiftIsMeasuredOnceItsTerminalTellsOfItWhateverTheHubsClockDoes() throws Exception {
        TapEvent in = tap(hall, 1, 1, TapEvent.Kind.SHIFT_IN, 0);
        CardRecord onCard =
                new CardRecord(
                        TapEvent.Kind.SHIFT_IN,
                        false,
                        true,
                        Credits.NONE,
                        1,
                        TerminalTag.of(BARRY, TestBooks.LUNCH_DOOR),
                        1,
                        in.id());
        TapEvent bringing =
                Door.carrying(
                        tap(pool, 1, 101, TapEvent.Kind.DECLINED, 0), CarriedTap.of(onCard, null));
        pool.send(1, bringing);
        assertThat(scene.row(ANNS_CARD).openShift()).isNotNull();
        hall.send(1, in);
        scene.books.pass(Duration.ofHours(2));
        hall.pass(30);
        hall.send(1, tap(hall, 2, 2, TapEvent.Kind.SHIFT_OUT, 0));
        assertThat(scene.books.balance(ANN)).isEqualTo(180 + 30);
        assertThat(scene.kinds()).isEmpty();
    }

    @Test
    void aShiftTapWithoutATimeWaitsForItsTerminal() throws Exception {
        TapEvent in = tap(hall, 1, 1, TapEvent.Kind.SHIFT_IN, 0);
        TapEvent bringing =
                Door.carrying(tap(pool, 1, 101, TapEvent.Kind.DECLINED, 0), on(hall, in, 1));
        pool.send(1, bringing);
        assertThat(scene.row(ANNS_CARD).openShift()).isNull();
        assertThat(scene.row(ANNS_CARD).counter()).isZero();
        assertThat(scene.kinds()).containsExactly(Finding.Kind.UNTIMED_SHIFT);
        hall.send(1, in);
        assertThat(scene.row(ANNS_CARD).openShift()).isNotNull();
    }

    @Test
    void whatTheCardDidNotSignIsNotPostedForItAndPostedForReviewForItsTerminal() throws Exception {
        String right = "00112233445566aa";
        String wrong = "ffffffffffffffff";
        CardMacs macs = (_, _) -> List.of(right);
        hall.checkedBy(macs);
        pool.checkedBy(macs);
        TapEvent swim = swim(pool, 1, 1, 60, 1);
        CardRecord record = pool.record(swim, 1);
        hall.send(1, bringing(1, 101, CarriedTap.of(record, wrong)));
        assertThat(scene.atPool()).isZero();
        assertThat(scene.kinds()).containsExactly(Finding.Kind.WRONG_MAC);
        assertThat(scene.row(ANNS_CARD).counter()).as("not posted, not counted").isZero();
        assertThat(pool.send(1, swim.with(new CardStamp(1, wrong))).getFirst().outcome())
                .isEqualTo(EventOutcome.Outcome.POSTED_FOR_REVIEW);
        assertThat(scene.atPool()).isEqualTo(60);
        assertThat(scene.row(ANNS_CARD).counter()).as("posted, so counted").isEqualTo(1);
        hall.send(1, bringing(2, 102, CarriedTap.of(record, right)));
        assertThat(scene.kept(1).mac()).isEqualTo(CardMacs.Verdict.VERIFIED);
        assertThat(scene.row(ANNS_CARD).counter()).isEqualTo(1);
        assertThat(scene.atPool()).isEqualTo(60);
    }
}
