package org.hourtap.device.cards;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import java.util.List;
import org.hourtap.card.CardClass;
import org.hourtap.contract.CardRecord;
import org.hourtap.contract.Credits;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TransferId;
import org.hourtap.device.testing.Taps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CardStoryTest {
    private static final ZoneId UTC = ZoneId.of("UTC");

    @Test
    void theNewestTapComesFirstInPlainWords() {
        assertThat(
                        CardStory.taps(
                                9,
                                List.of(
                                        record(7, TapEvent.Kind.SPEND, 75, true, true),
                                        record(8, TapEvent.Kind.SHIFT_IN, 0, false, true),
                                        record(9, TapEvent.Kind.SPEND, 120, false, false)),
                                UTC))
                .containsExactly(
                        "9 taps so far.",
                        "  9  (time not known)  2 h spent  at terminal 0badcafe (its tap 109)",
                        "  8  2026-03-14 10:15  shift begun  at terminal 0badcafe (its tap 108)",
                        "  7  2026-03-14 10:15  1 h 15 min spent  at terminal 0badcafe (its tap 107,"
                                + " offline)");
    }

    @Test
    void aNewCardHasNoStory() {
        assertThat(CardStory.taps(0, List.of(), UTC))
                .containsExactly("It has never been used at a door.");
        assertThat(CardStory.taps(1, List.of(), UTC)).containsExactly("1 tap so far.");
    }

    @ParameterizedTest
    @EnumSource(CardClass.class)
    void whatACardProvesIsASentence(CardClass cardClass) {
        assertThat(CardStory.proof(cardClass)).endsWith(".");
        assertThat(CardStory.proof(cardClass).contains("it proved that"))
                .isEqualTo(cardClass != CardClass.UID_ONLY);
    }

    private static CardRecord record(
            long counter, TapEvent.Kind kind, int minutes, boolean offline, boolean clockKnown) {
        return new CardRecord(
                kind,
                offline,
                clockKnown,
                new Credits(minutes),
                counter,
                0x0BADCAFE,
                100 + counter,
                TransferId.mint(Taps.MORNING / 1000, counter, counter));
    }
}
