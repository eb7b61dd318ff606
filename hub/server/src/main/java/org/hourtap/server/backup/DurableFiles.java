package org.hourtap.server.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Files that are on the disk when a call returns, and folders of them.
final class DurableFiles {
    /// Between two pieces something else may be done, so one takes no longer than a moment.
    private static final int PIECE_BYTES = 1 << 20;

    private DurableFiles() {}

    /// Told between two pieces of long work; ends it by throwing.
    @FunctionalInterface
    interface Pause {
        void between() throws IOException, BackupProblem, InterruptedException;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// Makes an empty file that only its owner can read.
    static FileChannel create(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    static void writeAll(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    /// Copies a file to a new one that only its owner can read.
    ///
    /// @return SHA-256 of what was read, hexadecimal
    static String copy(Path from, Path to, Pause pause)
            throws IOException, BackupProblem, InterruptedException {
        MessageDigest digest = sha256();
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
                FileChannel out = create(to)) {
            while (in.read(piece.clear()) >= 0) {
                digest.update(piece.flip().duplicate());
                writeAll(out, piece);
                pause.between();
            }
            out.force(true);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /// @return SHA-256 of the file, hexadecimal
    static String hash(Path file, Pause pause)
            throws IOException, BackupProblem, InterruptedException {
        MessageDigest digest = sha256();
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            while (in.read(piece.clear()) >= 0) {
                digest.update(piece.flip());
                pause.between();
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /// Puts a file's content, or a folder's list of names, on the disk.
    static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// Takes a whole folder away; nothing happens if there is none.
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> paths = Files.walk(folder)) {
            all = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }

    /// @return the folders in a folder whose names match, oldest name first
    static List<Path> folders(Path parent, String pattern) throws IOException {
        try (Stream<Path> paths = Files.list(parent)) {
            return paths.filter(path -> String.valueOf(path.getFileName()).matches(pattern))
                    .filter(Files::isDirectory)
                    .sorted()
                    .toList();
        }
    }
}
