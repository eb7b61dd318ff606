package org.hourtap.server.books;

import org.hourtap.contract.BookId;

/// Something that was asked for and cannot be done. The message is for whoever asked.
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Why why;

    /// What kind of no.
    public enum Why {
        /// The request itself makes no sense.
        INVALID,
        /// It speaks of something that does not exist.
        NOT_FOUND,
        /// It contradicts what is already there.
        CONFLICT,
        /// It is for a book that another hub writes.
        ELSEWHERE
    }

    public RefusedException(Why why, String message) {
        super(message);
        this.why = why;
    }

    public static RefusedException invalid(String message) {
        return new RefusedException(Why.INVALID, message);
    }

    public static RefusedException notFound(String message) {
        return new RefusedException(Why.NOT_FOUND, message);
    }

    public static RefusedException conflict(String message) {
        return new RefusedException(Why.CONFLICT, message);
    }

    public static RefusedException elsewhere(BookId book) {
        return new RefusedException(
                Why.ELSEWHERE, "Book " + book + " is not written by this hub now.");
    }

    public Why why() {
        return why;
    }
}
