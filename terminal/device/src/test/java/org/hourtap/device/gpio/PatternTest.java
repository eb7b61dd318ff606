package org.hourtap.device.gpio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hourtap.tap.Cue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The table from a cue to pulses, and the pins it goes to.
class PatternTest {
    private static final long WATCHED_MILLIS = 20_000;
    private static final long STEP_MILLIS = 10;
    private static final int FLASHES_A_SECOND_MAX = 2;

    @ParameterizedTest
    @EnumSource(Cue.Kind.class)
    void noLampFlashesMoreThanTwiceASecond(Cue.Kind kind) {
        Pattern pattern = Pattern.of(kind);
        for (Output lamp : List.of(Output.OK_LAMP, Output.ASK_LAMP, Output.WAIT_LAMP)) {
            for (long from = 0; from < WATCHED_MILLIS; from += STEP_MILLIS) {
                assertThat(flashes(pattern, lamp, from, from + 1_000))
                        .as("%s of %s from %d ms", lamp, kind, from)
                        .isLessThanOrEqualTo(FLASHES_A_SECOND_MAX);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Cue.Kind.class)
    void everyCueIsSeenWithinASecond(Cue.Kind kind) {
        boolean isSeen = false;
        for (long millis = 0; millis < 1_000; millis += STEP_MILLIS) {
            isSeen |= Pattern.of(kind).onAt(millis).stream().anyMatch(o -> o != Output.BUZZER);
        }
        assertThat(isSeen).isTrue();
    }

    @Test
    void everyCueIsTellableFromEveryOther() {
        Set<Pattern> patterns = new HashSet<>();
        for (Cue.Kind kind : Cue.Kind.values()) {
            patterns.add(Pattern.of(kind));
        }
        assertThat(patterns).hasSameSizeAs(Cue.Kind.values());
    }

    @Test
    void welcomesLightTheOkLampSteadilyAndOnlyThat() {
        for (Cue.Kind kind :
                List.of(Cue.Kind.WELCOME, Cue.Kind.SHIFT_STARTED, Cue.Kind.SHIFT_ENDED)) {
            Pattern pattern = Pattern.of(kind);
            for (long millis = 1_500; millis < 4_000; millis += STEP_MILLIS) {
                assertThat(pattern.onAt(millis)).containsExactly(Output.OK_LAMP);
            }
            assertThat(pattern.isOverAt(3_999)).isFalse();
            assertThat(pattern.isOverAt(4_000)).isTrue();
            assertThat(pattern.onAt(4_000)).isEmpty();
        }
    }

    @Test
    void askingFlashesThenStaysForEightSeconds() {
        Pattern pattern = Pattern.of(Cue.Kind.PLEASE_ASK);
        assertThat(pattern.onAt(0)).contains(Output.ASK_LAMP);
        assertThat(pattern.onAt(260)).doesNotContain(Output.ASK_LAMP);
        assertThat(pattern.onAt(5_000)).containsExactly(Output.ASK_LAMP);
        assertThat(pattern.isOverAt(7_999)).isFalse();
        assertThat(pattern.isOverAt(8_000)).isTrue();
    }

    @Test
    void restAndOutageGoOnForEver() {
        assertThat(Pattern.of(Cue.Kind.READY).isOverAt(Long.MAX_VALUE)).isFalse();
        assertThat(Pattern.of(Cue.Kind.OUT_OF_SERVICE).isOverAt(Long.MAX_VALUE)).isFalse();
        assertThat(Pattern.of(Cue.Kind.OUT_OF_SERVICE).onAt(3_600_000)).contains(Output.ASK_LAMP);
        assertThat(Pattern.of(Cue.Kind.OUT_OF_SERVICE).onAt(3_601_000)).isEmpty();
    }

    @Test
    void aPatternThatContradictsItselfIsRefused() {
        Pulse pulse = new Pulse(Output.OK_LAMP, 0, 100);
        assertThatThrownBy(() -> new Pattern(List.of(), List.of(pulse), 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Pattern(List.of(), List.of(pulse), 99))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Pulse(Output.OK_LAMP, 5, 5))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void pinsAreCheckedWithASentence() {
        assertThatThrownBy(() -> new GpioPins(Map.of(Output.OK_LAMP, 28)))
                .hasMessage("OK_LAMP must be at a pin from 2 to 27, not 28");
        assertThatThrownBy(() -> new GpioPins(Map.of(Output.OK_LAMP, 4, Output.BUZZER, 4)))
                .hasMessage("two outputs are at pin 4; give each its own");
    }

    private static int flashes(Pattern pattern, Output lamp, long from, long until) {
        int flashes = 0;
        boolean wasOn = true;
        for (long millis = from; millis < until; millis += STEP_MILLIS) {
            boolean isOn = pattern.onAt(millis).contains(lamp);
            if (isOn && !wasOn) {
                flashes++;
            }
            wasOn = isOn;
        }
        return flashes;
    }
}
