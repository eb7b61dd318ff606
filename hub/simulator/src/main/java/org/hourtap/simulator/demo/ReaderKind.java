package org.hourtap.simulator.demo;

/// How virtual cards reach the terminals.
public enum ReaderKind {
    /// Through the real pcscd with a virtual reader for each terminal.
    PCSC,
    /// Through a reader inside the terminal, behind the same port of the terminal's core.
    IN_PROCESS
}
