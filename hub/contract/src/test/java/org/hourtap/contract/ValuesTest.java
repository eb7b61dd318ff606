package org.hourtap.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ValuesTest {
    private static final BookId BOOK = new BookId("vale");
    private static final TerminalId POOL = new TerminalId("pool-1");

    @Test
    void anIdThatCouldWidenAnAccessRuleIsRefused() {
        for (String bad :
                List.of("", "+", "#", "a/b", "a.b", "ŵ", "a b", "x".repeat(33), "a\n", "pool*")) {
            assertThatIllegalArgumentException()
                    .as(bad)
                    .isThrownBy(() -> new TerminalId(bad))
                    .withMessageContaining("A-Z");
        }
        assertThat(new TerminalId("x".repeat(32)).value()).hasSize(32);
        assertThat(new CardId("04A_b-9")).hasToString("04A_b-9");
    }

    @Test
    void topicsAreBuiltAndParsedByTheSameGrammar() {
        for (Message message : ContractFixtures.oneOfEach().values()) {
            String topic = Topics.of(BOOK, POOL, message);
            Topics.Topic parsed = Topics.parse(topic).orElseThrow();
            assertThat(parsed.book()).isEqualTo(BOOK);
            assertThat(parsed.terminal()).isEqualTo(POOL);
            assertThat(parsed).hasToString(topic);
            boolean isUp = message instanceof Message.Upward;
            assertThat(topic.startsWith(Topics.upPrefix(BOOK, POOL))).isEqualTo(isUp);
            assertThat(topic.startsWith(Topics.downPrefix(BOOK, POOL))).isEqualTo(!isUp);
        }
        assertThat(Topics.everythingUp(BOOK)).isEqualTo("hourtap/1/vale/+/up/+");
    }

    @Test
    void otherTopicsAreNotOurs() {
        for (String other :
                List.of(
                        "",
                        "hourtap",
                        "hourtap/2/vale/pool-1/up/hello",
                        "hourtap/1/vale/pool-1/up/drop",
                        "hourtap/1/vale/pool-1/down/hello",
                        "hourtap/1/vale/pool-1/up/hello/more",
                        "hourtap/1//pool-1/up/hello",
                        "hourtap/1/vale/+/up/hello",
                        "x/1/vale/pool-1/up/hello")) {
            assertThat(Topics.parse(other)).as(other).isEmpty();
        }
    }

    @Test
    void aMintedIdIsAVersion7WithLegZeroAndSortsByTime() {
        SplittableRandom random = new SplittableRandom(1);
        TransferId earlier =
                TransferId.mint(1_790_000_000_000L, random.nextLong(), random.nextLong());
        TransferId later =
                TransferId.mint(1_790_000_000_001L, random.nextLong(), random.nextLong());
        assertThat(earlier.value().version()).isEqualTo(7);
        assertThat(earlier.value().variant()).isEqualTo(2);
        assertThat(earlier.value().getMostSignificantBits() >>> 16).isEqualTo(1_790_000_000_000L);
        assertThat(earlier.leg()).isZero();
        assertThat(earlier).isLessThan(later);
        assertThat(TransferId.parse(earlier.toString())).isEqualTo(earlier);
    }

    @Test
    void legsOfOneTapDifferAndComeBack() {
        TransferId tap = ContractFixtures.FIRST;
        assertThat(tap.withLeg(1)).isNotEqualTo(tap);
        assertThat(tap.withLeg(1).leg()).isEqualTo(1);
        assertThat(tap.withLeg(15).withLeg(0)).isEqualTo(tap);
        assertThatIllegalArgumentException().isThrownBy(() -> tap.withLeg(16));
        assertThatIllegalArgumentException().isThrownBy(() -> tap.withLeg(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> new TransferId(new UUID(0, 0)));
        assertThatIllegalArgumentException().isThrownBy(() -> TransferId.parse("x"));
    }

    @Test
    void creditsNeverGoBelowNothingNorAboveTheirLimit() {
        Credits hour = new Credits(60);
        assertThat(hour.plus(hour)).isEqualTo(new Credits(120));
        assertThat(hour.minusAtMost(new Credits(90))).isEqualTo(Credits.NONE);
        assertThat(hour.minusAtMost(new Credits(20))).isEqualTo(new Credits(40));
        assertThat(hour.min(new Credits(59))).isEqualTo(new Credits(59));
        assertThat(new Credits(59).min(hour)).isEqualTo(new Credits(59));
        assertThat(hour.isNone()).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> new Credits(-1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Credits(Credits.MINUTES_MAX).plus(hour));
    }

    @Test
    void readingsOfDifferentBootsHaveNoDifference() {
        ClockReading later =
                new ClockReading("3f0c", 86_400_000_005L, 0, ClockReading.Quality.UNKNOWN);
        ClockReading rebooted = new ClockReading("9a9a", 5, 0, ClockReading.Quality.UNKNOWN);
        assertThat(later.microsSince(ContractFixtures.NOON)).isEqualTo(5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rebooted.microsSince(ContractFixtures.NOON));
    }

    @Test
    void aTapThatContradictsItselfCannotBeMade() {
        TapEvent swim = ContractFixtures.swim();
        for (TapEvent.Kind kind : List.of(TapEvent.Kind.SHIFT_IN, TapEvent.Kind.DECLINED)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            new TapEvent(
                                    1,
                                    swim.id(),
                                    kind,
                                    swim.card(),
                                    swim.proof(),
                                    swim.activity(),
                                    swim.minutes(),
                                    null,
                                    swim.at(),
                                    false));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new TapEvent(
                                0,
                                swim.id(),
                                swim.kind(),
                                swim.card(),
                                swim.proof(),
                                swim.activity(),
                                swim.minutes(),
                                null,
                                swim.at(),
                                false));
    }
}
