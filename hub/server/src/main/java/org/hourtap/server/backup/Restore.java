package org.hourtap.server.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.hourtap.runtime.DataFolder;
import org.hourtap.runtime.FolderInUseException;
import org.hourtap.runtime.Sqlite;
import org.hourtap.server.books.Sql;
import org.jspecify.annotations.Nullable;

/// The way back: from a snapshot, and the changes after it if there are any, to a data folder that
/// a hub can be started on. Everything is built and proved beside it first; what was there before
/// is moved aside and never deleted.
public final class Restore {
    private static final String ANY = "(copy|hourtap)-.*-[0-9]{8}T[0-9]{6}Z";
    private static final int TIME_LENGTH = "-20261122T203000Z".length();
    private static final int CACHE_KILOBYTES = 4_096;

    /// What was restored.
    ///
    /// @param from the snapshot's folder
    /// @param upToMicros of the newest change in it, by the clock of the hub that made it
    /// @param transfers in all books
    /// @param leftOver bytes of changes after that which were torn or damaged, and not used
    /// @param aside where the folder of before is now, absent if there was none
    /// @param elsewhere files the hub needs besides
    public record Restored(
            Path from,
            long upToMicros,
            List<String> heads,
            long transfers,
            long leftOver,
            @Nullable Path aside,
            List<String> elsewhere) {
        public Restored {
            heads = List.copyOf(heads);
            elsewhere = List.copyOf(elsewhere);
        }
    }

    private Restore() {}

    /// @param given a snapshot, or a folder of them: then the one that goes furthest is taken
    /// @param replace whether books that are in the data folder may be moved aside
    /// @throws BackupProblem if nothing was done, saying why
    public static Restored run(
            Path given, Path data, boolean replace, long nowMicros, Consumer<String> progress)
            throws IOException, BackupProblem, InterruptedException {
        Path from = chosen(given);
        Manifest manifest = Manifest.read(from);
        progress.accept("restoring " + from);
        Path whole = data.toAbsolutePath().normalize();
        boolean isNew = !Files.exists(whole);
        try (DataFolder held = DataFolder.hold(whole)) {
            boolean isEmpty = isEmpty(held.path());
            if (!isEmpty && !replace) {
                throw new BackupProblem(occupied(whole, manifest));
            }
            Path stage = whole.resolveSibling(whole.getFileName() + ".restoring");
            DurableFiles.delete(stage);
            DataFolder.make(stage);
            copy(manifest, from, stage, progress);
            ChangeLog.Extent extent = apply(from, manifest, stage.resolve(Snapshot.DATABASE));
            progress.accept(extent.records() + " records of changes applied; proving the books");
            Proof proof = Proof.of(stage.resolve(Snapshot.DATABASE), progress);
            DurableFiles.sync(stage);
            Path aside = swap(stage, held.path(), isEmpty, nowMicros);
            return new Restored(
                    from,
                    Math.max(manifest.madeMicros(), extent.upToMicros()),
                    proof.heads(),
                    proof.transfers(),
                    extent.leftOver(),
                    aside,
                    manifest.elsewhere());
        } catch (FolderInUseException e) {
            throw new BackupProblem(
                    "A hub runs on " + data + ". Stop it first, or restore to another folder.", e);
        } finally {
            if (isNew && isEmpty(whole)) {
                DurableFiles.delete(whole);
            }
        }
    }

    private static Path chosen(Path given) throws IOException, BackupProblem {
        if (!Files.isDirectory(given)) {
            throw new BackupProblem("There is no folder " + given + ".");
        }
        if (Files.exists(given.resolve(Manifest.FILE))) {
            return given;
        }
        List<Path> all = DurableFiles.folders(given, ANY);
        List<String> hubs =
                all.stream()
                        .map(path -> String.valueOf(path.getFileName()))
                        .map(name -> name.substring(0, name.length() - TIME_LENGTH))
                        .distinct()
                        .toList();
        if (all.isEmpty()) {
            throw new BackupProblem("There is no finished backup in " + given + ".");
        }
        if (hubs.size() > 1) {
            throw new BackupProblem(
                    "There are backups of several kinds in "
                            + given
                            + ". Name one of: "
                            + all.stream().map(Path::getFileName).toList());
        }
        Path best = all.getLast();
        long furthest = -1;
        for (Path one : all) {
            Manifest manifest = Manifest.read(one);
            long upTo =
                    Math.max(
                            manifest.madeMicros(),
                            ChangeLog.read(one, manifest.name(), _ -> {}).upToMicros());
            if (upTo >= furthest) {
                furthest = upTo;
                best = one;
            }
        }
        return best;
    }

    private static boolean isEmpty(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.allMatch(file -> file.endsWith("lock"));
        }
    }

    private static String occupied(Path data, Manifest manifest) {
        String there;
        try (Sqlite database =
                Sqlite.openReadOnly(data.resolve(Snapshot.DATABASE), CACHE_KILOBYTES)) {
            there =
                    "Its books go up to "
                            + new Sql(database)
                                    .list(
                                            "SELECT book_id, MAX(sequence) FROM transfer"
                                                    + " GROUP BY book_id",
                                            row -> row.getString(1) + "/" + row.getLong(2))
                            + ", the snapshot's to "
                            + manifest.heads().stream()
                                    .map(head -> head.replaceAll("/[^/]*$", ""))
                                    .toList()
                            + ".";
        } catch (SQLException e) {
            there = "Its books cannot be read (" + e.getMessage() + ").";
        }
        return data
                + " is not empty. "
                + there
                + " Nothing was changed. With --replace it is moved aside, and not deleted; or"
                + " restore to a new folder.";
    }

    private static void copy(Manifest manifest, Path from, Path stage, Consumer<String> progress)
            throws IOException, BackupProblem, InterruptedException {
        for (Manifest.Item item : manifest.files()) {
            Path to = stage.resolve(item.path());
            DataFolder.make(Snapshot.folderOf(to));
            if (!Files.exists(from.resolve(item.path()))) {
                throw new BackupProblem(from.resolve(item.path()) + " is missing.");
            }
            String hash = DurableFiles.copy(from.resolve(item.path()), to, () -> {});
            if (!hash.equals(item.hash())) {
                if (item.path().equals(Snapshot.DATABASE)) {
                    // Which says what is wrong, if it shows.
                    Proof _ = Proof.of(to, progress);
                }
                throw new BackupProblem(
                        from.resolve(item.path())
                                + " is not what was backed up. Nothing was changed; try an older"
                                + " backup.");
            }
        }
        if (!Files.exists(stage.resolve(Snapshot.DATABASE))) {
            throw new BackupProblem(from + " has no books in it.");
        }
    }

    private static ChangeLog.Extent apply(Path from, Manifest manifest, Path database)
            throws IOException {
        try (FileChannel out = FileChannel.open(database, StandardOpenOption.WRITE)) {
            long[] end = {out.size()};
            ChangeLog.Extent extent =
                    ChangeLog.read(
                            from,
                            manifest.name(),
                            change -> {
                                for (var page : change.pages().entrySet()) {
                                    out.position((page.getKey() - 1L) * change.pageBytes());
                                    DurableFiles.writeAll(out, ByteBuffer.wrap(page.getValue()));
                                }
                                end[0] = (long) change.pageCount() * change.pageBytes();
                            });
            out.truncate(end[0]);
            out.force(true);
            return extent;
        }
    }

    private static @Nullable Path swap(Path stage, Path data, boolean isEmpty, long nowMicros)
            throws IOException {
        Path aside = null;
        if (isEmpty) {
            DurableFiles.delete(data);
        } else {
            aside = data.resolveSibling(data.getFileName() + ".before-" + Backup.time(nowMicros));
            Files.move(data, aside, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(stage, data, StandardCopyOption.ATOMIC_MOVE);
        DurableFiles.sync(Snapshot.folderOf(data));
        return aside;
    }

    /// @return what to say of it, line by line
    public static List<String> sentences(Restored restored) {
        List<String> lines = new ArrayList<>();
        if (restored.leftOver() > 0) {
            lines.add(
                    "NOTE: the last "
                            + restored.leftOver()
                            + " bytes of the changes are torn or damaged and were not used.");
        }
        if (restored.aside() != null) {
            lines.add("What was there before is in " + restored.aside() + ".");
        }
        for (String path : restored.elsewhere()) {
            lines.add("Not in the backup, put it back yourself: " + path);
        }
        lines.add(
                "Restored up to "
                        + Manifest.time(restored.upToMicros())
                        + ", "
                        + restored.transfers()
                        + " transfers hold. Heads: "
                        + String.join(" ", restored.heads()));
        lines.add("Start the hub; terminals send again what is not in it.");
        return lines;
    }
}
