package org.hourtap.simulator.life;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Set;
import org.hourtap.contract.EnrolmentCode;
import org.hourtap.contract.TransferId;
import org.hourtap.server.fleet.Fleet;
import org.hourtap.server.fleet.Terminal;
import org.hourtap.simulator.power.Fate;

/// What befalls whole machines: a terminal destroyed or stolen and replaced, switched on again
/// after it was shut out, or given an older copy of its disk; a hub given a backup of its books.
final class Fates {
    static final double A_DAY = 0.02;

    /// From the accident until someone stands there with another machine.
    private static final long REPLACED_WITHIN = Agenda.DAY;

    private final World world;
    private boolean isHubBackedUp;
    private int copies;
    private int restored;
    private long hubWentBack;

    Fates(World world) {
        this.world = world;
    }

    /// Puts a day's fate on the agenda; most days have none.
    void planDay(long morning) {
        Chance chance = world.chance();
        if (chance.is(world.seams().fates())) {
            world.agenda().at(morning + chance.upTo(Agenda.DAY), this::strike);
        }
    }

    /// @return how often a terminal was given an older copy of its disk
    int restored() {
        return restored;
    }

    /// @return when the hub's books became an older copy for the last time; 0 if never
    long hubWentBack() {
        return hubWentBack;
    }

    private void strike() {
        SimTerminal terminal = world.chance().of(world.terminals());
        switch (world.chance().between(1, 4)) {
            case 1 -> destroy(terminal);
            case 2 -> lose(terminal);
            case 3 -> copy(terminal);
            default -> backUpHub();
        }
    }

    /// The program ends in good order and starts again.
    void restart(SimTerminal terminal) {
        if (terminal.isUp() && isStopped(terminal)) {
            world.mishaps().boot(terminal, false);
        }
    }

    /// @return false if the power failed over it
    private boolean isStopped(SimTerminal terminal) {
        terminal.stop();
        if (terminal.isDead()) {
            world.terminalDied(terminal);
            return false;
        }
        return true;
    }

    /// A terminal joins: it gets a certificate, for a code that someone types there.
    void join(SimTerminal terminal, Runnable then) {
        byte[] random = bytes(EnrolmentCode.RANDOM_BYTES);
        byte[] key = bytes(8);
        world.operators()
                .order(
                        terminal.id() + " joins",
                        world.hub().enrolment(terminal.id(), random, key),
                        () -> {
                            terminal.joined(HexFormat.of().formatHex(key));
                            then.run();
                        });
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        world.chance().random().nextBytes(bytes);
        return bytes;
    }

    /// Fire or water; another machine takes its place and its name.
    private void destroy(SimTerminal terminal) {
        if (terminal.isOut()) {
            return;
        }
        world.tell(terminal.id().value(), "is destroyed");
        world.coverage().seen("terminal destroyed");
        terminal.die(Fate.KILLED);
        terminal.scrap();
        SimTerminal by = world.machine(terminal.id(), terminal.mode());
        later(() -> join(by, () -> install(terminal, by)));
    }

    private void later(Runnable what) {
        world.agenda().after(world.chance().upTo(REPLACED_WITHIN), what);
    }

    private void install(SimTerminal instead, SimTerminal by) {
        if (world.terminals().contains(instead)) {
            world.replace(instead, by);
            by.bring(world.locksmith().newest(), world.locksmith().rolls());
            world.mishaps().boot(by, true);
        }
    }

    /// A terminal is stolen or thought broken: it is shut out, and another one comes under a new
    /// name. Some are found again.
    private void lose(SimTerminal terminal) {
        if (terminal.isOut()) {
            return;
        }
        world.tell(terminal.id().value(), "is gone");
        world.coverage().seen("terminal shut out");
        terminal.die(Fate.KILLED);
        terminal.setShutOut(true);
        world.operators()
                .order(
                        terminal.id() + " is shut out",
                        world.hub().revocation(terminal.id()),
                        terminal.link()::shutOut);
        SimTerminal by = world.machine(world.freshName(terminal.mode()), terminal.mode());
        later(() -> {
            Terminal row = World.row(by, world.operators().policy());
            world.operators()
                    .order(
                            by.id() + " is registered",
                            writing -> {
                                Fleet.put(writing, World.BOOK, row);
                                return true;
                            },
                            () -> {});
            join(by, () -> install(terminal, by));
        });
        if (world.chance().is(0.6)) {
            long found = world.chance().between(2 * Agenda.DAY, 8 * Agenda.DAY);
            world.agenda().after(found, () -> switchOn(terminal));
        }
    }

    /// Found again: someone switches it on, and whoever passes by taps there. In the end it joins
    /// again, and stands beside the other, or it stays where it is.
    private void switchOn(SimTerminal terminal) {
        if (world.isOver()) {
            return;
        }
        world.tell(terminal.id().value(), "is switched on again");
        world.coverage().seen("terminal shut out and switched on");
        world.mishaps().boot(terminal, true);
        int visits = world.chance().between(0, 4);
        for (int i = 0; i < visits; i++) {
            SimCard card = world.chance().of(world.mishaps().people().cards());
            world.agenda()
                    .after(
                            world.chance().upTo(Agenda.DAY),
                            () -> world.mishaps().people().visit(card, terminal, 1));
        }
        if (world.chance().is(0.5)) {
            world.agenda().after(Agenda.DAY, () -> join(terminal, () -> welcomeBack(terminal)));
        }
    }

    private void welcomeBack(SimTerminal terminal) {
        world.coverage().seen("terminal joined again");
        terminal.setShutOut(false);
        terminal.bring(world.locksmith().newest(), world.locksmith().rolls());
        if (!world.terminals().contains(terminal)) {
            world.add(terminal);
        }
        restart(terminal);
    }

    /// Someone copies a terminal's disk, and some time later puts the copy in.
    private void copy(SimTerminal terminal) {
        if (!terminal.isUp() || !isStopped(terminal)) {
            return;
        }
        Path kept = world.folder().resolve("copy-" + copies++);
        put(terminal.folder(), kept);
        Set<TransferId> held = world.truth().held(terminal);
        world.mishaps().boot(terminal, false);
        long age = world.chance().between(Agenda.HOUR, 4 * Agenda.DAY);
        world.agenda().after(age, () -> putBack(terminal, kept, held));
    }

    private void putBack(SimTerminal terminal, Path kept, Set<TransferId> held) {
        if (terminal.isOut() || world.isOver()) {
            return;
        }
        world.tell(terminal.id().value(), "gets an older copy of its disk");
        world.coverage().seen("terminal restored from a copy");
        restored++;
        terminal.die(Fate.KILLED);
        put(kept, terminal.folder());
        world.truth().wentBack(terminal, held);
        world.mishaps().boot(terminal, true);
    }

    /// The hub's books are copied, and some time later the copy is all there is.
    private void backUpHub() {
        if (!world.hub().isUp() || isHubBackedUp) {
            return;
        }
        world.hub().stop();
        if (world.hub().disk().isDead()) {
            world.hubDied();
            return;
        }
        isHubBackedUp = true;
        Path kept = world.folder().resolve("copy-" + copies++);
        put(world.hub().folder(), kept);
        world.operators().backedUp();
        world.terminals().forEach(terminal -> terminal.link().hubWentDown());
        world.mishaps().bootHub();
        long age = world.chance().between(Agenda.HOUR, 3 * Agenda.DAY);
        world.agenda().after(age, () -> restoreHub(kept));
    }

    private void restoreHub(Path kept) {
        isHubBackedUp = false;
        if (world.isOver()) {
            return;
        }
        world.tell("hub", "gets a backup of its books");
        world.coverage().seen("hub restored from a backup");
        hubWentBack = world.agenda().now();
        world.hub().die(Fate.KILLED);
        put(kept, world.hub().folder());
        world.auditor().books().wentBack();
        world.mishaps().bootHub();
        world.operators().doAgain();
    }

    private static void put(Path from, Path to) {
        try {
            Folders.copy(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
