package org.hourtap.smartcardio;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.smartcardio.CardException;

/// The time left of a wait, dealt out in slices so that an interrupted thread is heard soon.
final class CardWait {
    /// A stop of the program is noticed within this time; five idle wake-ups a second cost a
    /// Raspberry Pi nothing that can be measured.
    private static final long SLICE_MILLIS = 200;

    private final LongSupplier monotonicNanos;
    private final long deadline;
    private final boolean forever;

    /// @param timeoutMillis 0 for ever
    CardWait(LongSupplier monotonicNanos, long timeoutMillis) {
        if (timeoutMillis < 0) {
            throw new IllegalArgumentException("a timeout must not be negative: " + timeoutMillis);
        }
        this.monotonicNanos = monotonicNanos;
        this.deadline = monotonicNanos.getAsLong() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        this.forever = timeoutMillis == 0;
    }

    /// The milliseconds to wait next, 0 when the time is up. The thread stays interrupted if it is.
    long nextSlice() throws CardException {
        if (Thread.currentThread().isInterrupted()) {
            throw new CardException(
                    "interrupted while waiting for a card", new InterruptedException());
        }
        if (forever) {
            return SLICE_MILLIS;
        }
        var left = deadline - monotonicNanos.getAsLong();
        // Rounded up, so that the last part of a millisecond is slept and not spun.
        return left <= 0 ? 0 : Math.min(SLICE_MILLIS, TimeUnit.NANOSECONDS.toMillis(left) + 1);
    }
}
