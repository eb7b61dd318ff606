package org.hourtap.simulator.demo;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/// Runs something long that cleans up after itself, also when Ctrl-C ends it.
public final class CleanStop {
    private CleanStop() {}

    /// @param problem the exit code if it could not go on
    /// @return what the work returns
    public static int run(Callable<Integer> work, int problem, Consumer<String> say)
            throws Exception {
        CountDownLatch cleaned = new CountDownLatch(1);
        Thread main = Thread.currentThread();
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().unstarted(() -> interrupt(main, cleaned)));
        try {
            return work.call();
        } catch (IOException | IllegalStateException e) {
            say.accept("It could not go on: " + e.getMessage());
            return problem;
        } catch (InterruptedException e) {
            say.accept("Stopped.");
            return problem;
        } finally {
            cleaned.countDown();
        }
    }

    /// Ctrl-C reaches this process and those it started at once; wait until all are down and what
    /// was put up for them is taken away.
    private static void interrupt(Thread main, CountDownLatch cleaned) {
        main.interrupt();
        try {
            cleaned.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
