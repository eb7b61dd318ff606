package org.hourtap.server.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.books.TestBooks.BOB;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.hourtap.runtime.DataFolder;
import org.hourtap.server.books.ChainCheck;
import org.hourtap.server.books.TestBooks;
import org.hourtap.server.office.Adjustment;
import org.hourtap.server.office.Instruction;
import org.hourtap.server.office.Operator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class BackupTest {
    private static final int GIFTS = 3_000;

    @TempDir Path parent;
    private Path data;
    private Path safe;
    private final List<String> said = new ArrayList<>();
    private long now = TestBooks.NOON;

    @BeforeEach
    void furnish() throws Exception {
        data = parent.resolve("hub");
        safe = parent.resolve("safe");
        DataFolder.make(data);
        DataFolder.make(data.resolve("certificates"));
        Files.writeString(data.resolve("certificates/authority.pem"), "a key\n");
        Files.writeString(data.resolve("certificates/broker-keys.p12"), "made at each start\n");
        Files.writeString(data.resolve("admin.token"), "0123\n");
        Files.writeString(data.resolve("hub.address"), "http://127.0.0.1:1");
    }

    private Backup.Made backup(int keep) throws Exception {
        now += 1_000_000;
        Path keys = parent.resolve("elsewhere.keys");
        return Backup.make(data, keys, BARRY.value(), safe, keep, now, said::add);
    }

    private Restore.Restored restore(Path from, Path to, boolean replace) throws Exception {
        return Restore.run(from, to, replace, now, said::add);
    }

    @Test
    void aBackupMadeWhileTapsArriveHoldsAndIsOneMomentOfTheBooks() throws Exception {
        try (TestBooks books = TestBooks.furnished(data)) {
            List<CompletableFuture<?>> gifts = new ArrayList<>();
            for (int n = 1; n <= GIFTS; n++) {
                Instruction gift =
                        new Adjustment(TestBooks.id(n), BOB, 1, new Operator("Ceri", "copied"))
                                .in(BARRY);
                gifts.add(books.bookkeeper().submit(gift::post));
            }
            Backup.Made made = backup(0);
            CompletableFuture.allOf(gifts.toArray(CompletableFuture<?>[]::new)).join();
            assertThat(books.<Boolean>read(sql -> ChainCheck.holds(sql, made.heads().getFirst())))
                    .isTrue();
            assertThat(books.balance(BOB)).isEqualTo(GIFTS);
            Path back = parent.resolve("back");
            Restore.Restored restored = restore(made.folder(), back, false);
            assertThat(restored.heads()).isEqualTo(made.heads());
            assertThat(restored.elsewhere()).containsExactly(parent.resolve("elsewhere.keys") + "");
            assertThat(back.resolve("admin.token")).hasContent("0123");
            assertThat(back.resolve("certificates/authority.pem")).hasContent("a key");
            assertThat(back.resolve("certificates/broker-keys.p12")).doesNotExist();
            assertThat(back.resolve("hub.address")).doesNotExist();
            for (String name : List.of("hub.db", "admin.token", "certificates/authority.pem")) {
                for (Path folder : List.of(made.folder(), back)) {
                    assertThat(DataFolder.isReadableByOthers(folder.resolve(name))).isFalse();
                }
            }
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made.folder())))
                    .isEqualTo("rwx------");
            try (TestBooks again = TestBooks.empty(back)) {
                assertThat(again.trialBalance().isBalanced()).isTrue();
            }
        }
    }

    @Test
    void theOldestGoAndTheNewestStays() throws Exception {
        TestBooks.furnished(data).close();
        Path other = Files.createDirectories(safe.resolve("hourtap-penarth-20200101T000000Z"));
        Path unfinished =
                Files.createDirectories(safe.resolve("hourtap-barry-20200101T000000Z.part"));
        Backup.Made first = backup(2);
        Backup.Made second = backup(2);
        Backup.Made third = backup(2);
        assertThat(first.folder()).doesNotExist();
        assertThat(second.folder()).exists();
        assertThat(unfinished).doesNotExist();
        assertThat(other).exists();
        assertThat(backup(1).folder()).exists();
        assertThat(third.folder()).doesNotExist();
    }

    @Test
    void booksThatDoNotHoldAreNotCalledABackup() throws Exception {
        TestBooks.furnished(data).close();
        tamper(data.resolve("hub.db"));
        assertThatThrownBy(() -> backup(1))
                .isInstanceOf(BackupProblem.class)
                .hasMessageContaining("transfer 1 does not hold");
        assertThat(DurableFiles.folders(safe, "hourtap-.*Z")).isEmpty();
    }

    @Test
    void aDamagedBackupIsRefusedAndItsFirstWrongTransferNamed() throws Exception {
        TestBooks.furnished(data).close();
        Path snapshot = backup(0).folder();
        Path back = parent.resolve("back");
        tamper(snapshot.resolve("hub.db"));
        assertThatThrownBy(() -> restore(snapshot, back, false))
                .isInstanceOf(BackupProblem.class)
                .hasMessageContaining("book barry: transfer 1 does not hold");
        assertThat(back).doesNotExist();
        Path second = backup(0).folder();
        Files.writeString(second.resolve("certificates/authority.pem"), "another key\n");
        assertThatThrownBy(() -> restore(second, back, false))
                .hasMessageContaining("authority.pem is not what was backed up");
        Files.delete(second.resolve(Manifest.FILE));
        assertThatThrownBy(() -> restore(second, back, false))
                .hasMessageContaining("There is no finished backup");
        assertThat(back).doesNotExist();
    }

    @Test
    void aFolderInUseOrWithBooksIsLeftAloneUnlessTold() throws Exception {
        try (TestBooks books = TestBooks.furnished(data)) {
            Path snapshot = backup(0).folder();
            books.give(7, BOB, 5);
            try (DataFolder _ = DataFolder.hold(data)) {
                assertThatThrownBy(() -> restore(snapshot, data, true))
                        .hasMessageContaining("A hub runs on");
            }
        }
        assertThatThrownBy(() -> restore(safe, data, false))
                .hasMessageContaining("[barry/2], the snapshot's to [barry/1]")
                .hasMessageContaining("--replace");
        Restore.Restored restored = restore(safe, data, true);
        Path aside = restored.aside();
        assertThat(aside).isNotNull();
        try (TestBooks before = TestBooks.empty(java.util.Objects.requireNonNull(aside));
                TestBooks after = TestBooks.empty(data)) {
            assertThat(before.balance(BOB)).isEqualTo(5);
            assertThat(after.balance(BOB)).isZero();
        }
        assertThat(Restore.sentences(restored).toString())
                .contains("is in " + aside, "1 transfers hold. Heads: barry/1/");
    }

    private static void tamper(Path database) throws Exception {
        try (Connection raw = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = raw.createStatement()) {
            statement.execute("DROP TRIGGER transfer_stays");
            statement.executeUpdate("UPDATE transfer SET minutes = 181 WHERE sequence = 1");
        }
    }
}
