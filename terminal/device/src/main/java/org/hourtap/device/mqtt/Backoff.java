package org.hourtap.device.mqtt;

import java.util.function.LongSupplier;

/// How long to wait before the next attempt: anything up to a limit that doubles, so that five
/// hundred terminals that lost the hub together do not come back together.
final class Backoff {
    private static final long FIRST_MILLIS = 500;

    private final long maxMillis;
    private final LongSupplier random;
    private int failures;

    /// @param random any long
    Backoff(long maxMillis, LongSupplier random) {
        this.maxMillis = Math.max(FIRST_MILLIS, maxMillis);
        this.random = random;
    }

    long nextMillis() {
        long limit = maxMillis;
        if (failures < Long.SIZE - Long.numberOfLeadingZeros(maxMillis)) {
            limit = Math.min(maxMillis, FIRST_MILLIS << failures);
            failures++;
        }
        return Math.floorMod(random.getAsLong(), limit) + 1;
    }

    void succeeded() {
        failures = 0;
    }
}
