package org.hourtap.server.mqtt;

import org.jspecify.annotations.Nullable;

/// The embedded broker cannot start. The text says what to do about it.
public final class BrokerProblem extends Exception {
    private static final long serialVersionUID = 1L;

    BrokerProblem(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
