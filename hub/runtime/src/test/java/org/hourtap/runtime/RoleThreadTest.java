package org.hourtap.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RoleThreadTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration TICK = Duration.ofMillis(5);

    @Test
    void workRunsOnTheNamedThreadInOrder() throws Exception {
        List<Integer> seen = new ArrayList<>();
        try (RoleThread role = RoleThread.start("tap", 100, TICK, () -> {}, _ -> {})) {
            for (int i = 0; i < 50; i++) {
                int number = i;
                assertThat(
                                role.offer(() -> {
                                    RoleThread.assertCurrent("tap");
                                    seen.add(number);
                                }))
                        .isTrue();
            }
            assertThat(role.call(() -> List.copyOf(seen), LONG)).hasSize(50).isSorted();
        }
        assertThatThrownBy(() -> RoleThread.assertCurrent("tap"))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theDutyRunsWithoutWorkToo() throws Exception {
        CountDownLatch ticks = new CountDownLatch(3);
        try (RoleThread _ = RoleThread.start("tick", 1, TICK, ticks::countDown, _ -> {})) {
            assertThat(ticks.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void whatWaitsIsTakenTogetherAndTheDutyRunsOnceForAll() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch busy = new CountDownLatch(1);
        AtomicInteger done = new AtomicInteger();
        ConcurrentLinkedQueue<Integer> groups = new ConcurrentLinkedQueue<>();
        try (RoleThread role =
                RoleThread.startDraining(
                        "bookkeeper",
                        100,
                        64,
                        Duration.ofSeconds(5),
                        () -> groups.add(done.getAndSet(0)),
                        _ -> {})) {
            role.offer(() -> {
                busy.countDown();
                await(gate);
            });
            busy.await();
            for (int i = 0; i < 64; i++) {
                role.offer(done::incrementAndGet);
            }
            gate.countDown();
        }
        assertThat(groups).contains(64);
    }

    @Test
    void aFailureIsReportedAndTheThreadGoesOn() throws Exception {
        ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        try (RoleThread role =
                RoleThread.start(
                        "tap", 10, TICK, () -> {}, e -> failures.add("" + e.getMessage()))) {
            role.offer(() -> {
                throw new IllegalStateException("broken lamp");
            });
            assertThat(role.call(() -> 7, LONG)).isEqualTo(7);
            assertThatThrownBy(() ->
                            role.call(
                                    () -> {
                                        throw new java.io.IOException("full");
                                    },
                                    LONG))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("full");
        }
        assertThat(failures).containsExactly("broken lamp");
    }

    @Test
    void aFullQueueSaysSoAtOnce() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch busy = new CountDownLatch(1);
        try (RoleThread role = RoleThread.start("tap", 1, TICK, () -> {}, _ -> {})) {
            role.offer(() -> {
                busy.countDown();
                await(gate);
            });
            busy.await();
            assertThat(role.offer(() -> {})).isTrue();
            assertThat(role.offer(() -> {})).isFalse();
            assertThatThrownBy(() -> role.call(() -> 1, LONG))
                    .isInstanceOf(RejectedExecutionException.class);
            gate.countDown();
        }
    }

    @Test
    void aStopFinishesWhatIsQueuedAndTakesNothingMore() {
        AtomicInteger done = new AtomicInteger();
        RoleThread role = RoleThread.start("tap", 100, TICK, () -> {}, _ -> {});
        for (int i = 0; i < 100; i++) {
            role.offer(done::incrementAndGet);
        }
        role.close();
        assertThat(done).hasValue(100);
        assertThat(role.offer(() -> {})).isFalse();
        assertThat(role.isAlive()).isFalse();
    }

    @Test
    void theBootClockMovesForwardAndTheBootIdStays() {
        long before = SystemTime.bootMicros();
        assertThat(SystemTime.bootMicros()).isGreaterThanOrEqualTo(before).isPositive();
        assertThat(SystemTime.bootId()).isEqualTo(SystemTime.bootId()).hasSize(36);
        assertThat(SystemTime.wallMicros()).isGreaterThan(1_700_000_000_000_000L);
        assertThat(SystemTime.randomBytes(16)).hasSize(16).isNotEqualTo(SystemTime.randomBytes(16));
    }

    private static void await(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
