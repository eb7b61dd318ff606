package org.hourtap.device.enrol;

/// The terminal was not let in. The message says what to do; nothing in the folder has changed.
public final class EnrolmentException extends Exception {
    private static final long serialVersionUID = 1L;

    EnrolmentException(String message, Throwable cause) {
        super(message, cause);
    }

    EnrolmentException(String message) {
        super(message);
    }
}
