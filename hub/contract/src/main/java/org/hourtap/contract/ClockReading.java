package org.hourtap.contract;

/// What a terminal's clocks said at one moment. Lengths of time come from `monotonicMicros`, which
/// is right within one boot whatever the wall clock does; the wall clock is for people.
///
/// @param bootId changes with every boot; readings of different boots cannot be subtracted
/// @param monotonicMicros CLOCK_BOOTTIME, microseconds since this boot
/// @param wallMicros microseconds since 1970, as good as `quality` says
public record ClockReading(String bootId, long monotonicMicros, long wallMicros, Quality quality) {
    /// Where the wall clock's time came from, best first.
    public enum Quality {
        HUB,
        NTP,
        RTC,
        RESTORED,
        UNKNOWN
    }

    private static final int BOOT_ID_LENGTH_MAX = 64;

    public ClockReading {
        if (bootId.isEmpty() || bootId.length() > BOOT_ID_LENGTH_MAX) {
            throw new IllegalArgumentException("boot id must have 1 to 64 characters");
        }
        if (monotonicMicros < 0) {
            throw new IllegalArgumentException("monotonic time is negative: " + monotonicMicros);
        }
    }

    public boolean isSameBoot(ClockReading other) {
        return bootId.equals(other.bootId);
    }

    /// @return microseconds from `earlier` to this
    /// @throws IllegalArgumentException if the two are of different boots
    public long microsSince(ClockReading earlier) {
        if (!isSameBoot(earlier)) {
            throw new IllegalArgumentException("readings of different boots have no difference");
        }
        return Math.subtractExact(monotonicMicros, earlier.monotonicMicros);
    }
}
