package org.hourtap.server.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The copies of one hub at the second place: each a snapshot and the changes after it. Other hubs'
/// are never touched.
final class Generations {
    /// The one that grows, and the one before it in case it is damaged.
    private static final int KEPT = 2;

    /// For what else is written meanwhile.
    private static final long SPARE_BYTES = 1 << 20;

    private static final String TIME = "-[0-9]{8}T[0-9]{6}Z";

    private final Path place;
    private final String prefix;

    /// @param hub tells this hub from others of the same book
    Generations(Path place, String book, String hub) {
        this.place = place;
        this.prefix = "copy-" + book + "-" + hub;
    }

    String name(long nowMicros) {
        return prefix + "-" + Backup.time(nowMicros);
    }

    /// Takes away what an earlier program did not finish.
    void clear() throws IOException {
        for (Path part : DurableFiles.folders(place, prefix + TIME + "\\.part")) {
            DurableFiles.delete(part);
        }
    }

    /// Makes room for another one, if need be at the cost of all but the newest.
    ///
    /// @throws BackupProblem if it cannot be enough
    void makeRoom(long bytes) throws IOException, BackupProblem {
        long needed = bytes + SPARE_BYTES;
        List<Path> all = finished();
        for (Path old : all.subList(0, Math.max(0, all.size() - 1))) {
            if (free() < needed) {
                Snapshot.discard(old);
            }
        }
        long free = free();
        if (free < needed) {
            throw new BackupProblem(
                    place
                            + " is too small for another copy: it has "
                            + (free >> 20)
                            + " MB free, and "
                            + ((needed >> 20) + 1)
                            + " MB are needed. Free space there, or use a larger disk.");
        }
    }

    /// Deletes the oldest beyond those worth keeping.
    void thin() throws IOException {
        List<Path> all = finished();
        for (Path old : all.subList(0, Math.max(0, all.size() - KEPT))) {
            Snapshot.discard(old);
        }
    }

    long free() throws IOException {
        return Files.getFileStore(place).getUsableSpace();
    }

    private List<Path> finished() throws IOException {
        return DurableFiles.folders(place, prefix + TIME);
    }
}
