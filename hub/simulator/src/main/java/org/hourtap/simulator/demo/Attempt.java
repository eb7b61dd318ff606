package org.hourtap.simulator.demo;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// Work that starts several programs at a time, so that three terminals take as long as one.
final class Attempt {
    private final CompletableFuture<Boolean> done = new CompletableFuture<>();

    private Attempt() {}

    /// Something that can fail the way starting a program can.
    @FunctionalInterface
    interface Work {
        void run() throws IOException, InterruptedException;
    }

    static Attempt start(Work work) {
        Attempt attempt = new Attempt();
        Thread.ofVirtual()
                .name("start")
                .start(() -> {
                    try {
                        work.run();
                        attempt.done.complete(true);
                    } catch (IOException | InterruptedException | RuntimeException e) {
                        attempt.done.completeExceptionally(e);
                    }
                });
        return attempt;
    }

    void finish() throws IOException, InterruptedException {
        try {
            done.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new IOException(cause == null ? "" : cause.getMessage(), e);
        }
    }
}
