package org.hourtap.server.books;

import java.util.concurrent.CompletableFuture;
import org.hourtap.contract.BookId;
import org.jspecify.annotations.Nullable;

/// A command that waits to be run and written, and whoever waits for it. Confined to the bookkeeper
/// thread once it was handed over.
final class Pending<T extends @Nullable Object> {
    final @Nullable BookId book;
    private final Bookkeeper.Command<T> command;
    final CompletableFuture<T> future = new CompletableFuture<>();
    private @Nullable Writing writing;
    private @Nullable T result;
    private @Nullable Exception failure;

    Pending(@Nullable BookId book, Bookkeeper.Command<T> command) {
        this.book = book;
        this.command = command;
    }

    void run(Writing with) throws Exception {
        writing = with;
        failure = null;
        result = command.run(with);
    }

    void fail(Exception e) {
        failure = e;
    }

    /// Whoever is told that it is done finds all of it done: a terminal that was shut out is out.
    @SuppressWarnings("NullAway") // the result is null only where the command's type says so
    void complete() {
        if (failure != null) {
            future.completeExceptionally(failure);
            return;
        }
        if (writing != null) {
            writing.waitingForCommit().forEach(Pending::runGuarded);
        }
        future.complete(result);
    }

    private static void runGuarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            System.getLogger(Bookkeeper.class.getName())
                    .log(System.Logger.Level.ERROR, "work after a commit failed", e);
        }
    }
}
