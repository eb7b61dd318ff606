package org.hourtap.simulator.instances;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Other people's programs.
final class OwnProcess {
    private static final int MINUTES_MAX = 2;

    private OwnProcess() {}

    /// @return whether this process is root, which some programs have to be told
    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /// Runs to the end.
    ///
    /// @throws IOException with what it said if it fails
    static void run(List<String> words) throws IOException, InterruptedException {
        // A file: a server that was started would keep a pipe open.
        Path said = Files.createTempFile("hourtap-instances-", ".out");
        try {
            Process process =
                    new ProcessBuilder(words)
                            .redirectErrorStream(true)
                            .redirectOutput(said.toFile())
                            .directory(Path.of("/").toFile())
                            .start();
            boolean hasEnded = process.waitFor(MINUTES_MAX, TimeUnit.MINUTES);
            if (!hasEnded) {
                process.destroyForcibly();
            }
            if (!hasEnded || process.exitValue() != 0) {
                throw new IOException(
                        words + " failed: " + Files.readString(said, StandardCharsets.UTF_8));
            }
        } finally {
            Files.delete(said);
        }
    }
}
