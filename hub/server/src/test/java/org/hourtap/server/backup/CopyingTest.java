package org.hourtap.server.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.hourtap.server.backup.CopyState.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CopyingTest {
    @TempDir Path parent;
    private CopyScene scene;

    @BeforeEach
    void open() throws Exception {
        scene = new CopyScene(parent);
        scene.startCopying();
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    /// All that is in the books is in what a restore makes of the copy.
    private void isCopied(String where) throws Exception {
        Path back = parent.resolve("back-" + where);
        Restore.Restored restored = scene.restore(scene.place, back);
        assertThat(restored.leftOver()).isZero();
        assertThat(CopyScene.everything(back))
                .as(where)
                .isEqualTo(CopyScene.everything(scene.data));
        assertThat(back.resolve("certificates/authority.pem"))
                .hasSameBinaryContentAs(scene.data.resolve("certificates/authority.pem"));
    }

    @Test
    void whatIsCommittedIsInTheCopyARoundLater() throws Exception {
        assertThat(scene.round().kind()).isEqualTo(Kind.GOOD);
        isCopied("snapshot");
        for (int n = 0; n < 5; n++) {
            scene.give();
            scene.find(3);
            assertThat(scene.round().kind()).isEqualTo(Kind.GOOD);
            isCopied("round" + n);
        }
        assertThat(scene.copies()).hasSize(1);
    }

    @Test
    void theLogIsFoldedOnlyAfterItWasCopiedAndTheCopyGoesOn() throws Exception {
        scene.round();
        Path log = scene.data.resolve("hub.db-wal");
        int folded = 0;
        for (int n = 0; n < 8; n++) {
            scene.find(2_500);
            scene.give();
            long before = Files.size(log);
            assertThat(scene.round().kind()).isEqualTo(Kind.GOOD);
            folded += Files.size(log) < before ? 1 : 0;
            if (n % 2 == 0) {
                scene.give();
                scene.round();
            }
        }
        assertThat(folded).isGreaterThan(1);
        isCopied("folded");
        assertThat(scene.copies()).as("never begun anew").hasSize(1);
    }

    @Test
    void whatIsCommittedJustBeforeTheLogIsFoldedIsCopiedFirst() throws Exception {
        scene.round();
        scene.find(2_500);
        scene.find(2_500);
        CompletableFuture<Boolean> late = scene.commitWhileWaiting(Thread.currentThread());
        scene.round();
        assertThat(late.join()).isTrue();
        for (int n = 0; n < 40; n++) {
            assertThat(scene.round().kind()).isEqualTo(Kind.GOOD);
        }
        assertThat(Files.size(scene.data.resolve("hub.db-wal"))).isZero();
        isCopied("late");
        assertThat(scene.copies()).hasSize(1);
    }

    @Test
    void aTornRecordCostsOnlyWhatCameAfterTheOneBefore() throws Exception {
        scene.round();
        List<List<String>> states = new ArrayList<>();
        List<Long> ends = new ArrayList<>();
        Path copy = scene.copies().getFirst();
        Path changes = copy.resolve(ChangeLog.FILE);
        states.add(CopyScene.everything(scene.data));
        ends.add(0L);
        for (int n = 0; n < 4; n++) {
            scene.give();
            scene.round();
            states.add(CopyScene.everything(scene.data));
            ends.add(Files.size(changes));
        }
        byte[] whole = Files.readAllBytes(changes);
        int tries = 0;
        for (long cut = 0; cut <= whole.length; cut += 1 + whole.length / 23) {
            Files.write(changes, java.util.Arrays.copyOf(whole, (int) cut));
            int known = 0;
            while (known + 1 < ends.size() && ends.get(known + 1) <= cut) {
                known++;
            }
            Path back = parent.resolve("back-" + tries++);
            Restore.Restored restored = scene.restore(scene.place, back);
            assertThat(CopyScene.everything(back)).as("cut at " + cut).isEqualTo(states.get(known));
            assertThat(restored.leftOver()).isEqualTo(cut - ends.get(known));
        }
        whole[(int) (ends.get(2) + 100)] ^= 1;
        Files.write(changes, whole);
        Path back = parent.resolve("back-flipped");
        assertThat(scene.restore(scene.place, back).leftOver()).isPositive();
        assertThat(CopyScene.everything(back)).isEqualTo(states.get(2));
    }

    @Test
    void aPlaceThatWasAwayIsCaughtUpWith() throws Exception {
        scene.round();
        Path away = parent.resolve("away");
        Files.move(scene.place, away);
        scene.give();
        CopyState stopped = scene.round();
        assertThat(stopped.kind()).isEqualTo(Kind.STOPPED);
        assertThat(stopped.sentence()).contains("is not there", "Plug its disk in", "books go on");
        scene.give();
        Files.move(away, scene.place);
        assertThat(scene.round().kind()).isEqualTo(Kind.GOOD);
        isCopied("back");
        assertThat(scene.copies()).hasSize(1);
    }

    @Test
    void whenTheLogCouldNotWaitTheCopyIsBegunAnew() throws Exception {
        scene.round();
        Path away = parent.resolve("away");
        Files.move(scene.place, away);
        scene.limitLog(20);
        for (int n = 0; n < 20; n++) {
            scene.give();
            scene.find(20);
        }
        assertThat(Files.size(scene.data.resolve("hub.db-wal"))).isLessThan(1 << 20);
        scene.round();
        Files.move(away, scene.place);
        scene.limitLog(10_000);
        assertThat(scene.round().kind()).isEqualTo(Kind.GOOD);
        assertThat(scene.copies()).hasSize(2);
        scene.give();
        scene.round();
        isCopied("anew");
    }

    @Test
    void aHubThatStartsAgainBeginsANewCopyAndTheOneBeforeStaysUntilThen() throws Exception {
        for (int n = 0; n < 4; n++) {
            scene.round();
            scene.give();
            scene.startCopying();
        }
        Files.createDirectory(
                scene.place.resolve(scene.copies().getFirst().getFileName() + ".part"));
        scene.round();
        assertThat(DurableFiles.folders(scene.place, "copy-.*")).hasSize(2);
        isCopied("started");
    }

    @Test
    void aDiskThatIsFullStopsTheCopyAndNotTheBooksAndGoesOnWhenThereIsRoom() throws Exception {
        assumeTrue(mounted(scene.place), "a small disk needs leave to mount");
        try {
            assertThat(scene.round().kind()).isEqualTo(Kind.GOOD);
            Path filler = scene.place.resolve("filler");
            fill(filler);
            scene.give();
            CopyState full = scene.round();
            assertThat(full.kind()).isEqualTo(Kind.STOPPED);
            assertThat(full.sentence()).contains("free space", "The books go on");
            scene.give();
            assertThat(scene.round().kind()).isEqualTo(Kind.STOPPED);
            Files.delete(filler);
            assertThat(scene.round().kind()).isEqualTo(Kind.GOOD);
            assertThat(scene.copies()).hasSize(1);
            isCopied("room");
        } finally {
            run("umount", "-l", scene.place.toString());
        }
    }

    private static boolean mounted(Path folder) throws Exception {
        return run("mount", "-t", "tmpfs", "-o", "size=4m", "hourtap-copy", folder.toString());
    }

    private static boolean run(String... words) throws Exception {
        try {
            return new ProcessBuilder(words).redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException e) {
            return false; // no such program here
        }
    }

    private static void fill(Path file) throws IOException {
        try (FileChannel out =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int piece = 1 << 16; piece > 0; piece >>= 1) {
                try {
                    while (true) {
                        DurableFiles.writeAll(out, ByteBuffer.allocate(piece));
                    }
                } catch (IOException e) {
                    assertThat(e).hasMessageContaining("No space left");
                }
            }
        }
    }
}
