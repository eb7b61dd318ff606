package org.hourtap.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.hourtap.contract.Codec;
import org.hourtap.contract.TapEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TapLoopTest {
    private final MemoryStore store = new MemoryStore();
    private final TapFixtures.Clock clock = new TapFixtures.Clock();
    private final List<Cue> shown = new ArrayList<>();
    private final List<Integer> journalledWhenShown = new ArrayList<>();
    private final Signals signals =
            cue -> {
                shown.add(cue);
                journalledWhenShown.add(store.journal.size());
            };
    private final TapLoop loop = new TapLoop(store, signals, clock, TapFixtures.ids(), 1);

    @BeforeEach
    void mairHasTwoHoursAndStandsAtThePool() {
        store.profile = TapFixtures.pool();
        store.cards.put(TapFixtures.MAIR, TapFixtures.card(TapFixtures.MAIR, 120));
    }

    @Test
    void theTapIsInTheJournalBeforeTheLight() throws Exception {
        tap();
        assertThat(shown).containsExactly(new Cue(Cue.Kind.WELCOME, "cy", 60, false));
        assertThat(journalledWhenShown).containsExactly(1);
        TapEvent event = store.journal.getFirst();
        assertThat(event.kind()).isEqualTo(TapEvent.Kind.SPEND);
        assertThat(event.sequence()).isEqualTo(1);
        assertThat(Codec.decodeEvent(store.texts.getFirst())).isEqualTo(event);
    }

    @Test
    void aStoreThatFailsMeansNoWelcomeAndAnHonestScreen() throws Exception {
        store.failing = true;
        assertThatThrownBy(this::tap).isInstanceOf(StoreException.class);
        assertThat(shown).containsExactly(Cue.plain(Cue.Kind.OUT_OF_SERVICE, "en"));
        store.failing = false;
        tap();
        assertThat(shown.getLast().kind()).isEqualTo(Cue.Kind.WELCOME);
    }

    @Test
    void tappingTwiceInAHurryChargesOnceAndSaysTheSame() throws Exception {
        tap();
        clock.forwardSeconds(5);
        tap();
        assertThat(store.journal).hasSize(1);
        assertThat(shown.getLast()).isEqualTo(new Cue(Cue.Kind.WELCOME, "cy", 60, true));
    }

    @Test
    void twoHoursAreTwoSwimsAndTheThirdIsAskedKindly() throws Exception {
        for (int i = 0; i < 3; i++) {
            tap();
            clock.forwardSeconds(60);
        }
        assertThat(shown.stream().map(Cue::kind))
                .containsExactly(Cue.Kind.WELCOME, Cue.Kind.WELCOME, Cue.Kind.PLEASE_ASK);
        assertThat(store.journal.getLast().reason()).isEqualTo("NOT_ENOUGH_HOURS");
        assertThat(store.journal.stream().map(TapEvent::id).distinct()).hasSize(3);
    }

    @Test
    void aShiftBeginsAndEndsWithTheSameGesture() throws Exception {
        store.profile = TapFixtures.lunchClub();
        for (int i = 0; i < 3; i++) {
            tap();
            clock.forwardSeconds(3600);
        }
        assertThat(shown.stream().map(Cue::kind))
                .containsExactly(
                        Cue.Kind.SHIFT_STARTED, Cue.Kind.SHIFT_ENDED, Cue.Kind.SHIFT_STARTED);
    }

    @Test
    void aCardPulledTooSoonIsAskedAgainAndCostsNothing() throws Exception {
        loop.tap(new Presented.Torn(), true, "cy");
        assertThat(shown).containsExactly(Cue.plain(Cue.Kind.HOLD_AGAIN, "cy"));
        assertThat(store.journal).isEmpty();
    }

    @Test
    void aCloneIsJournalledForStaffAndTreatedLikeAnyoneElse() throws Exception {
        loop.tap(new Presented.NotGenuine(TapFixtures.OWEN), false, "en");
        assertThat(shown).containsExactly(Cue.plain(Cue.Kind.PLEASE_ASK, "en"));
        TapEvent event = store.journal.getFirst();
        assertThat(event.reason()).isEqualTo("NOT_GENUINE");
        assertThat(event.card()).isEqualTo(TapFixtures.OWEN);
        assertThat(event.offline()).isTrue();
    }

    @Test
    void anUnknownCardIsJournalledWithItsNumber() throws Exception {
        loop.tap(TapFixtures.presented(TapFixtures.OWEN), true, "en");
        assertThat(store.journal.getFirst().reason()).isEqualTo("UNKNOWN_CARD");
        assertThat(shown.getLast()).isEqualTo(Cue.plain(Cue.Kind.PLEASE_ASK, "en"));
    }

    private void tap() throws StoreException {
        loop.tap(TapFixtures.presented(TapFixtures.MAIR), true, "en");
    }
}
