package org.hourtap.simulator.life;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// All that is left to chance in one life.
final class Chance {
    private static final String ALGORITHM = "L64X128MixRandom";

    private static final double LOST = 0.02;
    private static final double REPEATED = 0.03;
    private static final double SLOW = 0.03;

    private final RandomGenerator random;

    Chance(long seed) {
        this.random = RandomGeneratorFactory.of(ALGORITHM).create(seed);
    }

    RandomGenerator random() {
        return random;
    }

    /// @return whether something of this probability happens
    boolean is(double probability) {
        return random.nextDouble() < probability;
    }

    /// @return 0 up to, and without, the end
    long upTo(long end) {
        return random.nextLong(end);
    }

    long between(long low, long high) {
        return random.nextLong(low, high + 1);
    }

    int between(int low, int high) {
        return random.nextInt(low, high + 1);
    }

    <T> T of(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    /// How long a message is under way, in microseconds: once, several times, or never.
    List<Long> journeys() {
        if (is(LOST)) {
            return List.of();
        }
        long first = journey();
        return is(REPEATED) ? List.of(first, first + journey() + journey()) : List.of(first);
    }

    private long journey() {
        return is(SLOW) ? between(Agenda.SECOND, 20 * Agenda.SECOND) : between(2_000L, 150_000L);
    }
}
