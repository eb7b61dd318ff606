package org.hourtap.server.backup;

import java.nio.file.Path;

/// How the continuous copy stands.
///
/// @param sentence for an operator: what is so, and what to do about it
/// @param copiedMicros when all that was committed was last known to be there; 0 for never
public record CopyState(Kind kind, String sentence, long copiedMicros) {
    public static final CopyState OFF =
            new CopyState(
                    Kind.OFF,
                    "No copy is kept: set backup.folder in hub.properties to a folder on another"
                            + " disk.",
                    0);

    /// What a copy may be.
    public enum Kind {
        OFF,
        /// The first full copy since the hub started is being made.
        BEGINNING,
        /// All that was committed is there.
        GOOD,
        /// Nothing is copied now; the books go on.
        STOPPED
    }

    /// While the first copy is made a large hub may take minutes; after that a round takes a
    /// second.
    private static final long SILENCE_MICROS_MAX = 60_000_000;

    /// @return the same, unless the second place has not answered for a while
    CopyState asOf(long nowMicros, Path place) {
        if (kind != Kind.GOOD || nowMicros - copiedMicros < SILENCE_MICROS_MAX) {
            return this;
        }
        return new CopyState(
                Kind.STOPPED,
                place
                        + " has not answered for "
                        + (nowMicros - copiedMicros) / 1_000_000
                        + " seconds. Look at its disk or its network. The books go on; nothing is"
                        + " copied meanwhile.",
                copiedMicros);
    }
}
