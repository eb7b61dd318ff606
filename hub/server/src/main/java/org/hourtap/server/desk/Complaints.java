package org.hourtap.server.desk;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.hourtap.contract.Topics;
import org.hourtap.server.books.Bookkeeper;
import org.hourtap.server.inbox.Finding;
import org.hourtap.server.inbox.Findings;

/// Messages that cannot be taken: all counted, some kept for someone to look at, few logged, so
/// that a stranger can fill neither disk nor log. Confined to the desk thread but for the counts.
final class Complaints {
    private static final System.Logger LOG = System.getLogger(Complaints.class.getName());

    private static final long MINUTE_MICROS = 60_000_000;

    /// Enough of a strange payload to see what it is.
    private static final int TEXT_LENGTH_MAX = 1_000;

    /// Senders remembered within a minute; beyond it, they are only counted.
    private static final int SENDERS_MAX = 1_000;

    private final Bookkeeper bookkeeper;
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final Map<String, Long> keptAt = new HashMap<>();
    private long loggedAt = Long.MIN_VALUE / 2;

    Complaints(Bookkeeper bookkeeper) {
        this.bookkeeper = bookkeeper;
    }

    long refused() {
        return refused.get();
    }

    long dropped() {
        return dropped.get();
    }

    /// Counts a message that found the queue full. Any thread.
    void drop() {
        dropped.incrementAndGet();
    }

    void refuse(
            Finding.Kind kind, Topics.Topic topic, String problem, byte[] payload, long nowMicros) {
        refused.incrementAndGet();
        if (nowMicros - loggedAt >= MINUTE_MICROS) {
            loggedAt = nowMicros;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "message on {0} not taken: {1}; {2} so far, {3} dropped because too many came",
                    topic,
                    problem,
                    refused.get(),
                    dropped.get());
        }
        if (isDue(kind + " " + topic.book() + "/" + topic.terminal(), nowMicros)) {
            keep(kind, topic, problem, payload);
        }
    }

    private boolean isDue(String sender, long nowMicros) {
        keptAt.values().removeIf(at -> nowMicros - at >= MINUTE_MICROS);
        return keptAt.size() < SENDERS_MAX && keptAt.putIfAbsent(sender, nowMicros) == null;
    }

    private void keep(Finding.Kind kind, Topics.Topic topic, String problem, byte[] payload) {
        Finding finding =
                new Finding(kind, topic.terminal().value(), 0, "", problem, text(payload), "");
        bookkeeper
                .submit(
                        topic.book(),
                        writing -> {
                            long known =
                                    writing.sql()
                                            .number(
                                                    "SELECT COUNT(*) FROM book WHERE book_id = ?",
                                                    topic.book().value());
                            if (known > 0) {
                                new Findings(writing.sql())
                                        .keepBounded(topic.book(), finding, writing.nowMicros());
                            }
                            return known;
                        })
                .exceptionally(e -> {
                    LOG.log(System.Logger.Level.DEBUG, "a finding was not kept", e);
                    return 0L;
                });
    }

    private static String text(byte[] payload) {
        int length = Math.min(payload.length, TEXT_LENGTH_MAX);
        return new String(payload, 0, length, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?");
    }
}
