package org.hourtap.tap;

import org.hourtap.contract.Message;

/// Port: the wire to the hub. It promises nothing; only the hub's own acknowledgement counts.
public interface HubUplink {
    /// Hands over a message and returns at once. It may be lost.
    void send(Message.Upward message);

    /// Drops the connection, which makes a new one: the hub has been silent for too long.
    void reset(String reason);
}
