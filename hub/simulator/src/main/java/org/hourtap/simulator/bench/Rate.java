package org.hourtap.simulator.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.hourtap.runtime.SystemTime;

/// The same thing measured several times, in turn with others, because what a disk does differs
/// from one minute to the next.
final class Rate {
    private static final double MICROS = 1e6;

    private final List<Double> rounds = new ArrayList<>();

    /// @param beganMicros since boot
    /// @return how many a second since then
    static double of(long count, long beganMicros) {
        return count * MICROS / Math.max(1, SystemTime.bootMicros() - beganMicros);
    }

    void add(double value) {
        rounds.add(value);
    }

    boolean isEmpty() {
        return rounds.isEmpty();
    }

    double median() {
        List<Double> sorted = new ArrayList<>(rounds);
        Collections.sort(sorted);
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /// @return the median of what this was in each round, as a multiple of the other in that round
    double over(Rate other) {
        Rate ratios = new Rate();
        for (int i = 0; i < rounds.size(); i++) {
            ratios.add(rounds.get(i) / other.rounds.get(i));
        }
        return ratios.median();
    }
}
