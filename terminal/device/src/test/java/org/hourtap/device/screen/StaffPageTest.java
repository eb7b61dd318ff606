package org.hourtap.device.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import org.hourtap.contract.ActivityId;
import org.hourtap.contract.CardId;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.Credits;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TransferId;
import org.hourtap.device.screen.StaffView.Link;
import org.hourtap.tap.DeclineReason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The sentences of the staff page.
class StaffPageTest {
    private static final ZoneId CARDIFF = ZoneId.of("Europe/London");

    /// 2026-07-01 09:42:30 UTC, which is 10:42 in Cardiff.
    private static final long SUMMER_MORNING_MICROS = 1_782_898_950_000_000L;

    @Test
    void theLinkIsOneSentence() {
        assertThat(page(new Link(true, null)).link()).isEqualTo("The hub answers.");
        assertThat(page(new Link(false, LocalTime.of(10, 42))).link())
                .isEqualTo(
                        "The hub cannot be reached since 10:42; taps are kept here and sent later.");
        assertThat(page(new Link(false, null)).link())
                .isEqualTo("The hub has not been reached yet; taps are kept here and sent later.");
    }

    @Test
    void theBacklogIsOneSentence() {
        assertThat(waiting(0, null)).isEqualTo("Every tap is at the hub.");
        assertThat(waiting(1, LocalTime.of(9, 5)))
                .isEqualTo("1 tap waits to be sent, the oldest since 09:05.");
        assertThat(waiting(2, null)).isEqualTo("2 taps wait to be sent.");
    }

    @ParameterizedTest
    @EnumSource(DeclineReason.class)
    void aReasonIsASentence(DeclineReason reason) {
        StaffTap tap = ScreenFixtures.declined(10, 0, "card_tomos_91C2", reason.name(), true);
        StaffPage.Row row = row(tap);
        assertThat(row.reason()).isEqualTo(reason.advice());
        assertThat(row.declined()).isTrue();
        assertThat(row.what()).isEqualTo("Asked to see staff");
    }

    @Test
    void aReasonOfAnotherVersionIsStillReadable() {
        StaffTap tap = ScreenFixtures.declined(10, 0, "card_tomos_91C2", "VENUE_CLOSED", true);
        assertThat(row(tap).reason()).isEqualTo("Declined: venue closed.");
    }

    @Test
    void aCardShowsItsLastFourAndAShortOneAll() {
        assertThat(row(ScreenFixtures.spend(9, 0, "card_gwen_7F3A", 60, true)).card())
                .isEqualTo("7F3A");
        assertThat(row(ScreenFixtures.spend(9, 0, "7F", 60, true)).card()).isEqualTo("7F");
    }

    @Test
    void aJournalledTapBecomesARowInTheVenuesTime() {
        StaffPage.Row row =
                row(StaffTap.of(event(ClockReading.Quality.NTP), CARDIFF, false, false));
        assertThat(row)
                .isEqualTo(
                        new StaffPage.Row(
                                "10:42",
                                "7F3A",
                                "Welcomed",
                                "1 hour 30 minutes",
                                "",
                                false,
                                false));
    }

    @Test
    void aTapInDoubtLetsNobodyInAndATornOneCostsNothing() {
        TapEvent event = event(ClockReading.Quality.NTP);
        StaffPage.Row doubt = row(StaffTap.of(event, CARDIFF, false, true));
        assertThat(doubt.what()).isEqualTo("Card left too soon, asked to hold it again");
        assertThat(doubt.hours()).isEmpty();
        assertThat(doubt.reason()).startsWith("Let nobody in on this alone.");
        StaffPage.Row torn = row(StaffTap.of(event.torn(), CARDIFF, false, false));
        assertThat(torn.what()).isEqualTo("Card left too soon, nobody let in");
        assertThat(torn.hours()).isEmpty();
        assertThat(torn.reason()).startsWith("No hours are taken for this");
        assertThat(torn.declined()).isFalse();
    }

    @Test
    void aTapFromBeforeTheClockWasSetHasNoTime() {
        StaffTap tap = StaffTap.of(event(ClockReading.Quality.UNKNOWN), CARDIFF, true, false);
        assertThat(tap.time()).isNull();
        assertThat(row(tap).time()).isEqualTo("no clock");
    }

    @Test
    void aBusyDayIsCutAndSaysSo() {
        StaffTap tap = ScreenFixtures.spend(9, 0, "card_gwen_7F3A", 60, true);
        StaffPage page =
                StaffPage.of(
                        new StaffView(
                                "",
                                Collections.nCopies(StaffPage.TAPS_MAX + 7, tap),
                                0,
                                null,
                                new Link(true, null),
                                Collections.nCopies(StaffPage.TROUBLES_MAX + 1, "Disk full.")));
        assertThat(page.taps()).hasSize(StaffPage.TAPS_MAX);
        assertThat(page.more()).isEqualTo("The newest 200 are listed; 7 earlier are not.");
        assertThat(page.troubles()).hasSize(StaffPage.TROUBLES_MAX);
        assertThat(StaffPage.of(ScreenFixtures.BUSY_DAY).more()).isEmpty();
    }

    private static StaffPage page(Link link) {
        return StaffPage.of(new StaffView("", List.of(), 0, null, link, List.of()));
    }

    private static String waiting(long count, @Nullable LocalTime since) {
        return StaffPage.of(
                        new StaffView("", List.of(), count, since, new Link(true, null), List.of()))
                .waiting();
    }

    private static StaffPage.Row row(StaffTap tap) {
        return StaffPage.of(
                        new StaffView("", List.of(tap), 0, null, new Link(true, null), List.of()))
                .taps()
                .getFirst();
    }

    private static TapEvent event(ClockReading.Quality quality) {
        return new TapEvent(
                1,
                TransferId.mint(1, 2, 3),
                TapEvent.Kind.SPEND,
                new CardId("card_gwen_7F3A"),
                TapEvent.Proof.DESFIRE_EV2,
                new ActivityId("swim"),
                new Credits(90),
                null,
                new ClockReading("boot", 1, SUMMER_MORNING_MICROS, quality),
                false);
    }
}
