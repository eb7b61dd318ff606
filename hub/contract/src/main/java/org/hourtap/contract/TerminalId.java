package org.hourtap.contract;

/// A terminal, for as long as its journal lives.
public record TerminalId(String value) {
    public TerminalId {
        Identifier.require("terminal", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
