package org.hourtap.device;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.ClockReading.Quality;
import org.hourtap.contract.TransferId;
import org.hourtap.runtime.SystemTime;
import org.jspecify.annotations.Nullable;

/// The terminal's clocks. The hub's word counts most, for as long as this boot lasts; the machine's
/// own clock may never have been set. Any thread may ask.
final class TerminalClock implements Supplier<ClockReading> {
    private static final long MICROS_PER_MILLI = 1_000;

    private final String bootId = SystemTime.bootId();
    private final AtomicReference<@Nullable Anchor> anchor = new AtomicReference<>();

    private record Anchor(long hubMicros, long bootMicros) {}

    @Override
    public ClockReading get() {
        long boot = SystemTime.bootMicros();
        Anchor known = anchor.get();
        if (known != null) {
            long wall = known.hubMicros() + (boot - known.bootMicros());
            return new ClockReading(bootId, boot, wall, Quality.HUB);
        }
        Quality own = SystemTime.isNetworkTime() ? Quality.NTP : Quality.UNKNOWN;
        return new ClockReading(bootId, boot, SystemTime.wallMicros(), own);
    }

    /// The hub said what time it is.
    void hubSaid(long hubMicros) {
        anchor.set(new Anchor(hubMicros, SystemTime.bootMicros()));
    }

    TransferId mintId() {
        return TransferId.mint(
                get().wallMicros() / MICROS_PER_MILLI,
                SystemTime.randomLong(),
                SystemTime.randomLong());
    }
}
