package org.hourtap.contract;

/// Bytes that are no message of ours. The text says what is wrong with them, without repeating
/// them.
public final class MalformedMessageException extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedMessageException(String message) {
        super(message);
    }

    MalformedMessageException(String message, Throwable cause) {
        super(message, cause);
    }
}
