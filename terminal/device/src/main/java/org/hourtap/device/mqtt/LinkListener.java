package org.hourtap.device.mqtt;

import org.hourtap.contract.FeedPage;
import org.hourtap.contract.SignedHead;

/// What the link tells. Everything but [#nextEpoch] returns at once, on whatever thread it comes.
public interface LinkListener {
    /// Asked before each attempt to connect, on the link thread; may wait a moment.
    ///
    /// @throws Exception if there is none now; the attempt is then made later
    long nextEpoch() throws Exception;

    /// A connection stands and what the hub sends will be heard.
    void connected(long epoch);

    void received(FeedPage page);

    /// The hub says where the journal of this terminal's book stands.
    void told(SignedHead head);

    void disconnected();
}
