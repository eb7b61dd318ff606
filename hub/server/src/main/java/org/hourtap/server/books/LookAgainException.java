package org.hourtap.server.books;

import org.jspecify.annotations.Nullable;

/// Something was taken for granted that has to be looked up: the group of commands is rolled back
/// and run again with its eyes open. Never leaves the bookkeeper.
final class LookAgainException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LookAgainException(@Nullable Exception cause) {
        super("ids were not all new", cause);
    }
}
