package org.hourtap.server.desk;

import org.hourtap.contract.Codec;
import org.hourtap.contract.MalformedMessageException;
import org.hourtap.contract.Message;
import org.hourtap.contract.Topics;

/// What terminals send, as it comes off the link.
final class Incoming {
    private Incoming() {}

    /// @throws MalformedMessageException if it is no message, or not one for this topic
    static Message.Upward decoded(Topics.Topic topic, byte[] payload)
            throws MalformedMessageException {
        Message message = Codec.decode(payload);
        boolean isInPlace =
                Topics.of(topic.book(), topic.terminal(), message).equals(topic.toString());
        if (isInPlace && message instanceof Message.Upward upward) {
            return upward;
        }
        throw new MalformedMessageException("the message does not belong on this topic");
    }
}
