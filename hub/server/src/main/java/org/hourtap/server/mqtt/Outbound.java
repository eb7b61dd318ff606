package org.hourtap.server.mqtt;

import java.util.Optional;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.hourtap.contract.FeedPage;

/// Pages on their way to terminals. Never blocks: when it is full the oldest page goes, because a
/// terminal that misses a page pulls it again.
final class Outbound {
    private final BlockingDeque<Page> waiting;
    private final AtomicLong dropped = new AtomicLong();

    /// A page and its topic.
    record Page(String topic, FeedPage page) {}

    Outbound(int max) {
        this.waiting = new LinkedBlockingDeque<>(max);
    }

    void add(Page page) {
        while (!waiting.offerLast(page)) {
            if (waiting.pollFirst() != null) {
                dropped.incrementAndGet();
            }
        }
    }

    /// Puts back a page that could not be sent just now, before all others, if there is room.
    void putBack(Page page) {
        if (!waiting.offerFirst(page)) {
            dropped.incrementAndGet();
        }
    }

    Optional<Page> next() {
        return Optional.ofNullable(waiting.pollFirst());
    }

    /// Counts a page that was sent and not delivered.
    void lost() {
        dropped.incrementAndGet();
    }

    long dropped() {
        return dropped.get();
    }
}
