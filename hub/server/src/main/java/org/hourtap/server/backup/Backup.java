package org.hourtap.server.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.function.Consumer;
import org.hourtap.runtime.DataFolder;
import org.hourtap.runtime.FolderInUseException;
import org.jspecify.annotations.Nullable;

/// A snapshot of a hub, whether it runs or not, in a folder named by time.
public final class Backup {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private static final String PREFIX = "hourtap-";
    private static final String ANY_TIME = "-[0-9]{8}T[0-9]{6}Z";

    /// What was made.
    ///
    /// @param heads of the books in it
    /// @param elsewhere files a hub needs besides, which are not in it
    public record Made(Path folder, List<String> heads, List<String> elsewhere) {
        public Made {
            heads = List.copyOf(heads);
            elsewhere = List.copyOf(elsewhere);
        }
    }

    private Backup() {}

    static String time(long micros) {
        return TIME.format(Instant.ofEpochSecond(micros / 1_000_000));
    }

    /// Makes a snapshot and proves it. A running hub goes on: only a reader is beside it.
    ///
    /// @param data the hub's data folder
    /// @param cardKeys the file with cards' keys the hub is set to, absent for none
    /// @param destination the folder it is put in; made if need be
    /// @param keep how many of this book's backups stay there, with this one; 0 for all
    /// @throws BackupProblem if it was not made, or does not hold; then nothing there looks like
    ///   one
    public static Made make(
            Path data,
            @Nullable Path cardKeys,
            String book,
            Path destination,
            int keep,
            long nowMicros,
            Consumer<String> progress)
            throws IOException, BackupProblem, InterruptedException {
        Snapshot.Source hub = new Snapshot.Source(data, cardKeys);
        if (!Files.isReadable(hub.database())) {
            throw new BackupProblem(
                    "There is no hub to back up at " + data + ". Name its folder with --data.");
        }
        // Two at once would take each other's unfinished folders away.
        try (DataFolder held = DataFolder.hold(destination)) {
            String any = PREFIX + book + ANY_TIME;
            for (Path left : DurableFiles.folders(held.path(), any + "\\.part")) {
                DurableFiles.delete(left);
            }
            String name = PREFIX + book + "-" + time(nowMicros);
            Path target = held.resolve(name);
            if (Files.exists(target)) {
                throw new BackupProblem(target + " is there already. Try again in a second.");
            }
            Path part = held.resolve(name + Snapshot.PART);
            DataFolder.make(part);
            progress.accept("copying " + hub.database());
            Manifest manifest = Snapshot.fill(hub, part, name, nowMicros, progress);
            manifest.write(part);
            Snapshot.publish(part, target);
            if (keep > 0) {
                thin(held.path(), any, target, keep, progress);
            }
            return new Made(target, manifest.heads(), manifest.elsewhere());
        } catch (FolderInUseException e) {
            throw new BackupProblem(
                    "Another backup to " + destination + " is under way. Wait for it to end.", e);
        }
    }

    private static void thin(
            Path destination, String any, Path newest, int keep, Consumer<String> progress)
            throws IOException {
        List<Path> others =
                DurableFiles.folders(destination, any).stream()
                        .filter(folder -> !folder.equals(newest))
                        .toList();
        for (Path old : others.subList(0, Math.max(0, others.size() - (keep - 1)))) {
            Snapshot.discard(old);
            progress.accept("deleted " + old);
        }
    }
}
