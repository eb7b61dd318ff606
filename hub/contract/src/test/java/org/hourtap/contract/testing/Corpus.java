package org.hourtap.contract.testing;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// The inputs kept in the repository, one file each: samples of what is meant to be read, and every
/// input that was ever trouble, named after the trouble.
public final class Corpus {
    /// Seen from a room's own folder, where its tests run.
    private static final Path FOLDER = Path.of("src/test/resources/fuzz-corpus");

    /// Where Linux keeps files in memory.
    private static final Path MEMORY = Path.of("/dev/shm");

    private Corpus() {}

    /// A new folder for a target that needs files, in memory if that can be: thousands of times a
    /// second nothing should wait for a disk.
    public static Path scratch() throws IOException {
        return Files.isWritable(MEMORY)
                ? Files.createTempDirectory(MEMORY, "hourtap-fuzz")
                : Files.createTempDirectory("hourtap-fuzz");
    }

    /// Takes such a folder away with all that is in it.
    public static void remove(Path folder) throws IOException {
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path visited, @Nullable IOException failure) throws IOException {
                        Files.delete(visited);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    /// @return the names of a room's targets, in order
    static List<String> targets() throws IOException {
        try (Stream<Path> folders = Files.list(FOLDER)) {
            return folders.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    static List<Path> of(String target) throws IOException {
        try (Stream<Path> files = Files.list(FOLDER.resolve(target))) {
            return files.sorted().toList();
        }
    }

    /// Words of a target's language, in libFuzzer's notation; most have none.
    static String dictionary(String target) throws IOException {
        Path file = FOLDER.resolve(target + ".dict");
        return Files.exists(file) ? Files.readString(file) : "";
    }

    /// @return where an input is left that broke a target's word
    static Path finding(Path findings, String target, byte[] input) {
        CRC32 crc = new CRC32();
        crc.update(input);
        return findings.resolve(target).resolve(HexFormat.of().toHexDigits((int) crc.getValue()));
    }
}
