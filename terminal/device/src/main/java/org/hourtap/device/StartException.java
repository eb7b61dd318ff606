package org.hourtap.device;

/// The terminal cannot start. The message is for the person who starts it and says what to do.
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    StartException(String message, Throwable cause) {
        super(message, cause);
    }

    StartException(String message) {
        super(message);
    }
}
