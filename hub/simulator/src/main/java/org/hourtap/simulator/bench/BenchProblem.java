package org.hourtap.simulator.bench;

/// A measurement that could not be made. The message says why.
final class BenchProblem extends Exception {
    private static final long serialVersionUID = 1L;

    BenchProblem(String message, Throwable cause) {
        super(message, cause);
    }
}
