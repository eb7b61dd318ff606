package org.hourtap.simulator.life;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.TransferId;
import org.hourtap.device.sqlite.DeskStore;
import org.hourtap.simulator.life.Truth.Tap;
import org.hourtap.simulator.power.SimDisk;
import org.hourtap.tap.StoreException;
import org.jspecify.annotations.Nullable;

/// What machines come to with the years: bits that flip at rest, slow disks, clocks that drift. A
/// chance of its own decides, so that lives without any of it go on as they did.
final class Wear {
    /// Seven days of a thousand: one life of five is one with a flipped bit.
    private static final double FLIPS_A_DAY = 0.007;

    /// Cells lose their charge together: now and then two bits of a byte are gone.
    private static final double TWO_BITS = 0.4;

    private static final double IS_SLOW = 0.33;
    private static final double DRIFTS = 0.33;

    /// A memory card that tidies up takes its time over each write.
    private static final long SLOWEST_MICROS = 400_000;

    /// Within what cheap crystals do between winter and a sunny window.
    private static final long DRIFT_PPM_MAX = 200;

    private static final Pattern MISSING = Pattern.compile("Taps (\\d+) to (\\d+) were never");

    private final World world;
    private final Chance chance;
    private final boolean isDrifting;
    private final Map<TerminalId, Long> drifts = new HashMap<>();
    private final Set<TerminalId> due = new HashSet<>();
    private final Set<TerminalId> flipped = new HashSet<>();
    private final boolean isSlow;
    private final long microsPerEffect;
    private @Nullable SimTerminal slow;

    Wear(World world, long seed) {
        this.world = world;
        this.chance = new Chance(~seed);
        this.isDrifting = chance.is(DRIFTS);
        this.isSlow = chance.is(IS_SLOW);
        this.microsPerEffect = chance.between(1_000, SLOWEST_MICROS);
    }

    /// Puts a day's wear on the agenda.
    void planDay(long morning) {
        if (chance.is(FLIPS_A_DAY)) {
            world.agenda().at(morning + chance.upTo(Agenda.DAY), this::restartWithFlip);
        }
        if (isSlow && chance.is(0.2)) {
            slow = slow == null ? chance.of(world.terminals()) : null;
        }
    }

    private void restartWithFlip() {
        SimTerminal terminal = chance.of(world.terminals());
        due.add(terminal.id());
        if (terminal.isUp()) {
            terminal.disk().cutNow();
            world.terminalDied(terminal);
        }
    }

    /// Before a terminal's program opens its file.
    void befall(SimTerminal terminal) {
        if (!due.remove(terminal.id())) {
            return;
        }
        try {
            SimDisk.Flip flip = terminal.disk().flipBit(chance.random(), "terminal.db");
            if (chance.is(TWO_BITS)) {
                terminal.disk()
                        .flip(new SimDisk.Flip(flip.fileName(), flip.at(), (flip.bit() + 3) % 8));
            }
            flipped.add(terminal.id());
            world.coverage().seen("wear flipped bit");
            world.tell(terminal.id().value(), "bit " + flip.bit() + " of " + flip.at() + " flips");
        } catch (NoSuchFileException e) {
            return; // another machine took this one's place
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @return the store as a slow disk makes it
    DeskStore slowed(DeskStore store, SimTerminal terminal) {
        return isSlow
                ? new SlowStore(store, terminal.disk(), effects -> waited(effects, terminal))
                : store;
    }

    /// Everyone waits while a slow disk writes.
    private void waited(long effects, SimTerminal terminal) {
        if (terminal == slow) {
            world.agenda().pass(effects * microsPerEffect);
            world.coverage().seen("wear slow write");
        }
    }

    /// @param elapsed true microseconds
    /// @return what the machine's clock makes of it
    long drifted(long elapsed, SimTerminal terminal) {
        if (!isDrifting) {
            return elapsed;
        }
        long ppm =
                drifts.computeIfAbsent(
                        terminal.id(),
                        _ -> {
                            world.coverage().seen("wear drift");
                            return chance.between(-DRIFT_PPM_MAX, DRIFT_PPM_MAX);
                        });
        return elapsed + elapsed * ppm / 1_000_000;
    }

    /// @return when whoever holds a card to this terminal now gives up waiting, true time
    long patience(SimTerminal terminal) {
        return terminal == slow
                ? terminal.now() + chance.between(Agenda.SECOND, 5 * Agenda.SECOND)
                : Long.MAX_VALUE;
    }

    /// Whether a tap is gone with what was damaged, and people were told: staff by the notice of
    /// the rescue, the hub by a finding unless the terminal has sent nothing since.
    boolean isNamedLoss(Tap tap, Set<TransferId> recorded) {
        if (!flipped.contains(tap.terminal) || recorded.contains(tap.event.id())) {
            return false;
        }
        DeskStore store = tap.machine.store();
        try {
            boolean isToldToStaff = store != null && store.salvageNote().isPresent();
            boolean isNamed = isToldToStaff && (isToldToHub(tap) || isLast(tap, recorded));
            if (isNamed) {
                world.coverage().seen("wear named loss");
            }
            return isNamed;
        } catch (StoreException e) {
            return false;
        }
    }

    private boolean isLast(Tap tap, Set<TransferId> recorded) {
        return world.truth().of(tap.terminal).stream()
                .filter(one -> one.event.sequence() > tap.event.sequence())
                .noneMatch(one -> recorded.contains(one.event.id()));
    }

    private boolean isToldToHub(Tap tap) {
        long sequence = tap.event.sequence();
        List<String> notes =
                world.hub()
                        .read(sql ->
                                sql.list(
                                        "SELECT note FROM finding WHERE kind = 'MISSING_TAPS'"
                                                + " AND terminal = ?",
                                        row -> row.getString("note"),
                                        tap.terminal.value()));
        return notes.stream()
                .map(MISSING::matcher)
                .filter(Matcher::find)
                .anyMatch(told ->
                        Long.parseLong(told.group(1)) <= sequence
                                && sequence <= Long.parseLong(told.group(2)));
    }
}
