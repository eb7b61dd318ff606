package org.hourtap.server.books;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits for what another thread is about to do, without guessing how long it takes.
public final class Awaiting {
    private static final long DEADLINE_NANOS = 20_000_000_000L;
    private static final long POLL_NANOS = 2_000_000L;

    private Awaiting() {}

    public static void until(String what, BooleanSupplier condition) {
        for (long waited = 0; !condition.getAsBoolean(); waited += POLL_NANOS) {
            if (waited > DEADLINE_NANOS) {
                throw new AssertionError("did not happen: " + what);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
