package org.hourtap.device;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.ClockReading.Quality;
import org.hourtap.contract.TransferId;
import org.hourtap.runtime.SystemTime;
import org.jspecify.annotations.Nullable;

/// The terminal's clocks. The hub's word counts most, for as long as this boot lasts; the machine's
/// own clock may never have been set. Any thread may ask.
public final class TerminalClock implements Supplier<ClockReading> {
    private static final long MICROS_PER_MILLI = 1_000;

    private final Machine machine;
    private final AtomicReference<@Nullable Anchor> anchor = new AtomicReference<>();

    private record Anchor(long hubMicros, long bootMicros) {}

    /// What a machine says of time and chance.
    ///
    /// @param bootId changes with every boot
    /// @param bootMicros microseconds since boot
    /// @param wallMicros microseconds since 1970, if the clock was ever set
    /// @param isNetworkTime whether it was set from the network since boot
    /// @param random any long
    public record Machine(
            String bootId,
            LongSupplier bootMicros,
            LongSupplier wallMicros,
            BooleanSupplier isNetworkTime,
            LongSupplier random) {}

    public TerminalClock(Machine machine) {
        this.machine = machine;
    }

    static TerminalClock ofThisMachine() {
        return new TerminalClock(
                new Machine(
                        SystemTime.bootId(),
                        SystemTime::bootMicros,
                        SystemTime::wallMicros,
                        SystemTime::isNetworkTime,
                        SystemTime::randomLong));
    }

    @Override
    public ClockReading get() {
        long boot = bootMicros();
        Anchor known = anchor.get();
        if (known != null) {
            long wall = known.hubMicros() + (boot - known.bootMicros());
            return new ClockReading(machine.bootId(), boot, wall, Quality.HUB);
        }
        Quality own = machine.isNetworkTime().getAsBoolean() ? Quality.NTP : Quality.UNKNOWN;
        return new ClockReading(machine.bootId(), boot, machine.wallMicros().getAsLong(), own);
    }

    /// The hub said what time it is.
    void hubSaid(long hubMicros) {
        anchor.set(new Anchor(hubMicros, bootMicros()));
    }

    TransferId mintId() {
        return TransferId.mint(
                get().wallMicros() / MICROS_PER_MILLI,
                machine.random().getAsLong(),
                machine.random().getAsLong());
    }

    long bootMicros() {
        return machine.bootMicros().getAsLong();
    }
}
