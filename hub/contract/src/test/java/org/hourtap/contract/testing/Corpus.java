package org.hourtap.contract.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The inputs kept in the repository, one file each: samples of what is meant to be read, and every
/// input that was ever trouble, named after the trouble.
final class Corpus {
    /// Seen from a room's own folder, where its tests run.
    private static final Path FOLDER = Path.of("src/test/resources/fuzz-corpus");

    private Corpus() {}

    static List<Path> of(FuzzTarget target) throws IOException {
        try (Stream<Path> files = Files.list(FOLDER.resolve(target.name()))) {
            return files.sorted().toList();
        }
    }

    /// Words of a target's language, in libFuzzer's notation; most have none.
    static String dictionary(FuzzTarget target) throws IOException {
        Path file = FOLDER.resolve(target.name() + ".dict");
        return Files.exists(file) ? Files.readString(file) : "";
    }
}
