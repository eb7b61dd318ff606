package org.hourtap.device.screen;

import org.hourtap.tap.Cue;
import org.jspecify.annotations.Nullable;

/// What the member's screen shows: decided once, from the cue and the words of a language alone.
///
/// @param lang the language of title and detail, for the page's `lang`
/// @param title the one thing to read from a distance, at most four words
/// @param detail at most eight words; may be empty
/// @param also the title in the venue's second language, shown beside it; mostly absent
/// @param dwellMillis how long it stays; 0 when it stays until something else happens
public record Screen(
        Cue.Kind state,
        Tone tone,
        Icon icon,
        String lang,
        String title,
        String detail,
        @Nullable Line also,
        long dwellMillis) {
    /// Colour and sound. Welcomes differ in sound only, and a person is never shamed by either.
    public enum Tone {
        READY,
        OK,
        IN,
        OUT,
        ASK,
        HOLD,
        FAULT
    }

    /// The pictogram, drawn by the page.
    public enum Icon {
        CARD,
        TICK,
        ENTER,
        LEAVE,
        PERSON,
        STILL,
        SPANNER
    }

    /// A title in a second language.
    public record Line(String lang, String title) {}

    /// Long enough to be seen by someone who looks up late.
    static final long ACCEPT_DWELL_MILLIS = 4_000;

    /// Long enough to be understood by someone who did not expect it.
    static final long ASK_DWELL_MILLIS = 8_000;

    private static final long READ_START_MILLIS = 1_000;
    private static final long READ_WORD_MILLIS = 600;

    /// @return what to show for this cue
    static Screen of(Cue cue, Place place) {
        Wording words = Wording.in(cue.language());
        return switch (cue.kind()) {
            case READY -> ready(place);
            case WELCOME ->
                    cue.again()
                            ? passing(cue, Tone.OK, Icon.TICK, words, "welcome.again")
                            : welcome(cue, words);
            case SHIFT_STARTED ->
                    passing(cue, Tone.IN, Icon.ENTER, words, again("started", cue.again()));
            case SHIFT_ENDED ->
                    passing(cue, Tone.OUT, Icon.LEAVE, words, again("ended", cue.again()));
            case PLEASE_ASK -> passing(cue, Tone.ASK, Icon.PERSON, words, "ask");
            case HOLD_AGAIN -> passing(cue, Tone.HOLD, Icon.STILL, words, "hold");
            // Stays: nothing has become better by itself when a dwell is over.
            case OUT_OF_SERVICE ->
                    screen(
                            cue,
                            Tone.FAULT,
                            Icon.SPANNER,
                            words,
                            words.text("ask.detail"),
                            "ask",
                            0);
        };
    }

    private static String again(String key, boolean again) {
        return again ? key + ".again" : key;
    }

    private static Screen ready(Place place) {
        Wording first = Wording.in(place.languages().getFirst());
        Wording second = Wording.in(place.languages().getLast());
        Line also =
                second.equals(first)
                        ? null
                        : new Line(second.language(), second.text("ready.title"));
        return new Screen(
                Cue.Kind.READY,
                Tone.READY,
                Icon.CARD,
                first.language(),
                first.text("ready.title"),
                place.line(),
                also,
                0);
    }

    private static Screen welcome(Cue cue, Wording words) {
        String hours = words.hours(cue.minutes());
        long dwell = dwell(ACCEPT_DWELL_MILLIS, words.text("welcome.title") + " " + hours);
        return screen(cue, Tone.OK, Icon.TICK, words, hours, "welcome", dwell);
    }

    private static Screen passing(Cue cue, Tone tone, Icon icon, Wording words, String key) {
        String detail = words.text(key + ".detail");
        long least =
                switch (tone) {
                    case OK, IN, OUT, READY -> ACCEPT_DWELL_MILLIS;
                    case ASK, HOLD, FAULT -> ASK_DWELL_MILLIS;
                };
        long dwell = dwell(least, words.text(key + ".title") + " " + detail);
        return screen(cue, tone, icon, words, detail, key, dwell);
    }

    private static Screen screen(
            Cue cue, Tone tone, Icon icon, Wording words, String detail, String key, long dwell) {
        String title = words.text(key + ".title");
        return new Screen(cue.kind(), tone, icon, words.language(), title, detail, null, dwell);
    }

    /// Slow readers get the time they need: a second to start, and more for each word.
    private static long dwell(long least, String text) {
        int words = text.strip().split("\\s+").length;
        return Math.max(least, READ_START_MILLIS + READ_WORD_MILLIS * words);
    }
}
