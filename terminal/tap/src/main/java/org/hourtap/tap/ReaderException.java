package org.hourtap.tap;

/// The reader, not the card, failed. The message is a sentence for staff.
public final class ReaderException extends Exception {
    private static final long serialVersionUID = 1L;

    public ReaderException(String message, Throwable cause) {
        super(message, cause);
    }

    public ReaderException(String message) {
        super(message);
    }
}
