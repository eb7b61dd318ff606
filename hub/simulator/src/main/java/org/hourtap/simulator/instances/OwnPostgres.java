package org.hourtap.simulator.instances;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.hourtap.runtime.DataFolder;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.books.PostgresAddress;
import org.hourtap.server.books.PostgresServer;
import org.hourtap.simulator.demo.Ports;

/// A PostgreSQL of its own on loopback, with a password, which ends with this.
final class OwnPostgres implements AutoCloseable {
    private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
    private static final int VERSION_MIN = 15;
    private static final int PORT = 8_432;
    private static final int PASSWORD_BYTES = 16;

    /// Three hubs with a writer and four readers each, and ours.
    private static final int CONNECTIONS = 40;

    private final Path programs;
    private final Path data;
    private final int port;
    private final String password;

    private OwnPostgres(Path programs, Path data, int port, String password) {
        this.programs = programs;
        this.data = data;
        this.port = port;
        this.password = password;
    }

    /// @param folder where it makes one of its own
    static OwnPostgres start(Path folder) throws IOException, InterruptedException {
        Path own = Files.createDirectory(folder.resolve("postgresql"));
        String password = HexFormat.of().formatHex(SystemTime.randomBytes(PASSWORD_BYTES));
        OwnPostgres postgres =
                new OwnPostgres(programs(), own.resolve("data"), Ports.take(PORT), password);
        Path secret = own.resolve("password");
        DataFolder.writePrivate(secret, password.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        if (OwnProcess.isRoot()) {
            // It refuses to run as root, and everything above its folder has to be passable.
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
            OwnProcess.run(List.of("chown", "-R", "postgres", own.toString()));
        }
        postgres.run(
                "initdb",
                "-D",
                postgres.data.toString(),
                "--username=hourtap",
                "--auth=scram-sha-256",
                "--pwfile=" + secret,
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync");
        postgres.run(
                "pg_ctl",
                "-D",
                postgres.data.toString(),
                "-w",
                "-l",
                own.resolve("log").toString(),
                "-o",
                "-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c port="
                        + postgres.port
                        + " -c max_connections="
                        + CONNECTIONS,
                "start");
        return postgres;
    }

    PostgresAddress address() {
        return PostgresAddress.parse("postgresql://hourtap@127.0.0.1:" + port + "/postgres");
    }

    String password() {
        return password;
    }

    PostgresServer store() {
        return new PostgresServer(address(), password);
    }

    @Override
    public void close() throws IOException {
        try {
            run("pg_ctl", "-D", data.toString(), "-m", "fast", "-w", "stop");
        } catch (InterruptedException e) {
            throw new IOException("interrupted while PostgreSQL was stopping", e);
        }
    }

    private void run(String program, String... arguments) throws IOException, InterruptedException {
        List<String> words =
                Stream.concat(Stream.of(programs.resolve(program).toString()), Stream.of(arguments))
                        .toList();
        OwnProcess.run(OwnProcess.as("postgres", words));
    }

    private static Path programs() throws IOException {
        try (Stream<Path> versions = Files.list(INSTALLED)) {
            return versions.filter(path -> path.getFileName().toString().matches("[0-9]+"))
                    .filter(path -> number(path) >= VERSION_MIN)
                    .max(Comparator.comparingInt(OwnPostgres::number))
                    .orElseThrow()
                    .resolve("bin");
        } catch (IOException | java.util.NoSuchElementException e) {
            throw new IOException(
                    "PostgreSQL 15 or later is not installed. Run: apt-get install postgresql", e);
        }
    }

    private static int number(Path version) {
        return Integer.parseInt(version.getFileName().toString());
    }
}
