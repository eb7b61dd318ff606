package org.hourtap.server.certificates;

/// The hub cannot use its certificates. The text says what to do about it.
public final class CertificateProblem extends Exception {
    private static final long serialVersionUID = 1L;

    CertificateProblem(String message) {
        super(message);
    }

    CertificateProblem(String message, Throwable cause) {
        super(message, cause);
    }
}
