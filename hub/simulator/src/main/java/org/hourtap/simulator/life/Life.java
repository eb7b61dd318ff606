package org.hourtap.simulator.life;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.hourtap.simulator.demo.TemporaryFolder;
import org.hourtap.simulator.power.SimDisks;
import org.jspecify.annotations.Nullable;

/// One life, from one seed.
final class Life {
    /// Longest time a machine may be off, and then everything that was left to do.
    private static final long HEALING = 2 * Agenda.DAY;

    /// In the end everyone asks the hub every five minutes, as real terminals always do: a page may
    /// still get lost, but not one after the other.
    private static final int LAST_QUESTIONS = 6;

    private static final long QUESTION = 6 * Agenda.MINUTE;

    private Life() {}

    /// What came of it.
    ///
    /// @param broken the first rule that did not hold; absent if all did
    /// @param digest tells two stories apart
    record Outcome(
            long seed,
            @Nullable Violation broken,
            Coverage coverage,
            long digest,
            long events,
            long taps) {}

    /// Lives it.
    ///
    /// @param lines told the story as it happens
    static Outcome live(long seed, int days, Seams seams, Consumer<String> lines)
            throws IOException {
        SimDisks.install();
        Path folder = SimDisks.newFolder();
        World world = new World(seed, folder, seams, lines);
        Violation broken = null;
        try {
            play(world, days);
        } catch (Violation e) {
            broken = e;
            world.tell("auditor", String.valueOf(e.getMessage()));
        } finally {
            try {
                world.end();
            } finally {
                TemporaryFolder.delete(folder);
            }
        }
        return new Outcome(
                seed,
                broken,
                world.coverage(),
                world.trace().digest(),
                world.agenda().played(),
                world.truth().all().size());
    }

    private static void play(World world, int days) {
        try {
            world.begin();
            world.mishaps().people().join();
            for (int day = 0; day < days; day++) {
                long morning = world.agenda().now();
                world.mishaps().people().planDay(morning);
                world.mishaps().planDay(morning);
                world.wear().planDay(morning);
                world.operators().planDay(morning);
                world.office().planDay(morning);
                world.fates().planDay(morning);
                world.agenda().playUntil(morning + Agenda.DAY);
            }
            world.beginEnding();
            world.mishaps().end();
            world.agenda().playUntil(world.agenda().now() + HEALING);
            for (int i = 0; i < LAST_QUESTIONS; i++) {
                world.terminals().forEach(terminal -> terminal.act(() -> {}));
                world.agenda().playUntil(world.agenda().now() + QUESTION);
            }
            world.auditor().settle();
        } catch (Violation e) {
            throw e;
        } catch (Exception e) {
            throw new Violation(Rule.UNEXPECTED_FAILURE, String.valueOf(e), e);
        }
    }
}
