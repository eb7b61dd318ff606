package org.hourtap.tap;

/// The terminal's store did not do what it was told: nothing was promised to anyone. The message is
/// a sentence for staff.
public final class StoreException extends Exception {
    private static final long serialVersionUID = 1L;

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }

    public StoreException(String message) {
        super(message);
    }
}
