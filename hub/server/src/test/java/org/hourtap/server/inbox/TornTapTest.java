package org.hourtap.server.inbox;

import static org.assertj.core.api.Assertions.assertThat;
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
import java.util.Set;
import org.hourtap.contract.CarriedTap;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.Credits;
import org.hourtap.contract.EventOutcome;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TransferId;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.AccountKind;
import org.hourtap.ledger.Entry;
import org.hourtap.ledger.Limits;
import org.hourtap.ledger.PotRule;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Stage;
import org.hourtap.server.books.Statements;
import org.hourtap.server.books.TestBooks;
import org.hourtap.server.cards.CardRegister;
import org.hourtap.server.fleet.Activity;
import org.hourtap.server.fleet.Fleet;
import org.hourtap.server.office.Agreement;
import org.hourtap.server.office.Instruction;
import org.hourtap.server.office.Operator;
import org.hourtap.server.office.Pots;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TornTapTest {
    private static final long HOUR = 3_600_000_000L;

    @TempDir Path folder;
    private CardScene scene;
    private Door pool;
    private Door hall;

    @BeforeEach
    void open() throws Exception {
        scene = new CardScene(TestBooks.furnished(folder));
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

    private Entry entry(TransferId id) throws Exception {
        return scene.books.read(sql -> new Statements(sql).entry(BARRY, id)).orElseThrow();
    }

    /// What the terminal says in the end of a shift tap that a card holds.
    private TapEvent tornShift(int id, long counter, long micros) {
        return new TapEvent(
                counter,
                CardScene.timedId(id, micros),
                TapEvent.Kind.TORN,
                ANNS_CARD,
                TapEvent.Proof.DESFIRE_EV2,
                null,
                Credits.NONE,
                null,
                new ClockReading("hall", 1, 0, ClockReading.Quality.UNKNOWN),
                true);
    }

    @Test
    void aTornTapMovesNothing() throws Exception {
        TapEvent torn = swim(pool, 1, 1, 60, 1).torn();
        assertThat(pool.send(1, torn)).containsExactly(new EventOutcome(1, RECORDED, ""));
        assertThat(scene.books.balance(ANN)).isEqualTo(180);
        assertThat(scene.books.read(sql -> new Taps(sql).counts(BARRY)).get("pool-door"))
                .isEqualTo(new Taps.Count(1, 0, 0));
    }

    @Test
    void whatACardHadBroughtOfItGoesBackByATransferThatNamesTheFirst() throws Exception {
        TapEvent swim = swim(pool, 1, 1, 60, 1);
        hall.send(1, bringing(1, 101, on(pool, swim, 1)));
        assertThat(scene.books.balance(ANN)).isEqualTo(120);
        for (int i = 0; i < 3; i++) {
            EventOutcome outcome = pool.send(1, swim.torn()).getFirst();
            assertThat(outcome.outcome()).isEqualTo(RECORDED);
            assertThat(outcome.note()).contains("given back");
        }
        hall.send(1, bringing(2, 102, on(pool, swim, 1)));
        assertThat(scene.books.balance(ANN)).isEqualTo(180);
        assertThat(scene.atPool()).isZero();
        Entry back = entry(TestBooks.id(1).withLeg(8));
        assertThat(back.transfer().reason()).isEqualTo(Reason.REVERSAL);
        assertThat(back.transfer().corrects()).isEqualTo(TestBooks.id(1));
        assertThat(scene.row(ANNS_CARD).balance()).isEqualTo(180);
        assertThat(scene.row(ANNS_CARD).counter()).isEqualTo(1);
        assertThat(pool.last()).isEqualTo(1);
        assertThat(scene.kinds()).isEmpty();
    }

    @Test
    void whatACardBringsOfItLaterIsNotCharged() throws Exception {
        TapEvent swim = swim(pool, 1, 1, 60, 1);
        pool.send(1, swim.torn());
        hall.send(1, bringing(1, 101, on(pool, swim, 1)));
        hall.send(1, bringing(2, 102, on(pool, swim, 1)));
        assertThat(scene.books.balance(ANN)).isEqualTo(180);
        assertThat(scene.row(ANNS_CARD).counter()).as("terminals need not doubt it").isEqualTo(1);
        assertThat(pool.send(1, swim.torn())).containsExactly(new EventOutcome(1, RECORDED, ""));
        assertThat(scene.kinds()).isEmpty();
    }

    @Test
    void aTornEndOfAShiftLetsGoWhatWaitsAndTakesBackWhatWasApproved() throws Exception {
        scene.books.write(writing -> {
            Fleet.put(
                    writing,
                    BARRY,
                    new Activity(
                            TestBooks.COOK,
                            "Cooking",
                            Activity.Kind.SHIFT,
                            Credits.NONE,
                            15,
                            true));
            return true;
        });
        for (int n = 0; n < 2; n++) {
            boolean isApproved = n == 1;
            long since = scene.books.nowMicros() + 2 * HOUR * n;
            CarriedTap in = scene.timed(TapEvent.Kind.SHIFT_IN, 10 + n, 1 + 2 * n, since);
            CarriedTap out = scene.timed(TapEvent.Kind.SHIFT_OUT, 20 + n, 2 + 2 * n, since + HOUR);
            pool.pass(240);
            TapEvent tells =
                    Door.carrying(tap(pool, 1 + n, 100 + n, TapEvent.Kind.DECLINED, 0), in, out);
            pool.send(1, tells);
            TransferId ended = CardScene.timedId(20 + n, since + HOUR);
            assertThat(entry(ended).transfer().stage()).isEqualTo(Stage.PENDING);
            if (isApproved) {
                scene.books.write(writing ->
                        new WaitingShifts(writing, BARRY)
                                .approve(
                                        ended,
                                        TestBooks.id(300),
                                        null,
                                        new Operator("Ceri", "was there")));
                assertThat(scene.books.balance(ANN)).isEqualTo(240);
            }
            hall.send(2 + 2 * n, tornShift(20 + n, 2 + 2 * n, since + HOUR));
            assertThat(scene.books.balance(ANN)).isEqualTo(180);
            Stage back = entry(ended.withLeg(8)).transfer().stage();
            assertThat(back).isEqualTo(isApproved ? Stage.PLAIN : Stage.voiding(ended));
            List<WaitingShifts.Waiting> left =
                    scene.books.read(sql -> WaitingShifts.list(sql, BARRY));
            assertThat(left).isEmpty();
        }
    }

    @Test
    void allThreePartsOfATapThatAPotHelpedWithGoBack() throws Exception {
        AccountId pot = new AccountId(BARRY, AccountKind.POT, "outings");
        scene.books.write(writing -> {
            new Agreement(pot, "Outings", Limits.of(AccountKind.POT)).keep(writing);
            Instruction allocation =
                    new Instruction(
                            TestBooks.id(500),
                            Reason.ALLOCATION,
                            AccountId.issuance(BARRY),
                            pot,
                            new Credits(5),
                            null,
                            new Operator("Ceri", "for outings"));
            new Pots(writing, BARRY)
                    .rule(
                            "outings",
                            new PotRule(
                                    true, Set.of(), Set.of(), new Credits(60), new Credits(60), 7));
            return allocation.entry(allocation.post(writing));
        });
        TapEvent swim = swim(pool, 1, 1, 200, 1);
        hall.send(1, bringing(1, 101, on(pool, swim, 1)));
        assertThat(scene.books.balance(AccountId.suspense(BARRY))).isEqualTo(15);
        pool.send(1, swim.torn());
        assertThat(scene.books.balance(ANN)).isEqualTo(180);
        assertThat(scene.books.balance(pot)).isEqualTo(5);
        assertThat(scene.books.balance(AccountId.suspense(BARRY))).isZero();
        assertThat(scene.atPool()).isZero();
    }

    @Test
    void bothPartsOfATapThatWasNotCoveredGoBack() throws Exception {
        TapEvent swim = swim(pool, 1, 1, 200, 1);
        hall.send(1, bringing(1, 101, on(pool, swim, 1)));
        assertThat(scene.books.balance(AccountId.suspense(BARRY))).isEqualTo(20);
        pool.send(1, swim.torn());
        assertThat(scene.books.balance(ANN)).isEqualTo(180);
        assertThat(scene.books.balance(AccountId.suspense(BARRY))).isZero();
        assertThat(scene.atPool()).isZero();
    }

    @Test
    void anAllowanceIsGivenBackToo() throws Exception {
        scene.books.write(writing -> CardRegister.allow(writing, BARRY, ANNS_CARD, 100L));
        TapEvent swim = swim(pool, 1, 1, 60, 1);
        hall.send(1, bringing(1, 101, on(pool, swim, 1)));
        assertThat(scene.row(ANNS_CARD).allowance()).isEqualTo(40);
        pool.send(1, swim.torn());
        assertThat(scene.row(ANNS_CARD).allowance()).isEqualTo(100);
    }

    @Test
    void aTerminalThatSaidWelcomeCannotTakeItBack() throws Exception {
        TapEvent swim = swim(pool, 1, 1, 60, 1);
        pool.send(1, swim);
        assertThat(pool.send(1, swim.torn()))
                .extracting(EventOutcome::outcome)
                .containsExactly(EventOutcome.Outcome.CONFLICTING);
        assertThat(scene.books.balance(ANN)).isEqualTo(120);
        assertThat(scene.kinds()).containsExactly(Finding.Kind.CONFLICTING);
    }

    @Test
    void aTornStartOfAShiftIsUndoneWhileItIsOpen() throws Exception {
        long at = scene.books.nowMicros() - HOUR;
        CarriedTap in = scene.timed(TapEvent.Kind.SHIFT_IN, 1, 1, at);
        pool.send(1, Door.carrying(tap(pool, 1, 101, TapEvent.Kind.DECLINED, 0), in));
        assertThat(scene.row(ANNS_CARD).openShift()).isNotNull();
        hall.send(1, tornShift(1, 1, at));
        assertThat(scene.row(ANNS_CARD).openShift()).isNull();
        assertThat(scene.kinds()).isEmpty();
    }

    @Test
    void aTornStartOfAShiftThatHasEndedIsForSomeoneToLookAt() throws Exception {
        long at = scene.books.nowMicros() - HOUR;
        CarriedTap in = scene.timed(TapEvent.Kind.SHIFT_IN, 1, 1, at);
        CarriedTap out = scene.timed(TapEvent.Kind.SHIFT_OUT, 2, 2, at + HOUR / 2);
        pool.send(1, Door.carrying(tap(pool, 1, 101, TapEvent.Kind.DECLINED, 0), in, out));
        hall.send(1, tornShift(1, 1, at));
        assertThat(scene.books.balance(ANN)).isEqualTo(210);
        assertThat(scene.kinds()).containsExactly(Finding.Kind.TORN_SHIFT);
    }

    @Test
    void aShiftWhoseEndWasTornGoesOnWithoutTheHours() throws Exception {
        long at = scene.books.nowMicros() - HOUR;
        CarriedTap in = scene.timed(TapEvent.Kind.SHIFT_IN, 1, 1, at);
        CarriedTap out = scene.timed(TapEvent.Kind.SHIFT_OUT, 2, 2, at + HOUR / 2);
        pool.send(1, Door.carrying(tap(pool, 1, 101, TapEvent.Kind.DECLINED, 0), in, out));
        // All that the hall still holds; the card brought what came before.
        hall.send(2, tornShift(2, 2, at + HOUR / 2));
        assertThat(scene.books.balance(ANN)).isEqualTo(180);
        assertThat(scene.row(ANNS_CARD).openShift()).isNotNull();
        scene.books.pass(Duration.ofHours(1));
        CarriedTap end =
                scene.timed(TapEvent.Kind.SHIFT_OUT, 3, 3, scene.books.nowMicros() - HOUR / 2);
        pool.send(1, Door.carrying(tap(pool, 2, 102, TapEvent.Kind.DECLINED, 0), end));
        assertThat(scene.books.balance(ANN)).as("an hour and a half").isEqualTo(270);
        assertThat(scene.kinds()).isEqualTo(List.of());
    }
}
