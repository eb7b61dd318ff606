package org.hourtap.device.testing;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Waits for what other threads will do.
public final class Awaiting {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int LOOKS_MAX = 2_000;

    private Awaiting() {}

    /// Looks every ten milliseconds, for twenty seconds and more on a busy machine.
    public static void until(String what, Callable<Boolean> isSo) throws Exception {
        for (int i = 0; i < LOOKS_MAX; i++) {
            if (isSo.call()) {
                return;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        throw new AssertionError("waited in vain until " + what);
    }
}
