package org.hourtap.device.gpio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.pi4j.Pi4J;
import com.pi4j.context.Context;
import com.pi4j.io.exception.IOException;
import com.pi4j.io.gpio.digital.DigitalOutput;
import com.pi4j.io.gpio.digital.DigitalState;
import com.pi4j.plugin.mock.provider.gpio.digital.MockDigitalOutputProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.hourtap.device.CapturedLog;
import org.hourtap.tap.Cue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Lamps on Pi4J's own pretended pins, with a clock that the test moves.
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class GpioSignalsTest {
    private static final GpioPins PINS =
            new GpioPins(
                    Map.of(
                            Output.OK_LAMP, 17,
                            Output.ASK_LAMP, 27,
                            Output.WAIT_LAMP, 22,
                            Output.BUZZER, 18));

    private final AtomicLong micros = new AtomicLong();
    private Context pi4j;
    private GpioSignals signals;

    @BeforeEach
    void open() {
        pi4j = context();
        signals =
                GpioSignals.open(pi4j, MockDigitalOutputProvider.ID, PINS, micros::get)
                        .orElseThrow();
    }

    @AfterEach
    void close() {
        signals.close();
    }

    @Test
    void aWelcomeLightsTheOkLampForItsTimeAndThenTheTerminalRests() {
        signals.show(new Cue(Cue.Kind.WELCOME, "en", 60, false));
        await(() -> isOn(Output.OK_LAMP) && isOn(Output.BUZZER));
        at(1_000);
        await(() -> isOn(Output.OK_LAMP) && !isOn(Output.BUZZER));
        at(4_000);
        await(() -> !isOn(Output.OK_LAMP) && isOn(Output.WAIT_LAMP));
        at(4_200);
        await(() -> !isOn(Output.WAIT_LAMP));
    }

    @Test
    void theNextCueReplacesTheOneBeforeAtOnce() {
        signals.show(Cue.plain(Cue.Kind.PLEASE_ASK, "en"));
        await(() -> isOn(Output.ASK_LAMP));
        signals.show(new Cue(Cue.Kind.WELCOME, "en", 60, false));
        await(() -> isOn(Output.OK_LAMP) && !isOn(Output.ASK_LAMP));
    }

    @Test
    void readyWaitsForAnAnswerToEndButEndsAnOutage() {
        signals.show(Cue.plain(Cue.Kind.PLEASE_ASK, "en"));
        signals.show(Cue.plain(Cue.Kind.READY, "en"));
        at(5_000);
        await(() -> isOn(Output.ASK_LAMP));
        signals.show(Cue.plain(Cue.Kind.OUT_OF_SERVICE, "en"));
        signals.show(Cue.plain(Cue.Kind.READY, "en"));
        await(() -> isOn(Output.WAIT_LAMP) && !isOn(Output.ASK_LAMP));
    }

    @Test
    void closingLeavesEverythingDark() {
        signals.show(Cue.plain(Cue.Kind.OUT_OF_SERVICE, "en"));
        await(() -> isOn(Output.ASK_LAMP) && isOn(Output.BUZZER));
        Map<Output, DigitalOutput> pins = pins();
        signals.close();
        assertThat(pins.values()).allMatch(DigitalOutput::isLow);
    }

    @Test
    void aBrokenPinIsLoggedOnceAndTheOthersGoOn() {
        DigitalOutput broken = mock(DigitalOutput.class);
        when(broken.setState(anyBoolean())).thenThrow(new IOException("planted: no current"));
        Context other = context();
        DigitalOutput ok =
                other.create(
                        DigitalOutput.newConfigBuilder(other)
                                .id("ok")
                                .address(5)
                                .initial(DigitalState.LOW)
                                .provider(MockDigitalOutputProvider.ID)
                                .build());
        EnumMap<Output, DigitalOutput> outputs = new EnumMap<>(Output.class);
        outputs.put(Output.BUZZER, broken);
        outputs.put(Output.OK_LAMP, ok);
        try (CapturedLog log = new CapturedLog(GpioSignals.class);
                GpioSignals half = new GpioSignals(other, outputs, micros::get)) {
            for (int tap = 0; tap < 3; tap++) {
                half.show(new Cue(Cue.Kind.WELCOME, "en", 60, false));
                await(ok::isHigh);
                half.show(Cue.plain(Cue.Kind.OUT_OF_SERVICE, "en"));
                await(ok::isLow);
            }
            assertThat(log.messages()).containsExactly("BUZZER fails; it stays as it is");
        }
    }

    @Test
    void aPinThatIsTakenIsLeftOutAndTheOthersWork() {
        Context other = context();
        other.create(
                DigitalOutput.newConfigBuilder(other)
                        .id(Output.ASK_LAMP.name()) // Pi4J refuses the same id twice
                        .address(9)
                        .provider(MockDigitalOutputProvider.ID)
                        .build());
        try (CapturedLog log = new CapturedLog(GpioSignals.class);
                GpioSignals some =
                        GpioSignals.open(other, MockDigitalOutputProvider.ID, PINS, micros::get)
                                .orElseThrow()) {
            assertThat(log.messages())
                    .containsExactly(
                            "ASK_LAMP cannot be used; pin 27 may belong to something else");
            some.show(new Cue(Cue.Kind.WELCOME, "en", 60, false));
            DigitalOutput ok = other.getIO(Output.OK_LAMP.name(), DigitalOutput.class);
            await(ok::isHigh);
        }
    }

    @Test
    void aCueAfterTheEndIsLoggedAndHarmless() {
        signals.close();
        try (CapturedLog log = new CapturedLog(GpioSignals.class)) {
            signals.show(Cue.plain(Cue.Kind.READY, "en"));
            assertThat(log.messages()).hasSize(1).first().asString().contains("not lit");
        }
    }

    @Test
    void withoutPinsThereAreNoLamps(@TempDir Path devices) throws Exception {
        assertThat(GpioSignals.open(GpioPins.NONE, micros::get)).isEmpty();
        assertThat(GpioSignals.hasPins(devices)).isFalse();
        assertThat(GpioSignals.hasPins(devices.resolve("missing"))).isFalse();
        Files.createFile(devices.resolve("gpiochip0"));
        assertThat(GpioSignals.hasPins(devices)).isTrue();
    }

    private static Context context() {
        return Pi4J.newContextBuilder()
                .add(MockDigitalOutputProvider.newInstance())
                .disableShutdownHook()
                .build();
    }

    private void at(long millis) {
        micros.set(millis * 1_000);
    }

    private boolean isOn(Output output) {
        return pi4j.getIO(output.name(), DigitalOutput.class).isHigh();
    }

    private Map<Output, DigitalOutput> pins() {
        EnumMap<Output, DigitalOutput> pins = new EnumMap<>(Output.class);
        for (Output output : Output.values()) {
            pins.put(output, pi4j.getIO(output.name(), DigitalOutput.class));
        }
        return pins;
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }
}
