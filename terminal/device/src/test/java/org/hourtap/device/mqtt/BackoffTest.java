package org.hourtap.device.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void theLimitDoublesToItsMaximumAndEveryWaitIsBelowIt() {
        Backoff backoff = new Backoff(60_000, () -> -1);
        // Any long is a random number; −1 is the largest below each limit.
        long[] limits = {500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000};
        for (long limit : limits) {
            assertThat(backoff.nextMillis()).isEqualTo(limit);
        }
        for (int i = 0; i < 1_000; i++) {
            assertThat(backoff.nextMillis()).isEqualTo(60_000);
        }
        backoff.succeeded();
        assertThat(backoff.nextMillis()).isEqualTo(500);
    }

    @Test
    void everyWaitIsAtLeastOne() {
        assertThat(new Backoff(2_000, () -> 0).nextMillis()).isEqualTo(1);
        assertThat(new Backoff(0, () -> Long.MIN_VALUE).nextMillis()).isBetween(1L, 500L);
    }
}
