package org.hourtap.device.screen;

import java.io.IOException;

/// Another program listens where our pages should be.
public final class PortInUseException extends IOException {
    private static final long serialVersionUID = 1;

    private final int port;

    PortInUseException(int port, Throwable cause) {
        super(
                "Port "
                        + port
                        + " on 127.0.0.1 is used by another program. Stop that program (`ss -ltnp`"
                        + " names it) or choose another port for the screens.",
                cause);
        this.port = port;
    }

    public int port() {
        return port;
    }
}
