package org.hourtap.server.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.contract.EventOutcome.Outcome.POSTED;
import static org.hourtap.contract.EventOutcome.Outcome.POSTED_FOR_REVIEW;
import static org.hourtap.server.books.TestBooks.ANN;
import static org.hourtap.server.books.TestBooks.ANNS_CARD;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.inbox.CardScene.on;
import static org.hourtap.server.inbox.CardScene.swim;
import static org.hourtap.server.inbox.CardScene.tap;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.hourtap.contract.CardRecord;
import org.hourtap.contract.CardStamp;
import org.hourtap.contract.CarriedTap;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.EventOutcome;
import org.hourtap.contract.TapEvent;
import org.hourtap.server.books.TestBooks;
import org.hourtap.server.cards.CardMacs;
import org.hourtap.server.fleet.Fleet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SignedTapTest {
    /// A MAC that depends on every byte of the record, as a card's does.
    private static final CardMacs MACS =
            (_, record) -> List.of("%016x".formatted(Arrays.hashCode(record.bytes())));

    private static final String WRONG = "ffffffffffffffff";

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

    private void holdTheKey() {
        pool.checkedBy(MACS);
        hall.checkedBy(MACS);
    }

    private static String signed(CardRecord record) {
        return MACS.of(ANNS_CARD, record).getFirst();
    }

    private static TapEvent proven(
            TapEvent tap,
            ClockReading.Quality quality,
            TapEvent.Kind kind,
            @Nullable CardStamp stamp) {
        ClockReading at = tap.at();
        return new TapEvent(
                tap.sequence(),
                tap.id(),
                kind,
                tap.card(),
                TapEvent.Proof.DESFIRE_EV2,
                tap.activity(),
                tap.minutes(),
                null,
                new ClockReading(at.bootId(), at.monotonicMicros(), at.wallMicros(), quality),
                tap.offline(),
                stamp,
                List.of());
    }

    @Test
    void aHubWithAWrongKeyStillCountsWhatItPosts() throws Exception {
        holdTheKey();
        for (int n = 1; n <= 10; n++) {
            TapEvent swim = tap(pool, n, n, TapEvent.Kind.SPEND, 5).with(new CardStamp(n, WRONG));
            assertThat(pool.send(1, swim))
                    .extracting(EventOutcome::outcome)
                    .containsExactly(POSTED_FOR_REVIEW);
        }
        assertThat(scene.row(ANNS_CARD).counter()).isEqualTo(10);
        assertThat(scene.row(ANNS_CARD).balance()).isEqualTo(130);
    }

    @Test
    void anOwnTapWithoutItsStampIsCountedByTheCardEvenIfTheKeyIsWrong() throws Exception {
        holdTheKey();
        TapEvent swim = tap(pool, 1, 1, TapEvent.Kind.SPEND, 10);
        pool.send(1, swim);
        TapEvent next = tap(hall, 1, 101, TapEvent.Kind.DECLINED, 0);
        hall.send(1, Door.carrying(next, CarriedTap.of(pool.record(swim, 1), WRONG)));
        assertThat(scene.kinds()).containsExactly(Finding.Kind.WRONG_MAC);
        assertThat(scene.row(ANNS_CARD).counter()).isEqualTo(1);
    }

    @Test
    void aTapOutOfADoubtIsVerifiedWhicheverOfItsTwoHoldsKnewTheTime() throws Exception {
        holdTheKey();
        int n = 0;
        for (ClockReading.Quality first :
                List.of(ClockReading.Quality.UNKNOWN, ClockReading.Quality.HUB)) {
            for (ClockReading.Quality second :
                    List.of(ClockReading.Quality.UNKNOWN, ClockReading.Quality.HUB)) {
                n++;
                TapEvent plain = tap(pool, n, n, TapEvent.Kind.SPEND, 5);
                TapEvent written =
                        proven(plain, first, TapEvent.Kind.SPEND, new CardStamp(n, null));
                CardStamp stamp = new CardStamp(n, signed(pool.record(written, n)));
                pool.send(1, proven(plain, second, TapEvent.Kind.SPEND, stamp));
                assertThat(scene.kept(n).mac())
                        .as("%s then %s", first, second)
                        .isEqualTo(CardMacs.Verdict.VERIFIED);
            }
        }
        assertThat(scene.kinds()).isEmpty();
    }

    @Test
    void aChangedTapIsWrongWithEitherFlag() throws Exception {
        holdTheKey();
        TapEvent written = tap(pool, 1, 1, TapEvent.Kind.SPEND, 5);
        String mac = signed(pool.record(written, 1));
        pool.send(1, tap(pool, 1, 1, TapEvent.Kind.SPEND, 6).with(new CardStamp(1, mac)));
        assertThat(scene.kept(1).mac()).isEqualTo(CardMacs.Verdict.WRONG);
        assertThat(scene.kinds()).containsExactly(Finding.Kind.WRONG_MAC);
    }

    @Test
    void aCarriedShiftTapThatTheCardDidNotSignWaitsForItsTerminal() throws Exception {
        holdTheKey();
        long now = scene.books.nowMicros();
        CarriedTap unsigned = scene.timed(TapEvent.Kind.SHIFT_IN, 1, 1, now - 60_000_000);
        pool.send(1, Door.carrying(tap(pool, 1, 101, TapEvent.Kind.DECLINED, 0), unsigned));
        assertThat(scene.kinds()).containsExactly(Finding.Kind.UNSIGNED);
        assertThat(scene.row(ANNS_CARD).openShift()).isNull();
        assertThat(scene.row(ANNS_CARD).counter()).isZero();
        CarriedTap signed = CarriedTap.of(unsigned.parsed(), signed(unsigned.parsed()));
        pool.send(1, Door.carrying(tap(pool, 2, 102, TapEvent.Kind.DECLINED, 0), signed));
        assertThat(scene.row(ANNS_CARD).openShift()).isNotNull();
        assertThat(scene.row(ANNS_CARD).counter()).isEqualTo(1);
    }

    @Test
    void anOwnTapThatACountingCardShouldHaveSignedIsPostedForReview() throws Exception {
        holdTheKey();
        TapEvent first = tap(pool, 1, 1, TapEvent.Kind.SPEND, 5);
        pool.send(1, first.with(new CardStamp(1, signed(pool.record(first, 1)))));
        assertThat(scene.kinds()).isEmpty();
        TapEvent second = unsigned(2, new CardStamp(2, null));
        TapEvent third = unsigned(3, null);
        assertThat(pool.send(1, second, third))
                .extracting(EventOutcome::outcome)
                .containsExactly(POSTED_FOR_REVIEW, POSTED_FOR_REVIEW);
        assertThat(scene.kinds()).containsExactly(Finding.Kind.UNSIGNED, Finding.Kind.UNSIGNED);
        assertThat(scene.row(ANNS_CARD).counter()).isEqualTo(2);
        assertThat(scene.books.balance(ANN)).isEqualTo(165);
    }

    private TapEvent unsigned(int n, @Nullable CardStamp stamp) {
        TapEvent plain = tap(pool, n, n, TapEvent.Kind.SPEND, 5);
        return proven(plain, ClockReading.Quality.UNKNOWN, TapEvent.Kind.SPEND, stamp);
    }

    @Test
    void withoutAKeyNothingIsMissedInAnUnsignedTap() throws Exception {
        pool.send(1, swim(pool, 1, 1, 5, 1));
        assertThat(pool.send(1, unsigned(2, null)))
                .extracting(EventOutcome::outcome)
                .containsExactly(POSTED);
        assertThat(scene.kinds()).isEmpty();
    }

    @Test
    void aCardThatNeverCountedOwesNoSignature() throws Exception {
        holdTheKey();
        assertThat(pool.send(1, unsigned(1, null)))
                .extracting(EventOutcome::outcome)
                .containsExactly(POSTED);
    }

    @Test
    void aNumberFarAheadIsCountedOnlyIfTheCardSignedIt() throws Exception {
        pool.send(1, swim(pool, 1, 1, 5, 64));
        assertThat(scene.row(ANNS_CARD).contains(64)).isTrue();
        FeedCounts before = counts();
        assertThat(pool.send(1, swim(pool, 2, 2, 5, 129)))
                .extracting(EventOutcome::outcome)
                .containsExactly(POSTED);
        assertThat(counts()).isEqualTo(before);
        assertThat(scene.kinds()).contains(Finding.Kind.COUNTER_JUMP);
        holdTheKey();
        TapEvent jump = tap(pool, 3, 3, TapEvent.Kind.SPEND, 5);
        pool.send(1, jump.with(new CardStamp(1_000, signed(pool.record(jump, 1_000)))));
        assertThat(scene.row(ANNS_CARD).contains(1_000)).isTrue();
        assertThat(scene.books.balance(ANN)).isEqualTo(165);
    }

    @Test
    void aCarriedNumberFarAheadIsCountedWhenItsTerminalBringsTheSignature() throws Exception {
        holdTheKey();
        TapEvent swim = tap(pool, 1, 1, TapEvent.Kind.SPEND, 5);
        TapEvent bringing = tap(hall, 1, 101, TapEvent.Kind.DECLINED, 0);
        hall.send(1, Door.carrying(bringing, on(pool, swim, 500)));
        assertThat(scene.row(ANNS_CARD).counter()).isZero();
        assertThat(scene.atPool()).isEqualTo(5);
        pool.send(1, swim.with(new CardStamp(500, signed(pool.record(swim, 500)))));
        assertThat(scene.row(ANNS_CARD).contains(500)).isTrue();
        assertThat(scene.atPool()).isEqualTo(5);
    }

    private record FeedCounts(long counter, int ahead) {}

    private FeedCounts counts() throws Exception {
        return new FeedCounts(scene.row(ANNS_CARD).counter(), scene.row(ANNS_CARD).ahead());
    }

    @Test
    void aCarriedTapOfATerminalThatWasShutOutIsPostedAndFound() throws Exception {
        scene.books.write(writing -> {
            Fleet.revoke(writing, BARRY, TestBooks.POOL_DOOR);
            return true;
        });
        CarriedTap carried = on(pool, swim(pool, 1, 1, 60, 1), 1);
        hall.send(1, Door.carrying(tap(hall, 1, 101, TapEvent.Kind.DECLINED, 0), carried));
        hall.send(1, Door.carrying(tap(hall, 2, 102, TapEvent.Kind.DECLINED, 0), carried));
        assertThat(scene.atPool()).isEqualTo(60);
        assertThat(scene.row(ANNS_CARD).counter()).isEqualTo(1);
        assertThat(scene.kinds()).containsExactly(Finding.Kind.REVOKED_TERMINAL);
    }

    private static TapEvent shift(
            Door door, long sequence, int id, TapEvent.Kind kind, long counter) {
        return tap(door, sequence, id, kind, 0).with(new CardStamp(counter, null));
    }

    @Test
    void aTapInThatComesAfterTheTapOutOpensNothing() throws Exception {
        TapEvent in = shift(hall, 1, 1, TapEvent.Kind.SHIFT_IN, 5);
        pool.pass(60);
        pool.send(1, shift(pool, 1, 2, TapEvent.Kind.SHIFT_OUT, 6));
        assertThat(scene.kinds()).containsExactly(Finding.Kind.NO_OPEN_SHIFT);
        assertThat(hall.send(1, in).getFirst().outcome()).isEqualTo(EventOutcome.Outcome.RECORDED);
        assertThat(scene.row(ANNS_CARD).openShift()).isNull();
        assertThat(scene.kinds())
                .containsExactly(Finding.Kind.LATE_SHIFT, Finding.Kind.NO_OPEN_SHIFT);
        assertThat(scene.row(ANNS_CARD).contains(5)).isTrue();
        assertThat(scene.books.balance(ANN)).isEqualTo(180);
    }

    @Test
    void aTapOutThatComesAfterANewerTapInLeavesTheNewerShiftOpen() throws Exception {
        hall.send(1, shift(hall, 1, 1, TapEvent.Kind.SHIFT_IN, 1));
        pool.pass(60);
        TapEvent out = shift(pool, 1, 2, TapEvent.Kind.SHIFT_OUT, 2);
        hall.pass(10);
        hall.send(1, shift(hall, 2, 3, TapEvent.Kind.SHIFT_IN, 3));
        assertThat(scene.kinds()).containsExactly(Finding.Kind.FORGOTTEN_TAP_OUT);
        var open = scene.row(ANNS_CARD).openShift();
        assertThat(pool.send(1, out).getFirst().outcome()).isEqualTo(EventOutcome.Outcome.RECORDED);
        assertThat(open).isNotNull();
        assertThat(scene.row(ANNS_CARD).openShift()).isEqualTo(open);
        assertThat(scene.kinds())
                .containsExactly(Finding.Kind.LATE_SHIFT, Finding.Kind.FORGOTTEN_TAP_OUT);
        assertThat(scene.books.balance(ANN)).isEqualTo(180);
    }

    @Test
    void aNumberTooHighToBeBelievedMakesNoShiftLate() throws Exception {
        pool.send(1, shift(pool, 1, 1, TapEvent.Kind.SHIFT_IN, 4_000_000_000L));
        hall.send(1, shift(hall, 1, 2, TapEvent.Kind.SHIFT_OUT, 1));
        assertThat(scene.kinds()).containsExactly(Finding.Kind.COUNTER_JUMP);
        assertThat(scene.row(ANNS_CARD).openShift()).isNull();
    }

    @Test
    void theLookForLaterShiftTapsUsesItsIndex() throws Exception {
        String plan =
                scene.books.read(sql ->
                        sql.one(
                                        "EXPLAIN QUERY PLAN SELECT 1 FROM tap WHERE book_id = ?"
                                                + " AND card = ? AND counter > ? AND counter <= ?"
                                                + " AND kind IN ('SHIFT_IN', 'SHIFT_OUT')",
                                        row -> row.getString("detail"),
                                        "b",
                                        "c",
                                        1L,
                                        9L)
                                .orElseThrow());
        assertThat(plan).contains("tap_shift_of_card");
    }
}
