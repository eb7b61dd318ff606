package org.hourtap.device.screen;

import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.hourtap.contract.TapEvent;
import org.hourtap.tap.DeclineReason;
import org.jspecify.annotations.Nullable;

/// The staff page in words: every sentence is made here, and the page's script only places them.
///
/// @param unsent how many taps the hub has not acknowledged, for programs that look at the page
/// @param more says that there were more taps than are listed; empty otherwise
record StaffPage(
        String venue,
        boolean linkUp,
        String link,
        boolean allSent,
        long unsent,
        String waiting,
        List<String> troubles,
        List<Row> taps,
        String more) {
    /// What a person scrolls through; more is in the hub's console and the export.
    static final int TAPS_MAX = 200;

    /// More would push the taps off the page, and the first ones cause the later ones.
    static final int TROUBLES_MAX = 10;

    private static final int CARD_TAIL = 4;
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);

    /// One tap.
    ///
    /// @param hours what was spent; empty when nothing was
    /// @param reason a sentence; empty when the person was welcomed
    /// @param declined whether the person was asked to see staff
    record Row(
            String time,
            String card,
            String what,
            String hours,
            String reason,
            boolean declined,
            boolean atHub) {}

    /// @return the page that says what the view holds
    static StaffPage of(StaffView view) {
        List<StaffTap> shown = view.taps().subList(0, Math.min(TAPS_MAX, view.taps().size()));
        int hidden = view.taps().size() - shown.size();
        return new StaffPage(
                view.venue(),
                view.link().isUp(),
                link(view.link()),
                view.waiting() == 0,
                view.waiting(),
                waiting(view),
                view.troubles().subList(0, Math.min(TROUBLES_MAX, view.troubles().size())),
                shown.stream().map(StaffPage::row).toList(),
                hidden == 0
                        ? ""
                        : "The newest "
                                + TAPS_MAX
                                + " are listed; "
                                + hidden
                                + " earlier are not.");
    }

    /// @return the page for when the journal cannot be read
    static StaffPage unreadable() {
        List<String> troubles =
                List.of(
                        "Today's taps cannot be read at the moment. This page tries again by"
                                + " itself; if it stays like this, restart the terminal.");
        return new StaffPage("", false, "", true, 0, "", troubles, List.of(), "");
    }

    private static String link(StaffView.Link link) {
        if (link.isUp()) {
            return "The hub answers.";
        }
        LocalTime since = link.since();
        return since == null
                ? "The hub has not been reached yet; taps are kept here and sent later."
                : "The hub cannot be reached since "
                        + CLOCK.format(since)
                        + "; taps are kept here and sent later.";
    }

    private static String waiting(StaffView view) {
        if (view.waiting() == 0) {
            return "Every tap is at the hub.";
        }
        String count =
                view.waiting() == 1
                        ? "1 tap waits to be sent"
                        : view.waiting() + " taps wait to be sent";
        LocalTime since = view.waitingSince();
        return since == null
                ? count + "."
                : count + ", the oldest since " + CLOCK.format(since) + ".";
    }

    private static Row row(StaffTap tap) {
        String hours =
                tap.inDoubt() ? "" : Wording.in(Wording.DEFAULT_LANGUAGE).hours(tap.minutes());
        boolean declined = tap.reason() != null;
        return new Row(
                time(tap.time()),
                tail(tap.card().value()),
                what(tap),
                hours,
                reason(tap),
                declined,
                tap.atHub());
    }

    private static String what(StaffTap tap) {
        if (tap.inDoubt()) {
            return "Card left too soon, asked to hold it again";
        }
        return switch (tap.kind()) {
            case SPEND -> "Welcomed";
            case SHIFT_IN -> "Shift started";
            case SHIFT_OUT -> "Shift ended";
            case DECLINED -> "Asked to see staff";
            case TORN -> "Card left too soon, nobody let in";
        };
    }

    private static String reason(StaffTap tap) {
        if (tap.inDoubt()) {
            return "Let nobody in on this alone. The same card, held here once more within five"
                    + " minutes, is charged once.";
        }
        if (tap.kind() == TapEvent.Kind.TORN) {
            return "No hours are taken for this; the hub gives back what the card may have counted.";
        }
        return tap.reason() == null ? "" : sentence(tap.reason());
    }

    private static String time(@Nullable LocalTime time) {
        return time == null ? "no clock" : CLOCK.format(time);
    }

    /// Enough to find a card in the hand, too little to copy it.
    private static String tail(String card) {
        return card.substring(Math.max(0, card.length() - CARD_TAIL));
    }

    /// @param word as journalled, perhaps by another version of this program
    private static String sentence(String word) {
        for (DeclineReason reason : DeclineReason.values()) {
            if (reason.name().equals(word)) {
                return reason.advice();
            }
        }
        return "Declined: " + word.toLowerCase(Locale.ROOT).replace('_', ' ') + ".";
    }
}
