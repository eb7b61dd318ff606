package org.hourtap.device.gpio;

import com.pi4j.Pi4J;
import com.pi4j.context.Context;
import com.pi4j.exception.Pi4JException;
import com.pi4j.io.gpio.digital.DigitalOutput;
import com.pi4j.io.gpio.digital.DigitalState;
import com.pi4j.plugin.gpiod.provider.gpio.digital.GpioDDigitalOutputProvider;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.hourtap.runtime.RoleThread;
import org.hourtap.tap.Cue;
import org.hourtap.tap.Signals;

/// Lamps and buzzer through Pi4J, the only class that knows it. A cue starts its pattern at once,
/// whatever ran before, except that READY waits for a pattern to end by itself.
public final class GpioSignals implements Signals, AutoCloseable {
    private static final Path DEVICES = Path.of("/dev");

    /// Taps come seconds apart; this many waiting means the thread is stuck.
    private static final int QUEUE_MAX = 16;

    /// Finer than an eye or ear tells, coarser than a Pi Zero notices.
    private static final Duration TICK = Duration.ofMillis(40);

    private static final long MICROS_PER_MILLI = 1_000;

    private static final System.Logger LOG = System.getLogger(GpioSignals.class.getName());

    private final Context pi4j;
    private final Map<Output, DigitalOutput> outputs;
    private final LongSupplier clock;
    private final RoleThread thread;

    // Confined to the lamp thread.
    private final Set<Output> on = EnumSet.noneOf(Output.class);
    private final Set<Output> failing = EnumSet.noneOf(Output.class);
    private Pattern pattern = Pattern.of(Cue.Kind.READY);
    private long startedMicros;
    private boolean isDark;

    /// Takes the pins.
    ///
    /// @param bootMicros microseconds since boot
    /// @return nothing when this machine has no pins, none is configured, or none can be taken; the
    ///   last is logged
    public static Optional<GpioSignals> open(GpioPins pins, LongSupplier bootMicros) {
        if (pins.pins().isEmpty() || !hasPins(DEVICES)) {
            return Optional.empty();
        }
        try {
            Context pi4j =
                    Pi4J.newContextBuilder()
                            .add(GpioDDigitalOutputProvider.newInstance())
                            .disableShutdownHook() // whoever opened us closes us, in order
                            .build();
            return open(pi4j, GpioDDigitalOutputProvider.ID, pins, bootMicros);
        } catch (Pi4JException | LinkageError e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the lamps cannot be used; is this user in the group gpio?",
                    e);
            return Optional.empty();
        }
    }

    /// @param provider Pi4J's name of who moves the pins
    static Optional<GpioSignals> open(
            Context pi4j, String provider, GpioPins pins, LongSupplier bootMicros) {
        EnumMap<Output, DigitalOutput> outputs = new EnumMap<>(Output.class);
        pins.pins()
                .forEach((output, pin) ->
                        take(pi4j, provider, output, pin)
                                .ifPresent(taken -> outputs.put(output, taken)));
        if (outputs.isEmpty()) {
            pi4j.shutdown();
            return Optional.empty();
        }
        return Optional.of(new GpioSignals(pi4j, outputs, bootMicros));
    }

    GpioSignals(Context pi4j, Map<Output, DigitalOutput> outputs, LongSupplier bootMicros) {
        this.pi4j = pi4j;
        this.outputs = Map.copyOf(outputs);
        this.clock = bootMicros;
        this.startedMicros = bootMicros.getAsLong();
        this.thread = RoleThread.start("lamps", QUEUE_MAX, TICK, this::step, GpioSignals::report);
    }

    @Override
    public void show(Cue cue) {
        if (!thread.offer(() -> begin(cue.kind()))) {
            LOG.log(System.Logger.Level.WARNING, "the lamps are busy or closed; not lit: " + cue);
        }
    }

    /// Leaves everything dark.
    @Override
    public void close() {
        thread.offer(this::darken);
        thread.close();
        pi4j.shutdown();
    }

    static boolean hasPins(Path devices) {
        try (DirectoryStream<Path> chips = Files.newDirectoryStream(devices, "gpiochip*")) {
            return chips.iterator().hasNext();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "cannot list " + devices, e);
            return false;
        }
    }

    private static Optional<DigitalOutput> take(
            Context pi4j, String provider, Output output, int pin) {
        try {
            return Optional.of(
                    pi4j.create(
                            DigitalOutput.newConfigBuilder(pi4j)
                                    .id(output.name())
                                    .address(pin)
                                    .initial(DigitalState.LOW)
                                    .shutdown(DigitalState.LOW)
                                    .provider(provider)
                                    .build()));
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    output + " cannot be used; pin " + pin + " may belong to something else",
                    e);
            return Optional.empty();
        }
    }

    private void begin(Cue.Kind kind) {
        long elapsed = elapsedMillis();
        boolean isRunning = pattern.loopMillis() == 0 && !pattern.isOverAt(elapsed);
        if (kind == Cue.Kind.READY && isRunning) {
            return; // the pattern gives way to READY by itself when it is over
        }
        start(kind);
    }

    private void start(Cue.Kind kind) {
        pattern = Pattern.of(kind);
        startedMicros = clock.getAsLong();
    }

    private void step() {
        if (isDark) {
            return;
        }
        if (pattern.isOverAt(elapsedMillis())) {
            start(Cue.Kind.READY);
        }
        Set<Output> wanted = pattern.onAt(elapsedMillis());
        outputs.forEach((output, _) -> set(output, wanted.contains(output)));
    }

    private void darken() {
        isDark = true;
        outputs.forEach((output, _) -> set(output, false));
    }

    private void set(Output output, boolean isOn) {
        DigitalOutput pin = outputs.get(output);
        if (pin == null || isOn == on.contains(output)) {
            return;
        }
        if (isOn) {
            on.add(output);
        } else {
            on.remove(output);
        }
        try {
            pin.setState(isOn);
        } catch (RuntimeException e) {
            if (failing.add(output)) {
                LOG.log(System.Logger.Level.WARNING, output + " fails; it stays as it is", e);
            }
        }
    }

    private long elapsedMillis() {
        return (clock.getAsLong() - startedMicros) / MICROS_PER_MILLI;
    }

    private static void report(Throwable failure) {
        LOG.log(System.Logger.Level.ERROR, "the lamps go on after a failure", failure);
    }
}
