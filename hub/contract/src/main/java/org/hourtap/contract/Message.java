package org.hourtap.contract;

/// Everything that crosses the wire. A `switch` over it is the protocol.
public sealed interface Message permits Message.Upward, FeedPage {
    /// From a terminal to the hub.
    sealed interface Upward extends Message
            permits Hello, EventBatch, FeedRequest, TerminalReport {}
}
