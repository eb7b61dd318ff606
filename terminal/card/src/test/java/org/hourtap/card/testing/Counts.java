package org.hourtap.card.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a test counted, in a file under `target/counts` that `deploy/test` shows at its end.
public final class Counts {
    private Counts() {}

    /// The first line is what is shown, the others are for who looks closer.
    public static void tell(String name, String... lines) throws IOException {
        Path folder = Path.of(System.getProperty("repository.root"), "terminal/card/target/counts");
        Files.createDirectories(folder);
        Files.write(folder.resolve(name + ".txt"), List.of(lines));
    }
}
