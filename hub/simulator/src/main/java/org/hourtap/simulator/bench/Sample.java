package org.hourtap.simulator.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Times of one kind, in microseconds.
final class Sample {
    private final List<Long> micros = new ArrayList<>();

    void add(long value) {
        micros.add(value);
    }

    int size() {
        return micros.size();
    }

    /// The smallest value that this share of all values does not exceed, in milliseconds.
    ///
    /// @param share 0.5 for the median
    double millis(double share) {
        if (micros.isEmpty()) {
            throw new IllegalStateException("nothing was measured");
        }
        List<Long> sorted = new ArrayList<>(micros);
        Collections.sort(sorted);
        int index = (int) Math.ceil(share * sorted.size()) - 1;
        return sorted.get(Math.max(0, index)) / 1_000.0;
    }
}
