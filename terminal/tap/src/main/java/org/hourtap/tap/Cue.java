package org.hourtap.tap;

/// What member and staff see and hear. One value, decided once, drawn by every output alike; light
/// and sound are the same for everyone who is welcome.
///
/// @param language ISO 639-1 code to greet in
/// @param minutes hours spent, in minutes; 0 when none were
/// @param again whether this repeats an earlier answer, with nothing moved
public record Cue(Kind kind, String language, long minutes, boolean again) {
    /// Every state a person can find the terminal in.
    public enum Kind {
        READY,
        WELCOME,
        SHIFT_STARTED,
        SHIFT_ENDED,
        PLEASE_ASK,
        HOLD_AGAIN,
        OUT_OF_SERVICE
    }

    /// @return a cue that speaks of no hours
    public static Cue plain(Kind kind, String language) {
        return new Cue(kind, language, 0, false);
    }
}
