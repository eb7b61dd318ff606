package org.hourtap.contract;

/// How a terminal is. Sent by the terminal on a clean stop, and by the broker as its will when the
/// link breaks.
///
/// @param epoch the connection this speaks of; the hub ignores reports of older connections
public record TerminalReport(long epoch, State state) implements Message.Upward {
    /// Whether it went by itself or was lost.
    public enum State {
        STOPPED,
        LOST
    }
}
