package org.hourtap.server.cards;

import org.hourtap.contract.TapEvent;

/// Which of the taps that a card itself counts are in the books: all up to `counter`, and some
/// after it. A card carries its sixteen newest, so what is missing further back no card will ever
/// bring, and is stepped over: two numbers are enough, however many taps a card has seen.
///
/// @param ahead bit 0 is `counter + 2`, since `counter + 1` is missing
public record Counted(long counter, int ahead) {
    public static final Counted NONE = new Counted(0, 0);

    /// What one more tap changes.
    ///
    /// @param missing how many taps were stepped over, most often none
    /// @param first the oldest of them
    /// @param last the newest of them
    public record Step(Counted counted, long missing, long first, long last) {}

    public boolean contains(long tap) {
        long bit = tap - counter - 2;
        return tap <= counter || (bit >= 0 && bit < Integer.SIZE && (ahead >>> bit & 1) == 1);
    }

    /// Adds one tap, in whatever order they come.
    public Step plus(long tap) {
        if (contains(tap)) {
            return new Step(this, 0, 0, 0);
        }
        long carriedAfter = Math.max(newest(), tap) - TapEvent.CARRIED_MAX;
        long start = Math.max(counter, carriedAfter);
        long present = Integer.toUnsignedLong(ahead) << 1;
        long skipped = start - counter;
        long left = skipped < Long.SIZE ? present >>> skipped : 0;
        long missing = skipped - (Long.bitCount(present) - Long.bitCount(left));
        Counted counted = from(start, left | 1L << (tap - start - 1));
        return missing == 0
                ? new Step(counted, 0, 0, 0)
                : new Step(counted, missing, counter + 1, newestMissing(start));
    }

    /// @return the highest tap there is, 0 if there is none
    public long newest() {
        return ahead == 0
                ? counter
                : counter + 1 + Integer.SIZE - Integer.numberOfLeadingZeros(ahead);
    }

    private long newestMissing(long upTo) {
        long tap = upTo;
        while (contains(tap)) {
            tap--;
        }
        return tap;
    }

    /// @param present bit 0 is `start + 1`
    private static Counted from(long start, long present) {
        int complete = Long.numberOfTrailingZeros(~present);
        return new Counted(start + complete, (int) (present >>> complete >>> 1));
    }
}
