package org.hourtap.server.web;

/// The hub cannot listen where it was told to.
public final class PortTakenException extends Exception {
    private static final long serialVersionUID = 1L;

    PortTakenException(String host, int port, Throwable cause) {
        super(
                "The hub cannot listen on "
                        + host
                        + " port "
                        + port
                        + ". If another program uses the port, stop it or set http.port in"
                        + " hub.properties to another one; if the address is not this machine's,"
                        + " correct http.host.",
                cause);
    }
}
