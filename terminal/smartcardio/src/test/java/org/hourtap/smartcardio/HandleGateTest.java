package org.hourtap.smartcardio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HandleGateTest {
    private static final long SHORT_MILLIS = 100;
    private final HandleGate gate = new HandleGate();

    @Test
    void callsThatOnlyLookUpRunSideBySide() throws Exception {
        var both = new CyclicBarrier(2);
        IntSupplier meeting = () -> meet(both);
        var first = start(() -> gate.lookUp(meeting));
        var second = start(() -> gate.lookUp(meeting));
        assertThat(first.get() + second.get()).isEqualTo(1);
    }

    @Test
    void aChangeWaitsForALookUpAndAnotherLookUpStillGoesAhead() throws Exception {
        var inside = new CountDownLatch(1);
        var leave = new CountDownLatch(1);
        var lookUp = start(() -> gate.lookUp(() -> stay(inside, leave)));
        inside.await();
        var change = start(() -> gate.change(() -> 7));
        assertThat(ended(change)).isFalse();
        assertThat(start(() -> gate.lookUp(() -> 5)).get()).isEqualTo(5);
        leave.countDown();
        assertThat(lookUp.get()).isZero();
        assertThat(change.get()).isEqualTo(7);
    }

    @Test
    void aLookUpWaitsForAChange() throws Exception {
        var inside = new CountDownLatch(1);
        var leave = new CountDownLatch(1);
        var change = start(() -> gate.change(() -> stay(inside, leave)));
        inside.await();
        var lookUp = start(() -> gate.lookUp(() -> 5));
        assertThat(ended(lookUp)).isFalse();
        leave.countDown();
        assertThat(change.get()).isZero();
        assertThat(lookUp.get()).isEqualTo(5);
    }

    @Test
    void nothingRunsBesideAChange() throws Exception {
        var running = new AtomicInteger();
        var tasks = new ArrayList<FutureTask<Integer>>();
        for (int i = 0; i < 4; i++) {
            tasks.add(
                    start(() -> {
                        var worst = 0;
                        for (int n = 0; n < 5_000; n++) {
                            worst = Math.max(worst, gate.change(() -> alone(running)));
                            var _ = gate.lookUp(() -> beside(running));
                        }
                        return worst;
                    }));
        }
        for (var task : tasks) {
            assertThat(task.get()).isZero();
        }
    }

    @Test
    void aCallThatThrowsLeavesTheGateOpen() throws Exception {
        IntSupplier failing =
                () -> {
                    throw new IllegalStateException("as a broken binding would");
                };
        for (IntSupplier call :
                new IntSupplier[] {() -> gate.change(failing), () -> gate.lookUp(failing)}) {
            try {
                var _ = call.getAsInt();
            } catch (IllegalStateException _) {
                // what is asked about is the next call
            }
        }
        assertThat(start(() -> gate.change(() -> 3)).get()).isEqualTo(3);
        assertThat(start(() -> gate.lookUp(() -> 4)).get()).isEqualTo(4);
    }

    private static int alone(AtomicInteger running) {
        var others = running.getAndAdd(1_000);
        Thread.onSpinWait();
        running.addAndGet(-1_000);
        return others;
    }

    private static int beside(AtomicInteger running) {
        running.incrementAndGet();
        Thread.onSpinWait();
        return running.decrementAndGet();
    }

    private static int meet(CyclicBarrier both) {
        try {
            return both.await(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the other never came", e);
        }
    }

    private static int stay(CountDownLatch inside, CountDownLatch leave) {
        inside.countDown();
        try {
            assertThat(leave.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return 0;
    }

    /// Whether it ended although it should be waiting.
    private static boolean ended(FutureTask<Integer> task) throws Exception {
        try {
            task.get(SHORT_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException _) {
            return false;
        }
    }

    private static FutureTask<Integer> start(Callable<Integer> call) {
        var task = new FutureTask<>(call);
        Thread.ofPlatform().name("gate-caller").daemon(true).start(task);
        return task;
    }
}
