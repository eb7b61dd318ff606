package org.hourtap.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.hourtap.card.CardJournal;
import org.hourtap.contract.CardRecord;
import org.hourtap.contract.CardStamp;
import org.hourtap.contract.CarriedTap;
import org.hourtap.contract.Codec;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TransferId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a terminal and a card that carries its taps say to each other, and what comes of it.
class CardDialogueTest {
    private static final Logger LOG = Logger.getLogger(CardDialogue.class.getName());
    private static final long SECOND = 1_000_000;
    private static final Steps CALM = new Steps();

    private final AtomicLong wall = new AtomicLong(1_790_000_000L * SECOND);
    private final Supplier<TransferId> ids = TapFixtures.ids();
    private final PocketCard card = new PocketCard();
    private final Door pool = new Door(1, wall::get, ids);
    private final Door theatre = new Door(2, wall::get, ids);
    private final ModelHub hub = new ModelHub(180);

    @BeforeAll
    static void keepTheExpectedTroubleOutOfTheLog() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void logAgain() {
        LOG.setLevel(null);
    }

    @BeforeEach
    void bothDoorsKnowTheCardAndThenNobodyReachesTheHub() throws Exception {
        hub.meets(pool);
        hub.meets(theatre);
    }

    @Test
    void theTapIsOnTheCardWithItsPlaceInTheJournalAndTheJournalHasTheCardsProof() throws Exception {
        assertThat(hold(pool, CALM)).isEqualTo(Cue.Kind.WELCOME);
        TapEvent event = pool.store.journal.getFirst();
        assertThat(event.stamp()).isEqualTo(new CardStamp(1, PocketCard.mac(1)));
        assertThat(card.records).containsExactly(CardRecord.of(event, 1, 1));
        assertThat(Codec.decodeEvent(pool.store.texts.getFirst())).isEqualTo(event);
    }

    @Test
    void twoDoorsThatKnowNothingOfEachOtherLetThreeHoursInAndNoMore() throws Exception {
        for (int i = 0; i < 6; i++) {
            Cue.Kind seen = hold(i % 2 == 0 ? pool : theatre, CALM);
            assertThat(seen).isEqualTo(i < 3 ? Cue.Kind.WELCOME : Cue.Kind.PLEASE_ASK);
        }
        assertThat(theatre.store.journal.getLast().reason()).isEqualTo("NOT_ENOUGH_HOURS");
        hub.meets(theatre);
        hub.meets(pool);
        assertThat(hub.charged()).isEqualTo(180);
    }

    @Test
    void whatAnotherDoorDidIsPassedOnOnceByAWelcomeAndByEachDeclinedTap() throws Exception {
        hold(pool, CALM);
        hold(pool, CALM);
        hold(theatre, CALM);
        assertThat(carried(theatre.store.journal.get(0))).containsExactly(1L, 2L);
        hold(theatre, CALM);
        assertThat(theatre.store.journal.get(1).kind()).isEqualTo(TapEvent.Kind.DECLINED);
        assertThat(theatre.store.journal.get(1).carried()).isEmpty();
        hold(pool, CALM);
        assertThat(pool.store.journal.get(2).kind()).isEqualTo(TapEvent.Kind.DECLINED);
        assertThat(carried(pool.store.journal.get(2))).containsExactly(3L);
        hold(pool, CALM);
        // A declined tap is no promise, so nothing is relied on that it told.
        assertThat(carried(pool.store.journal.get(3))).containsExactly(3L);
    }

    @Test
    void aDoorThatIsLostForEverIsToldOfByTheNext() throws Exception {
        hold(pool, CALM);
        hold(pool, CALM);
        hold(theatre, CALM);
        hub.meets(theatre);
        assertThat(hub.charged()).isEqualTo(180);
        // A backup of it turns up: still once.
        hub.meets(pool);
        assertThat(hub.charged()).isEqualTo(180);
    }

    @Test
    void aCardThatWasPutBackToAnOlderStateIsDeclinedWhereSomebodySawTheNewer() throws Exception {
        hold(pool, CALM);
        PocketCard image = card.image();
        hold(pool, CALM);
        assertThat(hold(pool, image)).isEqualTo(Cue.Kind.PLEASE_ASK);
        assertThat(pool.store.journal.getLast().reason()).isEqualTo("CARD_TURNED_BACK");
        assertThat(image.counter).isEqualTo(1);
        hub.meets(pool);
        hub.meets(theatre);
        assertThat(hold(theatre, image)).isEqualTo(Cue.Kind.PLEASE_ASK);
        assertThat(theatre.store.journal.getLast().reason()).isEqualTo("CARD_TURNED_BACK");
    }

    @Test
    void aCardThatWasPutBackEndsNoDoubt() throws Exception {
        hold(pool, CALM);
        PocketCard image = card.image();
        hold(theatre, CALM);
        assertThat(hold(pool, new Mishap(Mishap.How.PULLED, "commit", true)))
                .isEqualTo(Cue.Kind.HOLD_AGAIN);
        assertThat(hold(pool, image)).isEqualTo(Cue.Kind.PLEASE_ASK);
        assertThat(pool.store.doubts()).hasSize(1);
        assertThat(hold(pool, CALM)).isEqualTo(Cue.Kind.WELCOME);
        assertThat(card.counter).isEqualTo(3);
    }

    @Test
    void aCardThatCarriesMoreThanItHoldsIsDecidedByTheCautiousLimit() throws Exception {
        ModelHub rich = new ModelHub(100_000);
        rich.meets(pool);
        rich.meets(theatre);
        for (int i = 0; i <= CardJournal.CAPACITY; i++) {
            assertThat(hold(pool, CALM)).isEqualTo(Cue.Kind.WELCOME);
        }
        for (int i = 0; i < 3; i++) {
            assertThat(hold(theatre, CALM))
                    .isEqualTo(i < 2 ? Cue.Kind.WELCOME : Cue.Kind.PLEASE_ASK);
        }
        assertThat(theatre.store.journal.getLast().reason()).isEqualTo("OFFLINE_LIMIT");
        assertThat(theatre.store.journal.getFirst().carried()).hasSize(CardJournal.CAPACITY);
    }

    @Test
    void aShiftBegunAtOneDoorEndsAtAnother() throws Exception {
        pool.store.profile = TapFixtures.lunchClub();
        theatre.store.profile = TapFixtures.lunchClub();
        assertThat(hold(pool, CALM)).isEqualTo(Cue.Kind.SHIFT_STARTED);
        assertThat(hold(theatre, CALM)).isEqualTo(Cue.Kind.SHIFT_ENDED);
        assertThat(hold(pool, CALM)).isEqualTo(Cue.Kind.SHIFT_STARTED);
    }

    @Test
    void aGarbledAnswerIsJournalledForStaff() throws Exception {
        hold(theatre, CALM);
        for (String step : Mishap.CARD_STEPS.subList(0, 3)) {
            Mishap mishap = new Mishap(Mishap.How.GARBLED, step, true);
            assertThat(hold(pool, mishap)).as(step).isEqualTo(Cue.Kind.PLEASE_ASK);
            assertThat(mishap.happened()).isTrue();
            assertThat(pool.store.journal.getLast().reason()).isEqualTo("NOT_GENUINE");
            assertThat(pool.store.doubts()).isEmpty();
        }
        assertThat(hold(pool, CALM)).isEqualTo(Cue.Kind.WELCOME);
    }

    @Test
    void aDoubtThatTheCardDoesNotShowIsTornAndTheTapDecidedAfresh() throws Exception {
        hold(pool, new Mishap(Mishap.How.PULLED, "commit", false));
        assertThat(card.counter).isZero();
        assertThat(hold(pool, CALM)).isEqualTo(Cue.Kind.WELCOME);
        assertThat(pool.store.journal)
                .extracting(TapEvent::kind)
                .containsExactly(TapEvent.Kind.TORN, TapEvent.Kind.SPEND);
        assertThat(card.records).containsExactly(CardRecord.of(pool.store.journal.getLast(), 1, 1));
    }

    @Test
    void aDoubtEndsAfterFiveMinutesOfTheSameBoot() throws Exception {
        hold(pool, new Mishap(Mishap.How.PULLED, "commit", false));
        wall.addAndGet(239 * SECOND); // and a minute in hold()
        pool.tick();
        assertThat(pool.store.doubts()).hasSize(1);
        wall.addAndGet(2 * SECOND);
        pool.tick();
        assertThat(pool.store.doubts()).isEmpty();
        assertThat(pool.store.journal.getFirst().kind()).isEqualTo(TapEvent.Kind.TORN);
    }

    @Test
    void afterAPowerCutADoubtHasTheFullTimeFromTheStart() throws Exception {
        hold(pool, new Mishap(Mishap.How.PULLED, "commit", true));
        wall.addAndGet(3_600 * SECOND);
        pool.reboot();
        pool.tick();
        assertThat(pool.store.doubts()).hasSize(1);
        wall.addAndGet(299 * SECOND);
        assertThat(hold(pool, CALM)).isEqualTo(Cue.Kind.WELCOME);
        assertThat(card.counter).isEqualTo(1);
        TapEvent event = pool.store.journal.getFirst();
        assertThat(event.kind()).isEqualTo(TapEvent.Kind.SPEND);
        assertThat(event.stamp()).isEqualTo(new CardStamp(1, PocketCard.mac(1)));
        assertThat(event.at().bootId()).isEqualTo("boot-1");
    }

    @Test
    void aDoubtThatOthersTapsFollowedIsStillSeenButHasLostItsMac() throws Exception {
        hold(pool, new Mishap(Mishap.How.PULLED, "commit", true));
        hold(theatre, CALM);
        assertThat(hold(pool, CALM)).isEqualTo(Cue.Kind.WELCOME);
        assertThat(pool.store.journal.getFirst().stamp()).isEqualTo(new CardStamp(1, null));
        assertThat(card.counter).isEqualTo(2);
    }

    @Test
    void aStoreThatFailsAfterTheCommitPromisesNothingAndTheNextTapFindsTheRecord()
            throws Exception {
        Steps fullDisk =
                new Steps() {
                    @Override
                    void after(String step) {
                        pool.store.failing |= step.equals("commit");
                    }
                };
        assertThatThrownBy(() -> hold(pool, fullDisk)).isInstanceOf(StoreException.class);
        assertThat(pool.shown.getLast().kind()).isEqualTo(Cue.Kind.OUT_OF_SERVICE);
        pool.store.failing = false;
        assertThat(hold(pool, CALM)).isEqualTo(Cue.Kind.WELCOME);
        assertThat(card.counter).isEqualTo(1);
    }

    private Cue.Kind hold(Door door, Steps steps) throws StoreException {
        Cue seen = door.hold(card, steps);
        wall.addAndGet(60 * SECOND);
        return Objects.requireNonNull(seen).kind();
    }

    private Cue.Kind hold(Door door, PocketCard other) throws StoreException {
        Cue seen = door.hold(other, CALM);
        wall.addAndGet(60 * SECOND);
        return Objects.requireNonNull(seen).kind();
    }

    private static List<Long> carried(TapEvent event) throws Exception {
        List<Long> counters = new ArrayList<>();
        for (CarriedTap tap : event.carried()) {
            counters.add(tap.parsed().counter());
        }
        return counters;
    }
}
