package org.hourtap.simulator.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator.SplittableGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.hourtap.simulator.demo.Report;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// What `deploy/crash` does for minutes, for seconds: every kind of mishap that can be made on this
/// machine, at least once. `-Dseed=…` makes the same choices again.
@Timeout(900)
class CrashRunTest {
    private static final int TERMINALS = 4;
    private static final int PASSBACK_SECONDS = 20;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void nothingIsLostOrDoubledWhateverGoesWrong() throws Exception {
        long seed = Long.getLong("seed", 20_261_122);
        SplittableGenerator chance =
                RandomGeneratorFactory.<SplittableGenerator>of("SplittableRandom").create(seed);
        CrashRun.Order order =
                new CrashRun.Order(
                        folder.resolve("run"),
                        "pcsc",
                        TERMINALS,
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        PASSBACK_SECONDS);
        Outcome outcome = new CrashRun(order, chance, _ -> {}).run();
        Report.write("crash", outcome.lines());
        assertThat(outcome.breaches()).as("seed %d, files in %s", seed, folder).isEmpty();
        assertThat(outcome.mishaps()).containsOnlyKeys(possible());
        assertThat(outcome.evidence().answers().stream().filter(Answer::isWelcome))
                .hasSizeGreaterThan(TERMINALS);
    }

    private static List<Mishap> possible() {
        boolean hasDisks = SmallDisk.unavailable().isEmpty();
        boolean hasClocks = WallClock.unavailable().isEmpty();
        return Stream.of(Mishap.values())
                .filter(kind -> hasDisks || !kind.needsDisks())
                .filter(kind -> hasClocks || !kind.needsClocks())
                .toList();
    }
}
