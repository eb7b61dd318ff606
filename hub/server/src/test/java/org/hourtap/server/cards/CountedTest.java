package org.hourtap.server.cards;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.hourtap.contract.CardId;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.TapEvent;
import org.junit.jupiter.api.Test;

class CountedTest {
    private static final int HELD = TapEvent.CARRIED_MAX;

    private static Counted of(long... taps) {
        Counted counted = Counted.NONE;
        for (long tap : taps) {
            counted = counted.plus(tap).counted();
        }
        return counted;
    }

    @Test
    void tapsInAnyOrderEndComplete() {
        assertThat(of(1, 2, 3)).isEqualTo(new Counted(3, 0));
        assertThat(of(3, 2)).isEqualTo(new Counted(0, 0b11));
        assertThat(of(3, 2, 1)).isEqualTo(new Counted(3, 0));
        assertThat(of(1, 1, 3, 3)).isEqualTo(new Counted(1, 0b1));
    }

    @Test
    void aTapIsWaitedForAsLongAsTheCardCarriesIt() {
        assertThat(Counted.NONE.plus(16))
                .isEqualTo(new Counted.Step(new Counted(0, 1 << 14), 0, 0, 0));
        assertThat(Counted.NONE.plus(17))
                .isEqualTo(new Counted.Step(new Counted(1, 1 << 14), 1, 1, 1));
        assertThat(of(16).plus(17))
                .isEqualTo(new Counted.Step(new Counted(1, 0b11 << 13), 1, 1, 1));
    }

    @Test
    void aLongGapIsSteppedOverAtOnceWhateverItsLength() {
        assertThat(of(1, 2, 5).plus(1_000))
                .isEqualTo(new Counted.Step(new Counted(984, 1 << 14), 981, 3, 984));
        assertThat(of(1).plus(0xFFFF_FFFFL).missing()).isEqualTo(0xFFFF_FFFFL - 17);
    }

    /// Against the definition: all taps ever told, in a set.
    @Test
    void itAgreesWithASetOfAllTaps() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Counted counted = Counted.NONE;
            Set<Long> told = new HashSet<>();
            Set<Long> given = new HashSet<>();
            long newest = 0;
            long missing = 0;
            for (int i = 0; i < 120; i++) {
                long tap = Math.max(1, newest - 20 + random.nextInt(24));
                if (!given.contains(tap)) {
                    told.add(tap);
                }
                newest = Math.max(newest, tap);
                Counted.Step step = counted.plus(tap);
                counted = step.counted();
                missing += step.missing();
                for (long old = 1; old <= newest - HELD; old++) {
                    if (!told.contains(old)) {
                        given.add(old);
                    }
                }
                assertThat(missing).as("seed %d", seed).isEqualTo(given.size());
                FeedRow.CardRow row =
                        new FeedRow.CardRow(
                                new CardId("04"),
                                FeedRow.Status.ACTIVE,
                                TapEvent.Proof.DESFIRE_EV2,
                                0,
                                "en",
                                null,
                                counted.counter(),
                                counted.ahead(),
                                null);
                for (long each = 1; each <= newest + 2; each++) {
                    boolean isIn = told.contains(each) || given.contains(each);
                    assertThat(counted.contains(each))
                            .as("seed %d, %d", seed, each)
                            .isEqualTo(isIn);
                    assertThat(row.contains(each)).as("seed %d, %d", seed, each).isEqualTo(isIn);
                }
            }
        }
    }
}
