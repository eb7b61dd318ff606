package org.hourtap.simulator.life;

import java.io.IOException;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import org.hourtap.runtime.NewerDatabaseException;
import org.hourtap.simulator.power.Fate;
import org.hourtap.tap.StoreException;

/// Bad luck: lines cut, power gone between any two writes, disks full, clocks wrong, and operators
/// at work meanwhile.
final class Mishaps {
    private static final double DURING_TAP = 0.08;
    private static final double HUB_DURING_TAP = 0.04;
    private static final int EFFECTS_MAX = 24;
    private static final int MOMENTS_MAX = 30;

    private final World world;
    private final People people;
    private final Set<SimTerminal> isDown = new HashSet<>();
    private boolean isHubDown;

    Mishaps(World world) {
        this.world = world;
        this.people = new People(world);
    }

    People people() {
        return people;
    }

    /// Puts a day's bad luck on the agenda.
    void planDay(long morning) {
        Chance chance = world.chance();
        for (SimTerminal terminal : world.terminals()) {
            if (chance.is(0.25)) {
                world.agenda().at(morning + chance.upTo(Agenda.DAY), () -> cut(terminal));
            }
            if (chance.is(0.05)) {
                world.agenda().at(morning + chance.upTo(Agenda.DAY), () -> fill(terminal));
            }
            if (chance.is(0.05)) {
                world.agenda()
                        .at(
                                morning + chance.upTo(Agenda.DAY),
                                () -> terminal.jumpClock(chance.between(-Agenda.DAY, Agenda.DAY)));
            }
            if (chance.is(0.08)) {
                world.agenda().at(morning + chance.upTo(Agenda.DAY), () -> powerCut(terminal));
            }
        }
        if (chance.is(0.15)) {
            world.agenda().at(morning + chance.upTo(Agenda.DAY), this::hubCut);
        }
        if (chance.is(0.05)) {
            world.agenda().at(morning + chance.upTo(Agenda.DAY), this::fillHub);
        }
        if (chance.is(0.3)) {
            world.agenda().at(morning + chance.upTo(Agenda.DAY), this::operate);
        }
    }

    /// Sometimes the power goes while a card is there.
    void maybeDuringTap(SimTerminal terminal) {
        Chance chance = world.chance();
        if (chance.is(DURING_TAP)) {
            if (chance.is(0.5)) {
                terminal.disk().cutAfter(chance.between(1, EFFECTS_MAX));
            } else {
                terminal.fuse().light(chance.between(1, MOMENTS_MAX));
            }
        } else if (chance.is(HUB_DURING_TAP)) {
            world.hub().disk().cutAfter(chance.between(1, EFFECTS_MAX));
        }
    }

    private void cut(SimTerminal terminal) {
        if (!terminal.link().isCut()) {
            world.tell(terminal.id().value(), "the line is cut");
            terminal.link().cut();
            world.agenda()
                    .after(
                            howLong(),
                            () -> {
                                world.tell(terminal.id().value(), "the line is mended");
                                terminal.link().mend();
                            });
        }
    }

    private long howLong() {
        Chance chance = world.chance();
        return chance.is(0.2)
                ? chance.between(Agenda.DAY, 5 * Agenda.DAY)
                : chance.between(Agenda.MINUTE, 8 * Agenda.HOUR);
    }

    private void fill(SimTerminal terminal) {
        if (terminal.isUp()) {
            world.tell(terminal.id().value(), "the disk is full");
            world.fill(terminal.disk(), true);
            world.agenda()
                    .after(
                            world.chance().upTo(3 * Agenda.HOUR),
                            () -> {
                                world.fill(terminal.disk(), false);
                                world.tell(terminal.id().value(), "the disk has room again");
                                terminal.act(() -> {});
                            });
        }
    }

    private void fillHub() {
        world.tell("hub", "the disk is full");
        world.fill(world.hub().disk(), true);
        world.agenda()
                .after(
                        world.chance().upTo(Agenda.HOUR),
                        () -> {
                            world.fill(world.hub().disk(), false);
                            world.tell("hub", "the disk has room again");
                        });
    }

    private void powerCut(SimTerminal terminal) {
        if (terminal.isUp()) {
            terminal.disk().cutNow();
            powerIsGone(terminal);
        }
    }

    private void hubCut() {
        if (world.hub().isUp()) {
            world.hub().disk().cutNow();
            powerIsGoneAtHub();
        }
    }

    /// The machine noticed nothing; it is off.
    void powerIsGone(SimTerminal terminal) {
        if (isDown.add(terminal)) {
            Fate fate = fate();
            world.tell(terminal.id().value(), fate == Fate.POWER ? "the power fails" : "killed");
            world.agenda().after(0, () -> terminal.die(fate));
            world.agenda().after(offTime(), () -> boot(terminal, fate == Fate.POWER));
        }
    }

    void powerIsGoneAtHub() {
        if (!isHubDown) {
            isHubDown = true;
            Fate fate = fate();
            world.tell("hub", fate == Fate.POWER ? "the power fails" : "killed");
            world.agenda().after(0, () -> world.hub().die(fate));
            world.agenda().after(offTime(), this::bootHub);
        }
    }

    private Fate fate() {
        return world.chance().is(0.5) ? Fate.POWER : Fate.KILLED;
    }

    private long offTime() {
        Chance chance = world.chance();
        return chance.is(0.3)
                ? chance.between(Agenda.HOUR, 12 * Agenda.HOUR)
                : chance.between(Agenda.SECOND, 2 * Agenda.MINUTE);
    }

    /// Starts a program, as soon as it can be, if it does not run already.
    ///
    /// @param isBoot whether the machine does so as well
    void boot(SimTerminal terminal, boolean isBoot) {
        isDown.remove(terminal);
        if (terminal.isUp() || terminal.isScrapped()) {
            return;
        }
        try {
            terminal.start(isBoot);
        } catch (StoreException e) {
            if (!terminal.isDead() && !world.isFull(terminal.disk())) {
                throw new Violation(
                        Rule.UNEXPECTED_FAILURE, terminal.id() + " does not start: " + e);
            }
            isDown.add(terminal);
            if (terminal.isDead()) {
                terminal.die(Fate.POWER); // while it was starting
            }
            world.agenda().after(Agenda.HOUR, () -> boot(terminal, true));
        } catch (NewerDatabaseException e) {
            throw new Violation(Rule.UNEXPECTED_FAILURE, terminal.id() + " does not start: " + e);
        }
    }

    /// Starts the hub's program, as soon as it can be, if it does not run already.
    void bootHub() {
        isHubDown = false;
        if (world.hub().isUp()) {
            return;
        }
        try {
            world.hub().start();
        } catch (SQLException e) {
            boolean isDead = world.hub().disk().isDead();
            if (!isDead && !world.isFull(world.hub().disk())) {
                throw new Violation(Rule.UNEXPECTED_FAILURE, "the hub does not start: " + e);
            }
            isHubDown = true;
            if (isDead) {
                world.hub().die(Fate.POWER); // while it was starting
            }
            world.agenda().after(Agenda.HOUR, this::bootHub);
        } catch (NewerDatabaseException e) {
            throw new Violation(Rule.UNEXPECTED_FAILURE, "the hub does not start: " + e);
        }
    }

    /// Someone at the hub does something.
    private void operate() {
        if (world.hub().isUp()) {
            SimCard card = world.chance().of(people.cards());
            long minutes = world.chance().between(-60, 120);
            if (minutes != 0) {
                world.operators().give(card.member(), minutes);
            }
        }
    }

    /// Nothing bad happens any more; whatever is off or full comes back.
    void end() throws IOException {
        world.fill(world.hub().disk(), false);
        world.hub().disk().cutAfter(0);
        for (SimTerminal terminal : world.terminals()) {
            world.fill(terminal.disk(), false);
            terminal.disk().cutAfter(0);
            terminal.fuse().putOut();
            if (terminal.link().isCut()) {
                terminal.link().mend();
            }
        }
    }
}
