package org.hourtap.server.books;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PulseTest {
    private final Pulse pulse = new Pulse(4_000, 2_000);

    @Test
    void aBeatThatStandsStillForTooLongIsADeath() {
        for (int now = 0; now <= 4_000; now += 1_000) {
            assertThat(pulse.look(Map.of("a", "" + now, "b", "1"), now)).contains("a", "b");
        }
        assertThat(pulse.look(Map.of("a", "new", "b", "1"), 5_000)).containsExactly("a");
        assertThat(pulse.stillMicros("b")).isEqualTo(5_000);
        assertThat(pulse.look(Map.of("a", "new", "b", "2"), 6_000)).contains("a", "b");
    }

    @Test
    void nobodyDiesWhileNobodyLooked() {
        pulse.look(Map.of("b", "1"), 0);
        assertThat(pulse.look(Map.of("b", "1"), 60_000)).contains("b");
        for (int now = 61_000; now <= 64_000; now += 1_000) {
            assertThat(pulse.look(Map.of("b", "1"), now)).contains("b");
        }
        assertThat(pulse.look(Map.of("b", "1"), 65_000)).isEmpty();
    }

    @Test
    void whoCameBackAfterItsRowWasGoneIsNewlySeen() {
        pulse.look(Map.of("b", "1"), 0);
        pulse.look(Map.of(), 1_000);
        assertThat(pulse.look(Map.of("b", "1"), 2_000)).contains("b");
        assertThat(pulse.stillMicros("b")).isZero();
        assertThat(pulse.stillMicros("stranger")).isZero();
    }
}
