package org.hourtap.contract;

/// An amount of time credit in whole minutes, never negative. One hour given is sixty of them.
public record Credits(long minutes) implements Comparable<Credits> {
    public static final Credits NONE = new Credits(0);

    /// Ten thousand years: far above any real account, far below where a sum of sums overflows.
    public static final long MINUTES_MAX = 10_000L * 366 * 24 * 60;

    public Credits {
        if (minutes < 0 || minutes > MINUTES_MAX) {
            throw new IllegalArgumentException(
                    "minutes must be 0 to " + MINUTES_MAX + ": " + minutes);
        }
    }

    public Credits plus(Credits other) {
        return new Credits(Math.addExact(minutes, other.minutes));
    }

    /// What is left, or nothing if `other` is more than this.
    public Credits minusAtMost(Credits other) {
        return new Credits(Math.max(0, minutes - other.minutes));
    }

    public Credits min(Credits other) {
        return minutes <= other.minutes ? this : other;
    }

    public boolean isNone() {
        return minutes == 0;
    }

    @Override
    public int compareTo(Credits other) {
        return Long.compare(minutes, other.minutes);
    }
}
