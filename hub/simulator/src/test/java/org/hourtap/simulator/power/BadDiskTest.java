package org.hourtap.simulator.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.hourtap.runtime.Sqlite;
import org.hourtap.runtime.StorageFault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Disks that are full, refuse to write or hold a wrong bit, and those next to them.
@Timeout(120)
class BadDiskTest {
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
    void aFullDiskIsNamedAndWorkGoesOnWhenThereIsSpace() throws Exception {
        try (SimDisk disk = SimDisk.in(root)) {
            Diary diary = new Diary(root, "FULL");
            try (Sqlite sqlite = diary.open()) {
                diary.write(sqlite, 2);
                disk.setFull(true);
                assertThat(fault(diary, sqlite)).isEqualTo(StorageFault.DISK_FULL);
                disk.setFull(false);
                diary.write(sqlite, 8);
            }
            assertThat(diary.kept()).isGreaterThanOrEqualTo(10);
            assertThat(diary.audit()).isEmpty();
        }
    }

    @Test
    void aDiskThatRefusesToWriteIsNamedAndWorkGoesOnWhenItIsWell() throws Exception {
        try (SimDisk disk = SimDisk.in(root)) {
            Diary diary = new Diary(root, "FULL");
            try (Sqlite sqlite = diary.open()) {
                diary.write(sqlite, 2);
                long effects = disk.effects();
                disk.failWrites(true);
                assertThat(fault(diary, sqlite)).isEqualTo(StorageFault.DISK_ERROR);
                assertThat(disk.effects()).isEqualTo(effects);
                assertThat(disk.isDead()).isFalse();
                disk.failWrites(false);
                diary.write(sqlite, 8);
            }
            assertThat(diary.audit()).isEmpty();
            disk.settle(new SplittableRandom(3), Fate.POWER);
            assertThat(diary.audit()).isEmpty();
        }
    }

    @Test
    void oneBitAndNoOtherIsFlippedAndOftenSqliteNotices() throws Exception {
        Path file = root.resolve(Diary.FILE);
        int noticed = 0;
        try (SimDisk disk = SimDisk.in(root)) {
            new Diary(root, "FULL").write(8);
            byte[] sound = Files.readAllBytes(file);
            for (int seed = 0; seed < 60; seed++) {
                SimDisk.Flip flip = disk.flipBit(new SplittableRandom(seed), Diary.FILE);
                byte[] flipped = Files.readAllBytes(file);
                assertThat(Arrays.mismatch(sound, flipped)).isEqualTo((int) flip.at());
                int bits = (flipped[(int) flip.at()] ^ sound[(int) flip.at()]) & 0xff;
                assertThat(bits).isEqualTo(1 << flip.bit());
                flipped[(int) flip.at()] = sound[(int) flip.at()];
                assertThat(flipped).isEqualTo(sound);
                Diary reader = new Diary(root, "FULL");
                noticed += reader.audit().stream().anyMatch(w -> !w.contains("newest")) ? 1 : 0;
                Files.write(file, sound);
            }
        }
        assertThat(noticed).isBetween(1, 59);
    }

    @Test
    void otherFoldersAreLeftAlone() throws Exception {
        Path ours = Files.createDirectory(root.resolve("pool"));
        Path theirs = Files.createDirectory(root.resolve("pool2"));
        Path nobodys = Files.createDirectory(root.resolve("poo"));
        try (SimDisk pool = SimDisk.in(ours);
                SimDisk theatre = SimDisk.in(theirs)) {
            Diary dead = new Diary(ours, "FULL");
            Diary alive = new Diary(theirs, "FULL");
            Diary ordinary = new Diary(nobodys, "FULL");
            for (Diary diary : new Diary[] {dead, alive, ordinary}) {
                diary.write(2);
            }
            long effects = theatre.effects();
            pool.cutNow();
            assertThatThrownBy(() -> dead.write(1)).isInstanceOf(SQLException.class);
            assertThat(theatre.effects()).isEqualTo(effects);
            alive.write(3);
            ordinary.write(3);
            assertThat(theatre.effects()).isGreaterThan(effects);
            assertThat(alive.audit()).isEmpty();
            assertThat(ordinary.audit()).isEmpty();
            pool.settle(new SplittableRandom(1), Fate.POWER);
            assertThat(dead.audit()).isEmpty();
        }
    }

    @Test
    void aClosedDiskIsAnOrdinaryFolder() throws Exception {
        SimDisk disk = SimDisk.in(root);
        Diary diary = new Diary(root, "FULL");
        try (Sqlite sqlite = diary.open()) {
            diary.write(sqlite, 1);
            assertThatThrownBy(disk::close).isInstanceOf(IllegalStateException.class);
            disk.cutNow();
        }
        disk.close();
        disk.close();
        diary.write(1);
        assertThat(diary.audit()).isEmpty();
        assertThatThrownBy(disk::effects).isInstanceOf(IllegalStateException.class);
    }

    private static StorageFault fault(Diary diary, Sqlite sqlite) {
        SQLException thrown =
                catchThrowableOfType(SQLException.class, () -> diary.write(sqlite, 50));
        assertThat((Throwable) thrown).as("it still writes").isNotNull();
        return StorageFault.of(thrown);
    }
}
