package org.hourtap.simulator.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a test found out, for people to read: `deploy/test` prints these files at its end.
public final class Report {
    private Report() {}

    public static void write(String name, List<String> lines) throws IOException {
        Path folder = Path.of(System.getProperty("repository.root"), "hub/simulator/target/report");
        Files.createDirectories(folder);
        Files.write(folder.resolve(name + ".txt"), lines);
    }
}
