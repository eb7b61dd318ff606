package org.hourtap.simulator.demo;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.hourtap.runtime.SystemTime;

/// Waiting for something to become true, with an end.
public final class Waiting {
    private static final Duration PAUSE = Duration.ofMillis(20);

    /// Whoever is asked over the network has something else to do while it starts.
    private static final Duration REMOTE_PAUSE = Duration.ofMillis(100);

    private Waiting() {}

    /// @return false if it did not become true in time
    public static boolean until(Duration timeout, BooleanSupplier condition) {
        return until(timeout, PAUSE, condition);
    }

    /// The same for what another program is asked.
    public static boolean untilAnswered(Duration timeout, BooleanSupplier condition) {
        return until(timeout, REMOTE_PAUSE, condition);
    }

    /// @param pause before it is asked again
    public static boolean until(Duration timeout, Duration pause, BooleanSupplier condition) {
        long deadline = SystemTime.bootMicros() + timeout.toNanos() / 1_000;
        while (!condition.getAsBoolean()) {
            if (SystemTime.bootMicros() > deadline || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(pause.toNanos());
        }
        return true;
    }

    public static void pause(Duration duration) {
        until(duration, () -> false);
    }
}
