package org.hourtap.server.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.hourtap.ledger.PostOutcome;
import org.hourtap.runtime.RoleThread;
import org.hourtap.runtime.Sqlite;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.books.Awaiting;
import org.hourtap.server.books.ChainCheck;
import org.hourtap.server.books.Sql;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The copying role on its own thread beside a busy bookkeeper. At odd moments the second place is
/// all there is. Longer: `-Dcopy.seconds=120`.
@Timeout(900)
class CopyUnderLoadTest {
    private static final int SECONDS = Integer.getInteger("copy.seconds", 4);
    private static final int IN_FLIGHT = 200;

    @TempDir Path parent;

    @Test
    void wheneverTheDiskIsLostTheCopyIsAMomentOfTheBooks() throws Exception {
        List<Restore.Restored> all = new ArrayList<>();
        try (CopyScene scene = new CopyScene(parent)) {
            scene.startCopying(RoleThread::startDraining);
            Awaiting.until("the first copy", () -> !copies(scene).isEmpty());
            long start = SystemTime.bootMicros();
            Queue<CompletableFuture<PostOutcome>> waiting = new ArrayDeque<>();
            long next = start + 700_000;
            for (int n = 1; SystemTime.bootMicros() - start < SECONDS * 1_000_000L; n++) {
                waiting.add(scene.submitGift());
                if (waiting.size() > IN_FLIGHT) {
                    waiting.remove().join();
                }
                if (n % 500 == 0) {
                    scene.find(500);
                }
                if (SystemTime.bootMicros() > next) {
                    next = SystemTime.bootMicros() + 700_000;
                    all.add(lose(scene, all.size()));
                }
            }
            waiting.forEach(CompletableFuture::join);
            scene.stopCopying();
            Restore.Restored end = scene.restore(scene.place, parent.resolve("end"));
            assertThat(CopyScene.everything(parent.resolve("end")))
                    .isEqualTo(CopyScene.everything(scene.data));
            assertThat(copies(scene)).as("never begun anew").hasSize(1);
            try (Sqlite books = Sqlite.openReadOnly(scene.data.resolve("hub.db"), 1_000)) {
                for (Restore.Restored one : all) {
                    assertThat(ChainCheck.holds(new Sql(books), one.heads().getFirst()))
                            .as("%s of %s", one.heads(), end.heads())
                            .isTrue();
                }
            }
            assertThat(all.getLast().transfers()).isGreaterThan(all.getFirst().transfers());
        }
    }

    /// The hub's disk is gone; what the second place has at this moment, torn or not, is restored.
    private Restore.Restored lose(CopyScene scene, int n) throws Exception {
        Path rest = Files.createDirectory(parent.resolve("rest" + n));
        Path from = copies(scene).getLast();
        Path to = rest.resolve(String.valueOf(from.getFileName()));
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
        Path back = parent.resolve("back" + n);
        Restore.Restored restored = scene.restore(rest, back);
        DurableFiles.delete(rest);
        DurableFiles.delete(back);
        return restored;
    }

    private static List<Path> copies(CopyScene scene) {
        try {
            return scene.copies();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
