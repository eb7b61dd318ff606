package org.hourtap.server.mqtt;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.hourtap.contract.Codec;
import org.hourtap.contract.Topics;

/// What comes in from a broker that is not trusted: checked, counted, and handed on without
/// waiting. What cannot be taken is dropped, because its terminal sends it again until the hub
/// acknowledges it.
final class Intake {
    /// What may wait to be taken in.
    static final long WAITING_BYTES_MAX = 64L << 20;

    private final Predicate<Runnable> queue;
    private final BiConsumer<Topics.Topic, byte[]> incoming;
    private final AtomicLong waitingBytes = new AtomicLong();
    private final OccasionalWarning refused;
    private final OccasionalWarning overrun;

    /// @param queue takes work for another thread, or says at once that it is full
    Intake(
            Predicate<Runnable> queue,
            BiConsumer<Topics.Topic, byte[]> incoming,
            System.Logger log,
            LongSupplier micros) {
        this.queue = queue;
        this.incoming = incoming;
        this.refused = new OccasionalWarning(log, micros);
        this.overrun = new OccasionalWarning(log, micros);
    }

    void received(String topic, byte[] payload) {
        Optional<Topics.Topic> known = Topics.parse(topic);
        if (known.isEmpty()) {
            refused.count("A message came on a topic that is not ours");
        } else if (payload.length > Codec.MESSAGE_BYTES_MAX) {
            refused.count("A message of terminal " + known.get().terminal() + " is too large");
        } else {
            take(known.get(), payload);
        }
    }

    /// @return messages that were too large, or on topics that are not ours
    long refused() {
        return refused.count();
    }

    /// @return messages dropped because they came faster than they were taken
    long overrun() {
        return overrun.count();
    }

    private void take(Topics.Topic topic, byte[] payload) {
        boolean isTaken =
                waitingBytes.addAndGet(payload.length) <= WAITING_BYTES_MAX
                        && queue.test(() -> handOver(topic, payload));
        if (!isTaken) {
            waitingBytes.addAndGet(-payload.length);
            overrun.count("Messages come faster than they are taken; terminals send them again");
        }
    }

    private void handOver(Topics.Topic topic, byte[] payload) {
        waitingBytes.addAndGet(-payload.length);
        incoming.accept(topic, payload);
    }
}
