package org.hourtap.simulator.life;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hourtap.contract.FeedRow.Mode;
import org.hourtap.contract.MemberId;

/// What people do now and then: stay away for weeks, go to several doors within a minute, come all
/// at once.
final class Habits {
    private final World world;
    private final People people;
    private final Map<MemberId, Long> awayUntil = new HashMap<>();

    Habits(World world, People people) {
        this.world = world;
        this.people = people;
    }

    boolean isAway(SimCard card) {
        return awayUntil.getOrDefault(card.member(), 0L) > world.agenda().now();
    }

    void planDay(long morning) {
        Chance chance = world.chance();
        SimCard card = chance.of(people.cards());
        if (chance.is(0.02)) {
            awayUntil.put(card.member(), morning + chance.between(7, 26) * Agenda.DAY);
            world.coverage().seen("away for weeks");
        }
        if (chance.is(0.06)) {
            world.agenda().at(morning + chance.upTo(14 * Agenda.HOUR), () -> doors(card));
        }
        if (chance.is(0.01)) {
            world.agenda().at(morning + chance.upTo(14 * Agenda.HOUR), this::queue);
        }
    }

    /// The same card at one door after the other: in a hurry, or in other hands.
    private void doors(SimCard card) {
        long wait = 0;
        Mode mode = world.chance().is(0.7) ? Mode.ENTRANCE : Mode.SHIFT;
        int doors = world.chance().between(2, 3);
        world.coverage().seen("several doors within a minute");
        for (int i = 0; i < doors; i++) {
            SimTerminal door = people.door(mode);
            world.agenda().after(wait, () -> people.visit(card, door, 1));
            wait += world.chance().between(3 * Agenda.SECOND, 25 * Agenda.SECOND);
        }
    }

    /// Everyone at one door, one after the other.
    private void queue() {
        SimTerminal door = people.door(Mode.ENTRANCE);
        List<SimCard> waiting = new ArrayList<>(people.cards());
        world.coverage().seen("a queue at a door");
        long wait = 0;
        while (!waiting.isEmpty()) {
            SimCard card = waiting.remove((int) world.chance().upTo(waiting.size()));
            world.agenda().after(wait, () -> people.visit(card, door, 1));
            wait += world.chance().between(2 * Agenda.SECOND, 8 * Agenda.SECOND);
        }
    }
}
