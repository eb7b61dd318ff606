package org.hourtap.simulator.postgresql;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.hourtap.simulator.demo.Ports;
import org.hourtap.simulator.demo.Waiting;

/// A PostgreSQL server on loopback: a primary, or the standby of one. What it does, it says as the
/// command that an administrator would type.
public final class PostgresNode implements AutoCloseable {
    /// What a standby is called by its primary.
    public static final String STANDBY = "hourtap_standby";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final PostgresPrograms programs;
    private final Path folder;
    private final Path data;
    private final int port;
    private final Consumer<String> say;

    private PostgresNode(PostgresPrograms programs, Path folder, Consumer<String> say)
            throws IOException {
        this.programs = programs;
        this.folder = folder;
        this.data = folder.resolve("data");
        this.port = Ports.take(0);
        this.say = say;
    }

    /// Makes a server that keeps everything on disk at each commit, and starts it.
    ///
    /// @param say told of each command
    public static PostgresNode primary(
            PostgresPrograms programs, Path parent, String name, Consumer<String> say)
            throws IOException, InterruptedException {
        PostgresNode node = new PostgresNode(programs, programs.folder(parent, name), say);
        node.command(
                "initdb",
                "-D",
                node.data.toString(),
                "--auth-local=peer",
                "--auth-host=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync");
        node.start();
        return node;
    }

    /// Copies a running server, and starts the copy as its standby.
    ///
    /// @param user who may copy it
    public static PostgresNode standbyOf(
            PostgresNode primary, Path parent, String name, String user, String password)
            throws IOException, InterruptedException {
        PostgresNode node =
                new PostgresNode(
                        primary.programs, primary.programs.folder(parent, name), primary.say);
        Path secret = node.folder.resolve("pgpass");
        node.programs.write(secret, "127.0.0.1:*:*:" + user + ":" + password + "\n");
        node.command(
                "pg_basebackup",
                "-D",
                node.data.toString(),
                "--write-recovery-conf",
                "--wal-method=stream",
                "--checkpoint=fast",
                "--no-sync",
                "-d",
                "host=127.0.0.1 port=%d user=%s passfile=%s application_name=%s"
                        .formatted(primary.port, user, secret, STANDBY));
        node.start();
        return node;
    }

    public int port() {
        return port;
    }

    public void start() throws IOException, InterruptedException {
        command(
                "pg_ctl",
                "-D",
                data.toString(),
                "-w",
                "-l",
                folder.resolve("log").toString(),
                "-o",
                "-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories=%s"
                        .formatted(port, folder),
                "start");
    }

    public void stop() throws IOException, InterruptedException {
        command("pg_ctl", "-D", data.toString(), "-m", "fast", "-w", "stop");
    }

    public void promote() throws IOException, InterruptedException {
        command("pg_ctl", "-D", data.toString(), "-w", "promote");
    }

    /// Runs statements as the server's administrator, each in a transaction of its own.
    ///
    /// @return the values they gave, a row to a line
    public String ask(String... statements) throws IOException, InterruptedException {
        String answer = "";
        for (String statement : statements) {
            answer =
                    client(
                            "psql",
                            "-d",
                            "postgres",
                            "-qAt",
                            "-v",
                            "ON_ERROR_STOP=1",
                            "-c",
                            statement);
        }
        return answer.strip();
    }

    /// Runs statements with a password in them, which is neither said nor an argument of a program.
    public void tell(String secretStatements) throws IOException, InterruptedException {
        Path file = folder.resolve("statements");
        programs.write(file, secretStatements);
        try {
            client("psql", "-d", "postgres", "-q", "-v", "ON_ERROR_STOP=1", "-f", file.toString());
        } finally {
            Files.delete(file);
        }
    }

    /// Adds a line about who may come in, and makes the server read it.
    public void admit(String line) throws IOException, InterruptedException {
        Path file = data.resolve("pg_hba.conf");
        Files.writeString(file, Files.readString(file, StandardCharsets.UTF_8) + line + "\n");
        say.accept("echo '" + line + "' >> " + file);
        ask("SELECT pg_reload_conf()");
    }

    /// Runs a program that connects to the server, as its administrator.
    ///
    /// @return what it said
    public String client(String program, String... arguments)
            throws IOException, InterruptedException {
        List<String> words =
                new ArrayList<>(List.of("-h", folder.toString(), "-p", Integer.toString(port)));
        words.addAll(List.of(arguments));
        return command(program, words.toArray(String[]::new));
    }

    /// As when its power fails: no process of it gets to do anything any more.
    public void kill() throws IOException {
        long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst());
        ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
        List<ProcessHandle> all = server.descendants().toList();
        say.accept("kill -9 " + pid + "   # and its " + all.size() + " processes");
        server.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        if (!Waiting.until(PATIENCE, () -> !server.isAlive())) {
            throw new IOException("PostgreSQL cannot be killed");
        }
    }

    public boolean isRunning() throws IOException {
        Path file = data.resolve("postmaster.pid");
        return Files.exists(file)
                && ProcessHandle.of(Long.parseLong(Files.readAllLines(file).getFirst()))
                        .isPresent();
    }

    @Override
    public void close() throws IOException {
        if (isRunning()) {
            kill();
        }
    }

    private String command(String program, String... arguments)
            throws IOException, InterruptedException {
        StringBuilder line = new StringBuilder(program);
        for (String argument : arguments) {
            boolean isPlain = argument.matches("[A-Za-z0-9_./=-]+");
            line.append(' ')
                    .append(isPlain ? argument : "'" + argument.replace("'", "'\\''") + "'");
        }
        say.accept(line.toString());
        return programs.run(program, arguments);
    }
}
