package org.hourtap.simulator.life;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Folders as operators copy them.
final class Folders {
    private Folders() {}

    /// Copies what lies in one folder into another, in place of what lies there.
    static void copy(Path from, Path to) throws IOException {
        if (Files.exists(to)) {
            for (Path old : files(to)) {
                Files.delete(old);
            }
        }
        Files.createDirectories(to);
        for (Path file : files(from)) {
            Files.copy(file, to.resolve(file.getFileName()));
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
