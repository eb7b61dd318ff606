package org.hourtap.server.web;

import java.util.concurrent.atomic.AtomicReference;

/// So many in a minute, from everyone together: what is limited is done rarely and by few.
final class RateLimit {
    private static final long MINUTE_MICROS = 60_000_000;

    private final int perMinute;
    private final AtomicReference<Window> window = new AtomicReference<>(new Window(0, 0));

    private record Window(long startMicros, int count) {}

    RateLimit(int perMinute) {
        this.perMinute = perMinute;
    }

    boolean isWithin(long nowMicros) {
        Window now =
                window.updateAndGet(old ->
                        Math.abs(nowMicros - old.startMicros()) >= MINUTE_MICROS
                                ? new Window(nowMicros, 1)
                                : new Window(
                                        old.startMicros(),
                                        Math.min(old.count() + 1, perMinute + 1)));
        return now.count() <= perMinute;
    }
}
