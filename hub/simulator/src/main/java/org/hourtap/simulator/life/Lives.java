package org.hourtap.simulator.life;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/// Many lives, each on one thread, as many at once as there are processors.
final class Lives {
    private Lives() {}

    /// What came of them.
    ///
    /// @param broken those in which a rule did not hold, by seed
    record Report(
            List<Life.Outcome> broken, Coverage coverage, long lives, long events, long taps) {
        boolean isClean() {
            return broken.isEmpty();
        }
    }

    /// @param goesOn asked before each life, from several threads; once it says no, no other begins
    /// @param done told what came of each life as soon as it is over, from several threads
    static Report live(
            long firstSeed,
            long seeds,
            int days,
            BooleanSupplier goesOn,
            Consumer<Life.Outcome> done) {
        List<Life.Outcome> outcomes =
                LongStream.range(firstSeed, firstSeed + seeds)
                        .parallel()
                        .filter(_ -> goesOn.getAsBoolean())
                        .mapToObj(seed -> {
                            Life.Outcome outcome = one(seed, days, _ -> {});
                            done.accept(outcome);
                            return outcome;
                        })
                        .toList();
        Coverage coverage = new Coverage();
        List<Life.Outcome> broken = new ArrayList<>();
        long events = 0;
        long taps = 0;
        for (Life.Outcome outcome : outcomes) {
            coverage.add(outcome.coverage());
            events += outcome.events();
            taps += outcome.taps();
            if (outcome.broken() != null) {
                broken.add(outcome);
            }
        }
        return new Report(broken, coverage, outcomes.size(), events, taps);
    }

    static Life.Outcome one(long seed, int days, Consumer<String> lines) {
        try {
            return Life.live(seed, days, Seams.GENUINE, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
