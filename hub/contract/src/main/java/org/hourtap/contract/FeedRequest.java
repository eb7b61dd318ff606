package org.hourtap.contract;

/// Asks for feed rows after `since`: the terminal missed a page, or the last one said there is
/// more.
public record FeedRequest(long since) implements Message.Upward {
    public FeedRequest {
        if (since < 0) {
            throw new IllegalArgumentException("a cursor is not negative: " + since);
        }
    }
}
