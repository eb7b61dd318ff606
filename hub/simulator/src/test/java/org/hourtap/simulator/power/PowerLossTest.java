package org.hourtap.simulator.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.hourtap.runtime.Sqlite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Power that fails at every single effect of a program that opens, commits, checkpoints, closes
/// and opens again. SQLite as the product opens it loses nothing; told to be careless, it does,
/// which shows that the accidents are real ones.
@Timeout(240)
class PowerLossTest {
    private static final int SEEDS = 4;
    private static final int FIRST_ENTRIES = 9;
    private static final int MORE_ENTRIES = 5;

    private Path root;

    @BeforeEach
    void makeFolder() throws IOException {
        root = SimDisks.newFolder();
    }

    @AfterEach
    void deleteFolder() throws IOException {
        Folders.delete(root);
    }

    @Test
    void whatWasCommittedIsThereWheneverThePowerFails() throws Exception {
        long effects = effectsOfALife("FULL");
        assertThat(effects).isBetween(100L, 1_000L);
        for (long cut = 1; cut <= effects; cut++) {
            for (int seed = 0; seed < SEEDS; seed++) {
                assertThat(accident("FULL", cut, seed, Fate.POWER, false))
                        .as("cut at effect %d, seed %d", cut, seed)
                        .isEmpty();
            }
        }
    }

    /// A commit that was killed before its sync is there after the next start, and is told to
    /// others then.
    @Test
    void whatIsThereAfterAKillIsThereAfterThePowerFailsToo() throws Exception {
        int unpromised = 0;
        for (long cut = 1; cut <= 6; cut++) {
            for (int seed = 0; seed < SEEDS; seed++) {
                Path folder = Files.createDirectory(root.resolve("kill-" + cut + "-" + seed));
                Path file = folder.resolve("any.db");
                try (SimDisk disk = SimDisk.in(folder)) {
                    boolean isPromised = killedIn(cut, disk, file);
                    long then = entries(file, disk);
                    disk.settle(new SplittableRandom(cut * 10 + seed), Fate.POWER);
                    assertThat(entries(file, disk))
                            .as("cut at effect %d, seed %d", cut, seed)
                            .isEqualTo(then);
                    unpromised += then == 2 && !isPromised ? 1 : 0;
                }
            }
        }
        assertThat(unpromised).isPositive();
    }

    /// @return whether the second of two entries was promised to be on disk
    private static boolean killedIn(long cut, SimDisk disk, Path file) throws Exception {
        try (Sqlite sqlite = Sqlite.open(file, 100);
                var statement = sqlite.connection().createStatement()) {
            statement.execute("CREATE TABLE entry (number INTEGER PRIMARY KEY)");
            statement.execute("INSERT INTO entry VALUES (1)");
            disk.cutAfter(cut);
            statement.execute("INSERT INTO entry VALUES (2)");
            return true;
        } catch (SQLException e) {
            return false;
        } finally {
            disk.settle(new SplittableRandom(1), Fate.KILLED);
        }
    }

    /// The power fails in the moment the answer is there.
    private static long entries(Path file, SimDisk disk) throws SQLException {
        try (Sqlite sqlite = Sqlite.open(file, 100)) {
            sqlite.syncLog();
            try (var statement = sqlite.connection().createStatement();
                    var row = statement.executeQuery("SELECT count(*) FROM entry")) {
                return row.next() ? row.getLong(1) : 0;
            } finally {
                disk.cutNow();
            }
        }
    }

    @Test
    void whatWasCommittedIsThereWhenTheProcessIsKilledHoweverCareless() throws Exception {
        long effects = effectsOfALife("OFF");
        for (long cut = 1; cut <= effects; cut++) {
            assertThat(accident("OFF", cut, 0, Fate.KILLED, false)).as("cut %d", cut).isEmpty();
        }
    }

    @Test
    void aDatabaseThatDoesNotSyncIsCaught() throws Exception {
        List<String> wrong = allAccidents("OFF", false);
        assertThat(wrong).anyMatch(what -> what.contains("the newest entry is"));
        assertThat(wrong).anyMatch(what -> what.contains("malformed"));
    }

    @Test
    void aLogThatIsSyncedOnlyAtCheckpointsIsCaught() throws Exception {
        List<String> wrong = allAccidents("NORMAL", false);
        assertThat(wrong)
                .isNotEmpty()
                .allMatch(what -> what.contains("the newest entry is"), "loses, but stays whole");
    }

    @Test
    void aDeviceThatLiesAboutSyncsIsCaught() throws Exception {
        assertThat(allAccidents("FULL", true))
                .anyMatch(what -> what.contains("the newest entry is"));
    }

    @Test
    void whatAKilledProcessDidNotSyncIsLostIfThePowerFailsLater() throws Exception {
        int losses = 0;
        for (int seed = 0; seed < 40; seed++) {
            Path folder = Files.createDirectory(root.resolve("k" + seed));
            try (SimDisk disk = SimDisk.in(folder)) {
                Diary diary = new Diary(folder, "OFF");
                diary.write(3);
                disk.settle(new SplittableRandom(seed), Fate.KILLED);
                assertThat(diary.audit()).isEmpty();
                disk.settle(new SplittableRandom(seed), Fate.POWER);
                losses += diary.audit().isEmpty() ? 0 : 1;
            }
        }
        assertThat(losses).isPositive();
    }

    @Test
    void theSameSeedLeavesTheSameFiles() throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            List<List<String>> found = new ArrayList<>();
            for (int time = 0; time < 2; time++) {
                Path folder = Files.createDirectory(root.resolve(seed + "-" + time));
                try (SimDisk disk = SimDisk.in(folder)) {
                    disk.cutAfter(20 + 3L * seed);
                    Diary diary = new Diary(folder, "OFF");
                    live(disk, diary);
                    Accident accident = disk.settle(new SplittableRandom(seed), Fate.POWER);
                    List<String> left = Folders.fingerprints(folder);
                    left.add(accident.toString());
                    left.addAll(diary.audit());
                    found.add(left);
                }
            }
            assertThat(found.get(1)).isEqualTo(found.get(0));
        }
    }

    @Test
    void allKindsOfAccidentsHappen() throws Exception {
        List<Accident.Loss> losses = new ArrayList<>();
        for (int seed = 0; seed < 200; seed++) {
            Path folder = Files.createDirectory(root.resolve("a" + seed));
            try (SimDisk disk = SimDisk.in(folder)) {
                disk.cutAfter(1 + seed % 60);
                live(disk, new Diary(folder, "FULL"));
                losses.addAll(disk.settle(new SplittableRandom(seed), Fate.POWER).losses());
            }
        }
        assertThat(losses)
                .anyMatch(loss -> loss.kept() == 0)
                .anyMatch(loss -> loss.kept() == loss.changes() && loss.changes() > 0)
                .anyMatch(loss -> loss.kept() > 0 && loss.kept() < loss.changes())
                .anyMatch(Accident.Loss::isTorn)
                .anyMatch(Accident.Loss::isGone)
                .anyMatch(loss -> loss.fileName().equals(Diary.FILE))
                .anyMatch(loss -> loss.fileName().equals(Diary.FILE + "-wal"));
    }

    @Test
    void afterTheCutNothingReachesTheDiskNotEvenANewName() throws Exception {
        try (SimDisk disk = SimDisk.in(root)) {
            Diary diary = new Diary(root, "FULL");
            List<String> before;
            try (Sqlite sqlite = diary.open()) {
                diary.write(sqlite, 3);
                disk.cutNow();
                before = Folders.fingerprints(root);
                assertThat(disk.isDead()).isTrue();
                assertThatThrownBy(() -> diary.write(sqlite, 1)).isInstanceOf(SQLException.class);
                assertThatThrownBy(() -> Sqlite.open(root.resolve("other.db"), 100))
                        .isInstanceOf(SQLException.class);
                Files.move(root.resolve(Diary.FILE), root.resolve("moved"));
                Files.writeString(root.resolve("new"), "too late");
                assertThatThrownBy(() -> disk.settle(new SplittableRandom(1), Fate.KILLED))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("close all connections first");
            }
            disk.settle(new SplittableRandom(1), Fate.KILLED);
            assertThat(disk.isDead()).isFalse();
            assertThat(Folders.fingerprints(root)).isEqualTo(before);
            assertThat(diary.audit()).isEmpty();
            diary.write(2);
            assertThat(diary.audit()).isEmpty();
        }
        try (Stream<Path> beside = Files.list(root.getParent())) {
            assertThat(beside)
                    .as("what kept the names is gone")
                    .noneMatch(path -> path.toString().equals(root + ".names"));
        }
    }

    private List<String> allAccidents(String synchronous, boolean lying) throws Exception {
        List<String> wrong = new ArrayList<>();
        long effects = effectsOfALife(synchronous);
        for (long cut = 1; cut <= effects; cut += 2) {
            for (int seed = 0; seed < 2; seed++) {
                wrong.addAll(accident(synchronous, cut, seed, Fate.POWER, lying));
            }
        }
        return wrong;
    }

    /// One life on a fresh disk that ends at this effect, and what is found wrong after it.
    private List<String> accident(String synchronous, long cut, int seed, Fate fate, boolean lying)
            throws Exception {
        Path folder = Files.createDirectory(root.resolve("life"));
        try (SimDisk disk = SimDisk.in(folder)) {
            disk.lieAboutSyncs(lying);
            disk.cutAfter(cut);
            Diary diary = new Diary(folder, synchronous);
            live(disk, diary);
            assertThat(disk.isDead()).isTrue();
            disk.settle(new SplittableRandom(cut * 1_000 + seed), fate);
            List<String> wrong = diary.audit();
            if (wrong.isEmpty()) {
                diary.write(2); // and the log goes on after its torn end
                wrong = diary.audit();
            }
            return wrong;
        } finally {
            Folders.delete(folder);
        }
    }

    private long effectsOfALife(String synchronous) throws Exception {
        Path folder = Files.createDirectory(root.resolve("whole"));
        try (SimDisk disk = SimDisk.in(folder)) {
            Diary diary = new Diary(folder, synchronous);
            live(disk, diary);
            assertThat(diary.kept()).isEqualTo(FIRST_ENTRIES + MORE_ENTRIES);
            return disk.effects();
        }
    }

    private static void live(SimDisk disk, Diary diary) throws SQLException {
        try {
            diary.write(FIRST_ENTRIES);
            diary.write(MORE_ENTRIES);
        } catch (SQLException e) {
            if (!disk.isDead()) {
                throw e;
            }
        }
    }
}
