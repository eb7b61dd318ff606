package org.hourtap.simulator.postgresql;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The programs of an installed PostgreSQL. They refuse to run as root, so root runs them as the
/// user `postgres`.
public final class PostgresPrograms {
    private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
    private static final String USER = "postgres";
    private static final int MINUTES_MAX = 3;

    private final Path folder;
    private final boolean isRoot;

    private PostgresPrograms(Path folder) {
        this.folder = folder;
        this.isRoot = "root".equals(System.getProperty("user.name"));
    }

    /// @return those of the newest version; empty if none is installed
    public static Optional<PostgresPrograms> find() throws IOException {
        if (!Files.isDirectory(INSTALLED)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(INSTALLED)) {
            return versions.filter(path -> path.getFileName().toString().matches("[0-9]+"))
                    .filter(path -> Files.isExecutable(path.resolve("bin/initdb")))
                    .max(Comparator.comparingInt(PostgresPrograms::version))
                    .map(path -> new PostgresPrograms(path.resolve("bin")));
        }
    }

    /// @throws IOException saying what to do if none is installed
    public static PostgresPrograms installed() throws IOException {
        return find().orElseThrow(() ->
                new IOException("PostgreSQL is not installed. Run: apt-get install postgresql"));
    }

    private static int version(Path path) {
        return Integer.parseInt(path.getFileName().toString());
    }

    /// Makes a folder that belongs to whoever the programs run as.
    ///
    /// @param parent of ours; whoever they run as may pass it from now on, and not look into it
    public Path folder(Path parent, String name) throws IOException, InterruptedException {
        Path made = Files.createDirectory(parent.resolve(name));
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwx------"));
        if (isRoot) {
            Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwx--x--x"));
            run(List.of("chown", USER, made.toString()));
        }
        return made;
    }

    /// Writes a file that only whoever the programs run as can read.
    public void write(Path file, String text) throws IOException, InterruptedException {
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
        if (isRoot) {
            run(List.of("chown", USER, file.toString()));
        }
    }

    /// Runs one of them to its end.
    ///
    /// @return what it said
    /// @throws IOException with what it said if it did not succeed
    public String run(String program, String... arguments)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        if (isRoot) {
            words.addAll(List.of("runuser", "-u", USER, "--"));
        }
        words.add(folder.resolve(program).toString());
        words.addAll(List.of(arguments));
        return run(words);
    }

    /// Output goes to a file: a server that was started would keep a pipe open.
    private static String run(List<String> words) throws IOException, InterruptedException {
        Path said = Files.createTempFile("hourtap-postgresql-", ".out");
        try {
            Process process =
                    new ProcessBuilder(words)
                            .redirectErrorStream(true)
                            .redirectOutput(said.toFile())
                            .directory(Path.of("/").toFile())
                            .start();
            if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IOException(words + " did not end");
            }
            String text = Files.readString(said, StandardCharsets.UTF_8);
            if (process.exitValue() != 0) {
                throw new IOException(words + " failed: " + text);
            }
            return text;
        } finally {
            Files.delete(said);
        }
    }
}
