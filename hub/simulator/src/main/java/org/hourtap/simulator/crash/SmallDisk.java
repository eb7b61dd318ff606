package org.hourtap.simulator.crash;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.stream.Stream;
import org.hourtap.runtime.DataFolder;

/// A folder that is a disk of its own, small enough to be filled up: a tmpfs.
final class SmallDisk implements AutoCloseable {
    private static final int MEGABYTES = 48;

    /// As large as fits, then down to the last page.
    private static final int[] PIECES = {1 << 20, 64 << 10, 4 << 10, 512};

    private static final String FILLER = "filler";

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /// @return why no disk can be made here, empty if one can
    static Optional<String> unavailable() {
        try {
            Path trial = Files.createTempDirectory("hourtap-disk-");
            try {
                mount(trial).close();
            } finally {
                Files.delete(trial);
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("a small disk needs root, and leave to mount; " + e.getMessage());
        }
    }

    static SmallDisk mount(Path folder) throws IOException {
        DataFolder.make(folder);
        Tool.run(
                "mount",
                "-t",
                "tmpfs",
                "-o",
                "mode=0700,size=" + MEGABYTES + "m",
                "hourtap-crash",
                folder.toString());
        return new SmallDisk(folder);
    }

    Path folder() {
        return folder;
    }

    /// Leaves no byte free.
    void fill() throws IOException {
        try (OutputStream out = Files.newOutputStream(folder.resolve(FILLER))) {
            for (int piece : PIECES) {
                fill(out, new byte[piece]);
            }
        }
    }

    void free() throws IOException {
        Files.deleteIfExists(folder.resolve(FILLER));
    }

    /// Takes the disk away; what was on it stays in the folder.
    @Override
    public void close() throws IOException {
        Path kept = folder.resolveSibling(folder.getFileName() + ".kept");
        copy(folder, kept);
        Tool.run("umount", folder.toString());
        Files.delete(folder);
        Files.move(kept, folder);
    }

    private static void fill(OutputStream out, byte[] piece) {
        try {
            while (true) {
                out.write(piece);
            }
        } catch (IOException e) {
            // Full, which is the point.
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(
                        path,
                        to.resolve(from.relativize(path)),
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
