package org.hourtap.runtime;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/// Who owns some objects and is handed work on them, one piece after the other: a thread with a
/// name, or a part of one thread that plays a whole deployment.
public interface Role extends AutoCloseable {
    /// What the role does of its own accord.
    @FunctionalInterface
    interface Duty {
        /// Called after each round of work, and every tick when there was none.
        void run() throws Exception;
    }

    /// @return false if the queue is full or the role is stopping; the work is then not taken
    boolean offer(Runnable work);

    /// Hands over work and waits for its result.
    ///
    /// @throws TimeoutException if it did not finish in time; it may still run later
    /// @throws ExecutionException with what the work threw
    <T> T call(Callable<T> work, java.time.Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException;

    /// Stops after the work already queued, and waits for it.
    @Override
    void close();
}
