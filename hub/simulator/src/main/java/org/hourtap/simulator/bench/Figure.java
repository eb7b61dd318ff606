package org.hourtap.simulator.bench;

import org.jspecify.annotations.Nullable;

/// One measured number.
///
/// @param bar the limit it is held to, absent for a number that is for orientation
/// @param atMost whether the bar is an upper limit; else it is a lower one
public record Figure(String name, double value, String unit, @Nullable Double bar, boolean atMost) {
    static Figure of(String name, double value, String unit) {
        return new Figure(name, value, unit, null, true);
    }

    static Figure atMost(String name, double value, String unit, double bar) {
        return new Figure(name, value, unit, bar, true);
    }

    static Figure atLeast(String name, double value, String unit, double bar) {
        return new Figure(name, value, unit, bar, false);
    }

    public boolean holds() {
        return bar == null || (atMost ? value <= bar : value >= bar);
    }
}
