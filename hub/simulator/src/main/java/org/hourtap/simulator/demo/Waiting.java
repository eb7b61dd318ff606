package org.hourtap.simulator.demo;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.hourtap.runtime.SystemTime;

/// Waiting for something to become true, with an end.
public final class Waiting {
    private static final Duration PAUSE = Duration.ofMillis(20);

    private Waiting() {}

    /// @return false if it did not become true in time
    public static boolean until(Duration timeout, BooleanSupplier condition) {
        long deadline = SystemTime.bootMicros() + timeout.toNanos() / 1_000;
        while (!condition.getAsBoolean()) {
            if (SystemTime.bootMicros() > deadline || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return true;
    }

    public static void pause(Duration duration) {
        until(duration, () -> false);
    }
}
