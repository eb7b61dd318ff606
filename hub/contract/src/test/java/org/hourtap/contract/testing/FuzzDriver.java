package org.hourtap.contract.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What Jazzer calls, in a JVM of its own. All targets of a room share that JVM, because starting
/// Jazzer takes longer than a target's turn in the gate: an input's first byte says which target it
/// is for, by the order of their names. Turns are measured, so that a slow target (a server, a
/// database) does not starve the fast ones: an input for a target that has had its share is passed
/// over and not counted.
public final class FuzzDriver {
    static final String TARGETS = "fuzz.targets";
    static final String FOLDER = "fuzz.folder";
    static final String SEEDS = "fuzz.seeds";
    static final String SECONDS = "fuzz.seconds";
    static final String EXECUTIONS = "executions.txt";
    static final String DONE = "done";
    static final String FINDINGS = "findings";

    /// What a target may be ahead of its share, so that none waits for the clock.
    private static final long AHEAD_NANOS = 50_000_000;

    private static final FuzzDriver DRIVER = fromProperties();

    private final FuzzTargets targets;
    private final List<Turn> turns;
    private final Path folder;
    private final long attackNanos;

    /// Corpus inputs come first and always run: the fuzzer keeps only those that it saw reach
    /// something. Until they are through, classes are still being loaded and no turn is measured.
    private long seeds;

    private long started;
    private boolean isOver;

    private FuzzDriver(FuzzTargets targets, Path folder, long seeds, long seconds) {
        this.targets = targets;
        turns =
                targets.targets().stream()
                        .sorted(Comparator.comparing(FuzzTarget::name))
                        .map(Turn::new)
                        .toList();
        this.folder = folder;
        this.seeds = seeds;
        attackNanos = TimeUnit.SECONDS.toNanos(seconds) * turns.size();
    }

    private static FuzzDriver fromProperties() {
        try {
            FuzzTargets targets =
                    Class.forName(System.getProperty(TARGETS, ""))
                            .asSubclass(FuzzTargets.class)
                            .getDeclaredConstructor()
                            .newInstance();
            return new FuzzDriver(
                    targets,
                    Path.of(System.getProperty(FOLDER, "target/fuzz")),
                    Long.getLong(SEEDS, 0),
                    Long.getLong(SECONDS, 1));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the targets of this room cannot be made", e);
        }
    }

    /// Called by Jazzer at the start. The targets are made with the class, and are made now: a
    /// whole hub may take longer than any input has.
    public static void fuzzerInitialize() {
        DRIVER.started = System.nanoTime();
    }

    /// Called by Jazzer once for every input.
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        if (input.length > 0 && !DRIVER.isOver) {
            DRIVER.run(input);
        }
    }

    /// Called by Jazzer at the end.
    public static void fuzzerTearDown() throws IOException {
        List<String> lines =
                DRIVER.turns.stream()
                        .map(turn ->
                                "%d %.1f %s"
                                        .formatted(
                                                turn.executions,
                                                turn.nanos / 1e9,
                                                turn.target.name()))
                        .toList();
        Files.write(DRIVER.folder.resolve(EXECUTIONS), lines);
        DRIVER.targets.close();
    }

    private void run(byte[] input) throws Exception {
        Turn turn = turns.get(Byte.toUnsignedInt(input[0]) % turns.size());
        long now = System.nanoTime();
        if (seeds > 0) {
            seeds--;
            started = now;
            attack(turn, input);
        } else if (now - started > attackNanos) {
            end();
            isOver = true;
        } else if (turn.nanos < (now - started) / turns.size() + AHEAD_NANOS) {
            attack(turn, input);
            turn.nanos += System.nanoTime() - now;
        }
    }

    private void attack(Turn turn, byte[] input) throws Exception {
        byte[] own = Arrays.copyOfRange(input, 1, input.length);
        turn.executions++;
        try {
            turn.target.attack(own);
        } catch (Throwable e) {
            keep(turn.target, own);
            throw e;
        }
    }

    /// The fuzzer's own clock starts before the corpus is through, and what it runs cannot stop it:
    /// whoever started it is told, and ends it.
    private void end() throws IOException {
        fuzzerTearDown();
        Files.createFile(folder.resolve(DONE));
    }

    private void keep(FuzzTarget target, byte[] input) throws IOException {
        Path finding = Corpus.finding(folder.resolve(FINDINGS), target.name(), input);
        Files.createDirectories(finding.getParent());
        Files.write(finding, input);
    }

    private static final class Turn {
        private final FuzzTarget target;
        private long executions;
        private long nanos;

        Turn(FuzzTarget target) {
            this.target = target;
        }
    }
}
