package org.hourtap.simulator.power;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Folders on the way in and out of tests.
final class Folders {
    private Folders() {}

    static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /// @return name, size and content of each file, without the log's index, which is not on disk,
    ///   and without the content of the log, in which SQLite puts a random number
    static List<String> fingerprints(Path folder) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                if (!file.toString().endsWith("-shm")) {
                    byte[] bytes = Files.readAllBytes(file);
                    boolean isLog = file.toString().endsWith("-wal");
                    int content = isLog ? 0 : Arrays.hashCode(bytes);
                    found.add(file.getFileName() + " " + bytes.length + " " + content);
                }
            }
        }
        return found;
    }
}
