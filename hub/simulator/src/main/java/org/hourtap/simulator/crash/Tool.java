package org.hourtap.simulator.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A program of the machine that does one thing and ends.
public final class Tool {
    private Tool() {}

    /// @throws IOException with what it said if it does not succeed
    static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        // Its output has ended, so it has.
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(String.join(" ", List.of(command)) + ": " + said);
        }
    }

    /// Halts a process where it stands, as a machine that swaps or an overlooked debugger would.
    public static void freeze(long pid) throws IOException {
        run("kill", "-STOP", Long.toString(pid));
    }

    public static void thaw(long pid) throws IOException {
        run("kill", "-CONT", Long.toString(pid));
    }
}
