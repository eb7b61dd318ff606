package org.hourtap.simulator.instances;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.hourtap.contract.BookId;
import org.hourtap.runtime.SystemTime;
import org.hourtap.simulator.crash.Tool;
import org.hourtap.simulator.demo.Program;
import org.hourtap.simulator.demo.Waiting;

/// Takes a hub out, by a kill or by a pause, and measures how long its books were without one.
/// Confined to one thread.
final class Mover {
    private static final Duration POLL = Duration.ofMillis(100);

    /// Beyond this a book did not move.
    private static final Duration MOVE_MAX = Duration.ofSeconds(40);

    /// Long enough for its books to be with others, and their terminals busy there.
    private static final Duration FROZEN = Duration.ofSeconds(9);

    private final Witness witness;
    private final Figures figures;
    private final Consumer<String> say;

    /// One of the hubs.
    ///
    /// @param id its own among those that share books
    record Instance(Program program, String id) {}

    Mover(Witness witness, Figures figures, Consumer<String> say) {
        this.witness = witness;
        this.figures = figures;
        this.say = say;
    }

    /// Kills a hub, waits until its books are served by others, and starts it again.
    void kill(Instance victim) throws SQLException, IOException, InterruptedException {
        Map<BookId, Long> held = held(victim);
        long at = SystemTime.bootMicros();
        victim.program().kill();
        figures.kills++;
        measure(victim, held, at);
        victim.program().start();
    }

    /// Stops a hub's time for a while, so that it wakes up believing that it still holds its books.
    void freeze(Instance victim) throws SQLException, IOException, InterruptedException {
        Map<BookId, Long> held = held(victim);
        long at = SystemTime.bootMicros();
        Tool.freeze(victim.program().pid());
        figures.freezes++;
        try {
            measure(victim, held, at);
            long left = FROZEN.toNanos() / 1_000 - (SystemTime.bootMicros() - at);
            if (left > 0) {
                Waiting.pause(Duration.ofNanos(left * 1_000));
            }
        } finally {
            Tool.thaw(victim.program().pid());
        }
    }

    private Map<BookId, Long> held(Instance victim) throws SQLException {
        Map<BookId, Long> held = new HashMap<>();
        witness.leases()
                .forEach((book, lease) -> {
                    if (lease.holder().equals(victim.id())) {
                        held.put(book, lease.epoch());
                    }
                });
        return held;
    }

    private void measure(Instance victim, Map<BookId, Long> held, long at) throws SQLException {
        Map<BookId, Long> untaken = new HashMap<>(held);
        Map<BookId, Long> unposted = new HashMap<>(held);
        double worst = 0;
        while (!unposted.isEmpty() && SystemTime.bootMicros() - at < MOVE_MAX.toNanos() / 1_000) {
            Waiting.pause(POLL);
            Map<BookId, Witness.Lease> leases = witness.leases();
            Map<BookId, Long> posted = witness.postedUnder();
            double seconds = (SystemTime.bootMicros() - at) / 1e6;
            for (Map.Entry<BookId, Long> book : held.entrySet()) {
                Witness.Lease now = leases.get(book.getKey());
                boolean isTaken = now != null && now.epoch() > book.getValue();
                if (isTaken && untaken.remove(book.getKey()) != null) {
                    figures.takenSeconds.add(rounded(seconds));
                }
                boolean isPosted = posted.getOrDefault(book.getKey(), 0L) > book.getValue();
                if (isPosted && unposted.remove(book.getKey()) != null) {
                    figures.postedSeconds.add(rounded(seconds));
                    worst = seconds;
                }
            }
        }
        unposted.keySet().forEach(book -> figures.faults.add(book + " did not move"));
        say.accept(
                victim.program().name()
                        + " is out: "
                        + held.size()
                        + " books served elsewhere after "
                        + rounded(worst)
                        + " s");
    }

    private static double rounded(double seconds) {
        return Math.round(seconds * 10) / 10.0;
    }
}
