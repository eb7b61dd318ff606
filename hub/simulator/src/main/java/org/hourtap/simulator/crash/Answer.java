package org.hourtap.simulator.crash;

import java.util.List;

/// What one person saw when holding one card at one terminal once.
///
/// @param sinceMicros when this person stepped up; they hold the card again until they know
/// @param shownMicros when the screen answered, or when the person took the card away; both by the
///   clock that terminals write into their journals
/// @param state the screen's state, [#NOTHING] if it did not answer
/// @param isAgain whether the screen said that this is a repeat
public record Answer(
        String card,
        String terminal,
        long sinceMicros,
        long shownMicros,
        String state,
        boolean isAgain) {
    static final String NOTHING = "NOTHING";

    private static final List<String> WELCOMES = List.of("WELCOME", "SHIFT_STARTED", "SHIFT_ENDED");

    boolean isWelcome() {
        return WELCOMES.contains(state);
    }

    /// @return one line of the file of answers
    String line() {
        return String.join(
                "\t",
                card,
                terminal,
                Long.toString(sinceMicros),
                Long.toString(shownMicros),
                state,
                isAgain ? "again" : "");
    }
}
