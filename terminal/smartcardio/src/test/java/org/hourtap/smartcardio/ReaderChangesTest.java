package org.hourtap.smartcardio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ReaderChangesTest {
    private static final long EMPTY = 0x10;
    private static final long PRESENT = 0x20;
    private static final long IN_USE = 0x100;

    private static ReaderState pool(long counter, long flags) {
        return new ReaderState("Pool", (counter << 16) | flags);
    }

    private static ReaderChanges between(ReaderState before, ReaderState now) {
        return ReaderChanges.between(List.of(before), List.of(now));
    }

    @Test
    void aCardInUseIsNoChange() {
        assertThat(between(pool(1, PRESENT), pool(1, PRESENT | IN_USE)).any()).isFalse();
    }

    @Test
    void theCounterTellsTwoCardsApart() {
        var swap = between(pool(1, PRESENT), pool(3, PRESENT));
        assertThat(swap.inserted()).containsExactly("Pool");
        assertThat(swap.removed()).containsExactly("Pool");
    }

    @Test
    void aCardThatCameAndWentIsARemoval() {
        var visit = between(pool(2, EMPTY), pool(4, EMPTY));
        assertThat(visit.any()).isTrue();
        assertThat(visit.inserted()).isEmpty();
        assertThat(visit.removed()).containsExactly("Pool");
    }

    @Test
    void theCounterMayWrapRound() {
        assertThat(between(pool(0xFFFF, PRESENT), pool(0, EMPTY)).removed())
                .containsExactly("Pool");
    }

    @Test
    void aReaderThatComesWithACardIsAnInsertionAndOneThatGoesIsAChange() {
        var plugged = ReaderChanges.between(List.of(), List.of(pool(1, PRESENT)));
        assertThat(plugged.inserted()).containsExactly("Pool");
        assertThat(plugged.removed()).isEmpty();
        assertThat(ReaderChanges.between(List.of(), List.of(pool(0, EMPTY))).any()).isTrue();
        assertThat(ReaderChanges.between(List.of(pool(0, EMPTY)), List.of()).any()).isTrue();
    }

    @Test
    void afterAFailureAnEqualCounterProvesNothing() {
        var before = ReaderChanges.none(List.of(pool(1, PRESENT))).afterFailure();
        var now = ReaderChanges.between(before.seen(), List.of(pool(1, PRESENT)));
        assertThat(now.inserted()).containsExactly("Pool");
        assertThat(now.removed()).containsExactly("Pool");
    }
}
