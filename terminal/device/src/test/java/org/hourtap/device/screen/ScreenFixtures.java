package org.hourtap.device.screen;

import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import org.hourtap.contract.CardId;
import org.hourtap.contract.TapEvent;
import org.hourtap.tap.Cue;

/// Places, taps and cues that tests show.
final class ScreenFixtures {
    static final Place POOL = new Place("Riverside Pool", "Swim, 1 hour", List.of("en"));
    static final Place BILINGUAL_POOL =
            new Place("Pwll Glan-yr-afon", "Nofio, 1 awr", List.of("cy", "en"));

    private ScreenFixtures() {}

    /// Every state a member can find the screen in, with the longest words there are.
    static List<Cue> cues(String language) {
        List<Cue> cues = new ArrayList<>();
        for (Cue.Kind kind : Cue.Kind.values()) {
            long minutes = kind == Cue.Kind.WELCOME ? 1_439 : 0;
            cues.add(new Cue(kind, language, minutes, false));
        }
        cues.add(new Cue(Cue.Kind.WELCOME, language, 60, false));
        cues.add(new Cue(Cue.Kind.WELCOME, language, 60, true));
        cues.add(new Cue(Cue.Kind.SHIFT_STARTED, language, 0, true));
        cues.add(new Cue(Cue.Kind.SHIFT_ENDED, language, 0, true));
        return cues;
    }

    static StaffTap spend(int hour, int minute, String card, long minutes, boolean atHub) {
        return new StaffTap(
                LocalTime.of(hour, minute),
                new CardId(card),
                TapEvent.Kind.SPEND,
                minutes,
                null,
                atHub);
    }

    static StaffTap shift(int hour, int minute, String card, TapEvent.Kind kind, boolean atHub) {
        return new StaffTap(LocalTime.of(hour, minute), new CardId(card), kind, 0, null, atHub);
    }

    static StaffTap declined(int hour, int minute, String card, String reason, boolean atHub) {
        return new StaffTap(
                LocalTime.of(hour, minute),
                new CardId(card),
                TapEvent.Kind.DECLINED,
                0,
                reason,
                atHub);
    }

    static final StaffView QUIET_DAY =
            new StaffView(
                    "Riverside Pool",
                    List.of(),
                    0,
                    null,
                    new StaffView.Link(true, LocalTime.of(8, 0)),
                    List.of());

    static final StaffView BUSY_DAY =
            new StaffView(
                    "Riverside Pool",
                    List.of(
                            spend(10, 58, "card_gwen_7F3A", 60, false),
                            declined(10, 55, "card_tomos_91C2", "NOT_ENOUGH_HOURS", false),
                            spend(10, 51, "card_aisha_04DE", 90, false),
                            shift(10, 30, "card_bryn_C0B1", TapEvent.Kind.SHIFT_OUT, true),
                            spend(10, 12, "card_maria_55A0", 60, true),
                            declined(9, 40, "card_lost_EE10", "CARD_STOPPED", true),
                            spend(9, 31, "card_joan_2B7D", 120, true),
                            shift(8, 28, "card_bryn_C0B1", TapEvent.Kind.SHIFT_IN, true)),
                    3,
                    LocalTime.of(10, 51),
                    new StaffView.Link(false, LocalTime.of(10, 42)),
                    List.of("The card reader does not answer. Unplug it and plug it in again."));
}
