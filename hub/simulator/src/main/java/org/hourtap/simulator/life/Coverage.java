package org.hourtap.simulator.life;

import java.util.Map;
import java.util.TreeMap;

/// How often each state, answer and finding was met: what a run did not reach it did not test.
final class Coverage {
    private final Map<String, Long> counts = new TreeMap<>();

    void seen(String what) {
        counts.merge(what, 1L, Long::sum);
    }

    void add(Coverage other) {
        other.counts.forEach((what, count) -> counts.merge(what, count, Long::sum));
    }

    Map<String, Long> counts() {
        return Map.copyOf(counts);
    }
}
