package org.hourtap.simulator.bench;

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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A yardstick: TPC-B's transaction by one client of pgbench, prepared, at a PostgreSQL of its own
/// on the same disk, which listens at a socket in its folder only and ends with this.
final class PgBench implements AutoCloseable {
    private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
    private static final int SCALE = 20;
    private static final int MINUTES_MAX = 3;
    private static final Pattern RATE = Pattern.compile("(?m)^tps = ([0-9.]+)");
    private static final long ROOT = 0;

    private final Path programs;
    private final Path folder;
    private final boolean isRoot;

    private PgBench(Path programs, Path folder, boolean isRoot) {
        this.programs = programs;
        this.isRoot = isRoot;
        this.folder = folder;
    }

    /// @param folder where it may make one of its own
    /// @return empty if no PostgreSQL is installed
    static Optional<PgBench> start(Path folder) throws IOException, InterruptedException {
        Optional<Path> programs = programs();
        if (programs.isEmpty()) {
            return Optional.empty();
        }
        Path own = Files.createDirectory(folder.resolve("postgresql"));
        PgBench bench = new PgBench(programs.get(), own, isRoot(own));
        if (bench.isRoot) {
            // It refuses to run as root, and everything above its folder has to be passable.
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
            bench.run(List.of("chown", "postgres", own.toString()));
        }
        String data = own.resolve("data").toString();
        bench.runOwn("initdb", "-D", data, "-A", "peer", "--no-sync", "-E", "UTF8");
        bench.runOwn(
                "pg_ctl",
                "-D",
                data,
                "-w",
                "-l",
                own.resolve("log").toString(),
                "-o",
                "-c listen_addresses='' -c unix_socket_directories='" + own + "'",
                "start");
        bench.runOwn("pgbench", "-h", own.toString(), "-i", "-q", "-s", "" + SCALE, "postgres");
        return Optional.of(bench);
    }

    /// @return transactions a second
    double run(int transactions) throws IOException, InterruptedException {
        String said =
                runOwn(
                        "pgbench",
                        "-h",
                        folder.toString(),
                        "-c",
                        "1",
                        "-M",
                        "prepared",
                        "-n",
                        "-t",
                        "" + transactions,
                        "postgres");
        Matcher rate = RATE.matcher(said);
        if (!rate.find()) {
            throw new IOException("pgbench said no rate: " + said);
        }
        return Double.parseDouble(rate.group(1));
    }

    @Override
    public void close() throws IOException {
        try {
            runOwn("pg_ctl", "-D", folder.resolve("data").toString(), "-m", "fast", "stop");
        } catch (InterruptedException e) {
            throw new IOException("interrupted while PostgreSQL was stopping", e);
        }
    }

    private String runOwn(String program, String... arguments)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        if (isRoot) {
            words.addAll(List.of("runuser", "-u", "postgres", "--"));
        }
        words.add(programs.resolve(program).toString());
        words.addAll(List.of(arguments));
        return run(words);
    }

    /// Output goes to a file: a server that was started would keep a pipe open.
    private String run(List<String> words) throws IOException, InterruptedException {
        Path said = Files.createTempFile("hourtap-bench-", ".out");
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

    private static boolean isRoot(Path folder) throws IOException {
        return ((Number) Files.getAttribute(folder, "unix:uid")).longValue() == ROOT;
    }

    private static Optional<Path> programs() throws IOException {
        if (!Files.isDirectory(INSTALLED)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(INSTALLED)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("pgbench")))
                    .max(Comparator.naturalOrder());
        }
    }
}
