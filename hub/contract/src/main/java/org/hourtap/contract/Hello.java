package org.hourtap.contract;

/// The first message on a new connection: who connects, and where its journal and cache stand. The
/// hub answers with a [FeedPage] from `cursor`.
///
/// @param epoch grows with each connection, so that a late will of an older one is ignored
/// @param lastSequence newest tap in the terminal's journal, 0 if none
/// @param cursor feed position the terminal's cache has reached, 0 if it has nothing
/// @param at the terminal's clocks while sending
public record Hello(
        long epoch, long lastSequence, long cursor, String programVersion, ClockReading at)
        implements Message.Upward {
    private static final int VERSION_LENGTH_MAX = 40;

    public Hello {
        if (epoch < 1 || lastSequence < 0 || cursor < 0) {
            throw new IllegalArgumentException("hello: epoch, sequence or cursor out of range");
        }
        if (programVersion.length() > VERSION_LENGTH_MAX) {
            throw new IllegalArgumentException("hello: version has at most 40 characters");
        }
    }
}
