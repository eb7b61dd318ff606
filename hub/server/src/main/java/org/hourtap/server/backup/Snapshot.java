package org.hourtap.server.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.hourtap.runtime.DataFolder;
import org.hourtap.runtime.Sqlite;
import org.hourtap.runtime.StorageFault;
import org.jspecify.annotations.Nullable;

/// One moment of a hub as a folder: its books, and what it needs besides so that terminals go on
/// working with it: settings, token, certificate authority, key of cards. It is made under another
/// name, proved, put on disk, and only then renamed.
final class Snapshot {
    static final String DATABASE = "hub.db";
    static final String CERTIFICATES = "certificates";

    /// What a folder is called while it is not finished, or being deleted.
    static final String PART = ".part";

    private static final List<String> FILES = List.of("hub.properties", "admin.token", "card.keys");
    private static final int CACHE_KILOBYTES = 4_096;

    /// A quarter of a gigabyte: some seconds.
    private static final long PROGRESS_PAGES = 65_536;

    private Snapshot() {}

    /// A hub to be copied.
    ///
    /// @param folder its data folder
    /// @param cardKeys the file with cards' keys it is set to, absent for none
    record Source(Path folder, @Nullable Path cardKeys) {
        Path database() {
            return folder.resolve(DATABASE);
        }
    }

    /// Fills a folder with everything but the manifest.
    ///
    /// @param into an empty folder
    /// @param name what it will be called
    /// @return the manifest to be written, of what was proved
    static Manifest fill(
            Source hub, Path into, String name, long nowMicros, Consumer<String> progress)
            throws IOException, BackupProblem, InterruptedException {
        Path copy = into.resolve(DATABASE);
        copyDatabase(hub.database(), copy, progress);
        progress.accept("proving what was copied");
        Proof proof = Proof.of(copy, progress);
        List<Manifest.Item> items = new ArrayList<>();
        items.add(new Manifest.Item(DurableFiles.hash(copy, () -> {}), Files.size(copy), DATABASE));
        List<String> elsewhere = new ArrayList<>();
        for (String path : others(hub, elsewhere)) {
            Path to = into.resolve(path);
            DataFolder.make(folderOf(to));
            String hash = DurableFiles.copy(hub.folder().resolve(path), to, () -> {});
            items.add(new Manifest.Item(hash, Files.size(to), path));
        }
        if (Files.isDirectory(into.resolve(CERTIFICATES))) {
            DurableFiles.sync(into.resolve(CERTIFICATES));
        }
        return new Manifest(name, nowMicros, proof.heads(), items, elsewhere);
    }

    /// Gives a finished folder its name, for good.
    static void publish(Path part, Path target) throws IOException {
        DurableFiles.sync(part);
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        DurableFiles.sync(folderOf(target));
    }

    /// Takes a folder away so that it never looks whole while it goes.
    static void discard(Path folder) throws IOException {
        Path part = folder.resolveSibling(folder.getFileName() + PART);
        DurableFiles.delete(part);
        Files.move(folder, part, StandardCopyOption.ATOMIC_MOVE);
        DurableFiles.delete(part);
    }

    static Path folderOf(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException(path + " is in no folder");
        }
        return parent;
    }

    private static void copyDatabase(Path from, Path to, Consumer<String> progress)
            throws IOException, BackupProblem {
        // SQLite would make it readable by others.
        DurableFiles.create(to).close();
        long[] told = {Long.MAX_VALUE};
        try (Sqlite database = Sqlite.openReadOnly(from, CACHE_KILOBYTES)) {
            database.transaction(_ -> {
                database.copyTo(
                        to,
                        left -> {
                            if (told[0] - left >= PROGRESS_PAGES) {
                                told[0] = left;
                                progress.accept("  " + left + " pages to copy");
                            }
                        });
                return true;
            });
        } catch (SQLException e) {
            throw new BackupProblem(
                    "The books in "
                            + from
                            + " were not copied: "
                            + StorageFault.of(e).advice()
                            + " ("
                            + e.getMessage()
                            + ")",
                    e);
        }
        DurableFiles.sync(to);
    }

    private static List<String> others(Source hub, List<String> elsewhere) throws IOException {
        List<String> paths = new ArrayList<>();
        for (String name : FILES) {
            if (Files.isRegularFile(hub.folder().resolve(name))) {
                paths.add(name);
            }
        }
        Path keys = hub.cardKeys();
        if (keys != null) {
            Path inside = hub.folder().toAbsolutePath().relativize(keys.toAbsolutePath());
            String name = inside.toString();
            if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9_.-]*")) {
                elsewhere.add(keys.toString());
            } else if (!paths.contains(name)) {
                paths.add(name);
            }
        }
        Path certificates = hub.folder().resolve(CERTIFICATES);
        if (Files.isDirectory(certificates)) {
            try (Stream<Path> files = Files.list(certificates)) {
                files.map(file -> String.valueOf(file.getFileName()))
                        .filter(file -> file.endsWith(".pem"))
                        .sorted()
                        .forEach(file -> paths.add(CERTIFICATES + "/" + file));
            }
        }
        return paths;
    }
}
