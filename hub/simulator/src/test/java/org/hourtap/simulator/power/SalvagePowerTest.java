package org.hourtap.simulator.power;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.hourtap.contract.Codec;
import org.hourtap.contract.TapEvent;
import org.hourtap.device.sqlite.SqliteStore;
import org.hourtap.tap.StoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A damaged store is mended at the next start, also when that start goes wrong in its turn.
@Timeout(240)
class SalvagePowerTest {
    private static final int TAPS = 40;
    private static final int SEEDS = 2;

    /// More than a rescue needs in all.
    private static final long SPACE_MAX = 160_000;

    private static final long SPACE_STEP = 4_096;
    private static final Logger SALVAGE = Logger.getLogger("org.hourtap.device.sqlite.Salvage");

    private Path root;
    private Path folder;
    private byte[] damaged;

    @BeforeEach
    void makeDamagedStore() throws Exception {
        SALVAGE.setLevel(Level.OFF);
        root = SimDisks.newFolder();
        folder = root.resolve("disk");
        Path file = root.resolve("sound.db");
        try (SqliteStore store = SqliteStore.open(file, () -> Spends.MORNING)) {
            for (int i = 1; i <= TAPS; i++) {
                TapEvent tap = Spends.spend(i);
                store.record(tap, Codec.encodeEvent(tap), 0);
            }
        }
        damaged = Files.readAllBytes(file);
        Arrays.fill(damaged, 100, 108, (byte) 0xff); // the head of the table of tables
    }

    @AfterEach
    void deleteFolder() throws IOException {
        SALVAGE.setLevel(null);
        Folders.delete(root);
    }

    @Test
    void everyTapIsRescuedWheneverThePowerFails() throws Exception {
        long effects = effectsOfARescue();
        for (long cut = 1; cut <= effects; cut++) {
            for (int seed = 0; seed < SEEDS; seed++) {
                Path file = damagedStore();
                try (SimDisk disk = SimDisk.in(folder)) {
                    disk.cutAfter(cut);
                    opens(file);
                    assertThat(disk.isDead()).isTrue();
                    Accident accident =
                            disk.settle(
                                    new SplittableRandom(cut * 10 + seed),
                                    seed == 0 ? Fate.KILLED : Fate.POWER);
                    assertThat(taps(file))
                            .as("cut at effect %d, seed %d: %s", cut, seed, accident)
                            .isEqualTo(TAPS);
                }
                Folders.delete(folder);
            }
        }
    }

    @Test
    void everyTapIsRescuedWhereverTheSpaceRunsOut() throws Exception {
        int refused = 0;
        int mended = 0;
        for (long space = 0; space < SPACE_MAX; space += SPACE_STEP) {
            Path file = damagedStore();
            try (SimDisk disk = SimDisk.in(folder)) {
                disk.setSpace(space);
                boolean opens = opens(file);
                refused += opens ? 0 : 1;
                mended += opens ? 1 : 0;
                disk.setFull(false);
                assertThat(taps(file)).as("with space for %d bytes", space).isEqualTo(TAPS);
            }
            Folders.delete(folder);
        }
        assertThat(refused).isPositive();
        assertThat(mended).isPositive();
    }

    private long effectsOfARescue() throws Exception {
        Path file = damagedStore();
        try (SimDisk disk = SimDisk.in(folder)) {
            assertThat(opens(file)).isTrue();
            long effects = disk.effects();
            assertThat(taps(file)).isEqualTo(TAPS);
            return effects;
        } finally {
            Folders.delete(folder);
        }
    }

    private Path damagedStore() throws IOException {
        Files.createDirectory(folder);
        return Files.write(folder.resolve("terminal.db"), damaged);
    }

    private static boolean opens(Path file) throws Exception {
        try (SqliteStore store = SqliteStore.open(file, () -> Spends.MORNING)) {
            return store.position().last() >= TAPS;
        } catch (StoreException e) {
            return false;
        }
    }

    private static int taps(Path file) throws Exception {
        try (SqliteStore store = SqliteStore.open(file, () -> Spends.MORNING)) {
            return store.after(0, 1_000).size();
        }
    }
}
