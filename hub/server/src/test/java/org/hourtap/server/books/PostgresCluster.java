package org.hourtap.server.books;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.hourtap.runtime.SystemTime;
import org.jspecify.annotations.Nullable;

/// A real PostgreSQL server from Debian's package, for this JVM alone: in a folder of its own, on
/// loopback, with fsync on, gone when the JVM ends. It refuses to run as root, so root runs it as
/// the user `postgres`.
public final class PostgresCluster {
    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
    private static final int VERSION_MIN = 15;
    private static final String USER = "hourtap";
    private static final String TEMPLATE = "furnished_layout";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// Beside a hub's four readers and its writer, those of its neighbours in the same test.
    private static final int CONNECTIONS = 60;

    private static final String EMPTY =
            """
            DO $$ DECLARE it record; BEGIN
                SET LOCAL session_replication_role = replica;
                FOR it IN SELECT tablename FROM pg_tables
                        WHERE schemaname = 'public' AND tablename <> 'layout' LOOP
                    EXECUTE 'DELETE FROM ' || it.tablename;
                END LOOP;
            END $$
            """;

    private static final Queue<String> FREE = new ConcurrentLinkedQueue<>();
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static @Nullable PostgresCluster shared;

    private final Path programs;
    private final Path folder;
    private final int port;
    private final String password;
    private Process server;

    private PostgresCluster() throws Exception {
        programs = programs();
        folder =
                Path.of("/tmp", "hourtap-postgres-" + ProcessHandle.current().pid() + "-" + hex(4));
        password = hex(16);
        port = freePort();
        Path secret = Files.createTempFile("hourtap", ".password");
        Files.writeString(secret, password);
        secret.toFile().setReadable(true, false);
        try {
            Process made =
                    run(
                            programs.resolve("initdb").toString(),
                            "--pgdata=" + folder,
                            "--username=" + USER,
                            "--auth=scram-sha-256",
                            "--pwfile=" + secret,
                            "--encoding=UTF8",
                            // Not the C locale: what depends on it has to show.
                            "--locale=C.UTF-8",
                            "--no-sync");
            if (made.waitFor() != 0) {
                throw new IOException(
                        "initdb failed: "
                                + new String(
                                        made.getInputStream().readAllBytes(),
                                        StandardCharsets.UTF_8));
            }
        } finally {
            Files.delete(secret);
        }
        server = start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::end));
        awaitUp();
        execute("postgres", "CREATE DATABASE " + TEMPLATE);
        server(TEMPLATE).openWriter().close();
    }

    /// @return the one of this JVM, started the first time
    public static PostgresCluster shared() throws Exception {
        PostgresCluster cluster = shared;
        if (cluster == null) {
            cluster = new PostgresCluster();
            shared = cluster;
        }
        return cluster;
    }

    /// @return a database with the layout and nothing in it. Making one costs a thousand files, so
    ///   one that was given back is emptied and given again
    public PostgresServer freshBooks() throws SQLException {
        String known = FREE.poll();
        if (known != null) {
            execute(known, EMPTY);
            return server(known);
        }
        return server(freshDatabase(TEMPLATE));
    }

    /// Nobody may be connected to it any more, or care what becomes of it.
    public static void giveBack(PostgresServer server) {
        FREE.add(server.toString().substring(server.toString().lastIndexOf('/') + 1));
    }

    /// @param template `template1` for a database with nothing in it at all
    /// @return the name of a new database
    public String freshDatabase(String template) throws SQLException {
        String name = "books_" + NUMBER.incrementAndGet();
        execute("postgres", "CREATE DATABASE " + name + " TEMPLATE " + template);
        return name;
    }

    public PostgresServer server(String database) {
        return new PostgresServer(address(database), password);
    }

    public PostgresAddress address(String database) {
        return PostgresAddress.parse(
                "postgresql://" + USER + "@127.0.0.1:" + port + "/" + database);
    }

    public int port() {
        return port;
    }

    /// @return a database with the layout and nothing in it, which has to stay like that
    public String template() {
        return TEMPLATE;
    }

    public String password() {
        return password;
    }

    public void execute(String database, String... statements) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/" + database, USER, password);
    }

    /// As when the machine's administrator restarts it: connections break, commands under way too.
    public void restart() throws Exception {
        kill();
        server = start();
        awaitUp();
    }

    /// Stops it at once, without a last checkpoint.
    public void kill() throws Exception {
        stop("immediate");
        server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    public void startAgain() throws Exception {
        server = start();
        awaitUp();
    }

    private void end() {
        try {
            stop("immediate");
            server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            run("rm", "-r", folder.toString()).waitFor();
        } catch (IOException | InterruptedException e) {
            server.destroyForcibly();
        }
    }

    private Process start() throws IOException {
        return run(
                programs.resolve("postgres").toString(),
                "-D",
                folder.toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "max_connections=" + CONNECTIONS,
                "-c",
                "shared_buffers=64MB",
                "-c",
                "log_min_messages=panic",
                "-c",
                "logging_collector=on");
    }

    private void stop(String mode) throws IOException, InterruptedException {
        run(
                        programs.resolve("pg_ctl").toString(),
                        "stop",
                        "-D",
                        folder.toString(),
                        "-m",
                        mode,
                        "-W")
                .waitFor();
    }

    private void awaitUp() throws Exception {
        Awaiting.until(
                "PostgreSQL",
                () -> {
                    if (!server.isAlive()) {
                        throw new IllegalStateException(
                                "PostgreSQL did not start; its log is in " + folder);
                    }
                    try {
                        connect("postgres").close();
                        return true;
                    } catch (SQLException e) {
                        return false;
                    }
                });
    }

    private static Process run(String... command) throws IOException {
        List<String> whole = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            whole.addAll(
                    List.of(
                            "setpriv",
                            "--reuid=postgres",
                            "--regid=postgres",
                            "--init-groups",
                            "--"));
        }
        whole.addAll(List.of(command));
        return new ProcessBuilder(whole)
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        command[0].endsWith("initdb")
                                ? ProcessBuilder.Redirect.PIPE
                                : ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static Path programs() throws IOException {
        try (Stream<Path> versions = Files.list(VERSIONS)) {
            return versions.filter(path -> path.getFileName().toString().matches("[0-9]+"))
                    .filter(path -> version(path) >= VERSION_MIN)
                    .filter(path -> Files.isExecutable(path.resolve("bin/initdb")))
                    .max(Comparator.comparingInt(PostgresCluster::version))
                    .orElseThrow()
                    .resolve("bin");
        } catch (IOException | java.util.NoSuchElementException e) {
            throw new IOException(
                    "PostgreSQL 15 or later is not installed. Run: apt-get install postgresql", e);
        }
    }

    private static int version(Path path) {
        return Integer.parseInt(path.getFileName().toString());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String hex(int bytes) {
        return HexFormat.of().formatHex(SystemTime.randomBytes(bytes));
    }
}
