package org.hourtap.server.mqtt;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Counts what goes wrong often at a stranger's will, and says so at most once a minute, so that
/// nobody can fill the log from outside.
final class OccasionalWarning {
    private static final long INTERVAL_MICROS = 60_000_000;

    private final System.Logger log;
    private final LongSupplier micros;
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong nextAt = new AtomicLong(Long.MIN_VALUE);

    OccasionalWarning(System.Logger log, LongSupplier micros) {
        this.log = log;
        this.micros = micros;
    }

    void count(String what) {
        long total = count.incrementAndGet();
        long now = micros.getAsLong();
        long due = nextAt.get();
        if (now >= due && nextAt.compareAndSet(due, now + INTERVAL_MICROS)) {
            log.log(System.Logger.Level.WARNING, "{0} ({1} so far)", what, total);
        }
    }

    long count() {
        return count.get();
    }
}
