package org.hourtap.simulator.life;

import java.util.Comparator;
import java.util.PriorityQueue;

/// What is going to happen, and the true time, which nobody in this world can read but the
/// simulator. Microseconds since 1970.
final class Agenda {
    static final long SECOND = 1_000_000;
    static final long MINUTE = 60 * SECOND;
    static final long HOUR = 60 * MINUTE;
    static final long DAY = 24 * HOUR;

    /// Twenty times what a month needs: messages that go round for ever end here.
    private static final long EVENTS_MAX = 200_000;

    private final PriorityQueue<Event> waiting =
            new PriorityQueue<>(
                    Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
    private long now;
    private long given;
    private long played;

    private record Event(long at, long number, Runnable what) {}

    Agenda(long now) {
        this.now = now;
    }

    long now() {
        return now;
    }

    /// @return how many events have been played
    long played() {
        return played;
    }

    void at(long when, Runnable what) {
        given++;
        waiting.add(new Event(Math.max(when, now), given, what));
    }

    void after(long micros, Runnable what) {
        at(now + micros, what);
    }

    /// What is being played takes this long.
    void pass(long micros) {
        now += micros;
    }

    /// Plays everything up to this time, and what it brings about up to then.
    void playUntil(long end) {
        Event next = waiting.peek();
        while (next != null && next.at() <= end) {
            waiting.remove();
            now = Math.max(now, next.at()); // a slow machine may have kept everyone waiting
            played++;
            if (played > EVENTS_MAX) {
                throw new Violation(Rule.NEVER_AT_REST, played + " events and no end");
            }
            next.what().run();
            next = waiting.peek();
        }
        now = Math.max(now, end);
    }
}
