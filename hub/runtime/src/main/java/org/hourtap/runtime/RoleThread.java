package org.hourtap.runtime;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// A thread with a name that owns its objects. Others hand it work through a bounded queue; between
/// pieces of work, and at least every `tick`, it runs its duty. What is confined to it needs no
/// lock.
public final class RoleThread implements Role {
    /// How long a stop waits for the work in hand; an fsync on a worn card can take seconds.
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    private final Thread thread;
    private final BlockingQueue<Runnable> queue;
    private final int drainMax;
    private final Duration tick;
    private final Duty duty;
    private final Consumer<Throwable> onFailure;
    private volatile boolean stopping;

    private RoleThread(
            String name,
            int queueMax,
            int drainMax,
            Duration tick,
            Duty duty,
            Consumer<Throwable> onFailure) {
        this.queue = new ArrayBlockingQueue<>(queueMax);
        this.drainMax = drainMax;
        this.tick = tick;
        this.duty = duty;
        this.onFailure = onFailure;
        this.thread = Thread.ofPlatform().name(name).daemon(false).unstarted(this::loop);
    }

    /// Starts a thread whose duty runs after every piece of work and every `tick`.
    ///
    /// @param onFailure told of everything work or duty throws; the thread goes on
    public static RoleThread start(
            String name, int queueMax, Duration tick, Duty duty, Consumer<Throwable> onFailure) {
        return startDraining(name, queueMax, 1, tick, duty, onFailure);
    }

    /// Starts a thread that takes up to `drainMax` pieces of waiting work before its duty runs: the
    /// way to commit a group at once without a timer.
    public static RoleThread startDraining(
            String name,
            int queueMax,
            int drainMax,
            Duration tick,
            Duty duty,
            Consumer<Throwable> onFailure) {
        RoleThread role = new RoleThread(name, queueMax, drainMax, tick, duty, onFailure);
        role.thread.start();
        return role;
    }

    /// @throws IllegalStateException unless the calling thread has this role
    public static void assertCurrent(String name) {
        String current = Thread.currentThread().getName();
        if (!current.equals(name)) {
            throw new IllegalStateException("belongs to thread " + name + ", called on " + current);
        }
    }

    @Override
    public boolean offer(Runnable work) {
        return !stopping && queue.offer(work);
    }

    @Override
    public <T> T call(Callable<T> work, Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<T> result = new CompletableFuture<>();
        Runnable task =
                () -> {
                    try {
                        result.complete(work.call());
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                    }
                };
        if (!offer(task)) {
            throw new RejectedExecutionException(thread.getName() + " is busy or stopping");
        }
        return result.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    public boolean isAlive() {
        return thread.isAlive();
    }

    @Override
    public void close() {
        stopping = true;
        // So that it does not wait for its next tick; if the queue is full it does not wait at all.
        boolean _ = queue.offer(() -> {});
        boolean interrupted = false;
        try {
            if (!thread.equals(Thread.currentThread())) {
                thread.join(STOP_TIMEOUT.toMillis());
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void loop() {
        ArrayDeque<Runnable> round = new ArrayDeque<>(drainMax);
        while (!stopping || !queue.isEmpty()) {
            try {
                Runnable first = queue.poll(tick.toMillis(), TimeUnit.MILLISECONDS);
                if (first != null) {
                    round.add(first);
                    queue.drainTo(round, drainMax - 1);
                }
            } catch (InterruptedException e) {
                stopping = true;
            }
            while (!round.isEmpty()) {
                guarded(round.remove()::run);
            }
            guarded(duty);
        }
    }

    private void guarded(Duty work) {
        try {
            work.run();
        } catch (InterruptedException e) {
            stopping = true;
        } catch (Throwable e) {
            onFailure.accept(e);
        }
    }
}
