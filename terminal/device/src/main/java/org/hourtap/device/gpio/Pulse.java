package org.hourtap.device.gpio;

/// One output, switched on for a while.
///
/// @param fromMillis after the cue
/// @param untilMillis after the cue; later than `fromMillis`
record Pulse(Output output, long fromMillis, long untilMillis) {
    Pulse {
        if (fromMillis < 0 || untilMillis <= fromMillis) {
            throw new IllegalArgumentException(
                    "a pulse ends after it starts: " + fromMillis + " to " + untilMillis);
        }
    }

    boolean isOnAt(long millis) {
        return millis >= fromMillis && millis < untilMillis;
    }
}
