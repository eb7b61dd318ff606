package org.hourtap.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.books.Awaiting;
import org.hourtap.server.books.TestBooks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// Backups and the continuous copy of hubs that are processes of their own, and are killed.
@Timeout(180)
class BackupProcessTest {
    @TempDir Path parent;
    private Path data;
    private Path place;
    private final List<Process> processes = new ArrayList<>();
    private String said = "";

    @BeforeEach
    void settle() throws Exception {
        data = Files.createDirectory(parent.resolve("hub"));
        place = Files.createDirectory(parent.resolve("place"));
        Files.writeString(
                data.resolve("hub.properties"),
                "http.port=0\nmqtt.host=127.0.0.1\nmqtt.port=0\nbackup.folder=" + place + "\n");
    }

    @AfterEach
    void end() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    private Process start(String... words) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "org.hourtap.server.HubMain"));
        command.addAll(List.of(words));
        Process started =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        processes.add(started);
        return started;
    }

    private Process run(Path folder) throws Exception {
        Process hub = start("run", "--data", folder.toString());
        BufferedReader out = hub.inputReader(StandardCharsets.UTF_8);
        assertThat(out.readLine()).startsWith("ready: http://127.0.0.1:");
        return hub;
    }

    private int ask(Path folder, String... words) {
        StringWriter text = new StringWriter();
        CommandLine line = HubMain.commandLine();
        line.setOut(new PrintWriter(text));
        line.setErr(new PrintWriter(text));
        String[] all = Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--data";
        all[words.length + 1] = folder.toString();
        int status = line.execute(all);
        said = text.toString();
        return status;
    }

    private void adjust(Path folder, int minutes) {
        assertThat(
                        ask(
                                folder,
                                "adjust",
                                "ann",
                                "" + minutes,
                                "--operator",
                                "Ceri",
                                "--note",
                                "so it is"))
                .as(said)
                .isZero();
    }

    private long changes() {
        try (Stream<Path> files = Files.walk(place)) {
            return files.filter(file -> file.endsWith("changes.log"))
                    .mapToLong(file -> file.toFile().length())
                    .max()
                    .orElse(0);
        } catch (Exception e) {
            return 0; // just being renamed
        }
    }

    /// @return how much there is once nothing came for two rounds, so that what comes next is of
    ///   the next commit
    private long settled() {
        long[] known = {0, SystemTime.wallMicros()};
        Awaiting.until(
                "nothing more is copied",
                () -> {
                    long length = changes();
                    long now = SystemTime.wallMicros();
                    if (length != known[0]) {
                        known[0] = length;
                        known[1] = now;
                    }
                    return length > 0 && now - known[1] > 2_500_000;
                });
        return known[0];
    }

    @Test
    void aHubWhoseDiskIsLostComesBackFromTheCopyWithAllItHadAnswered() throws Exception {
        Process hub = run(data);
        assertThat(ask(data, "members", "add", "Ann", "--id", "ann")).isZero();
        adjust(data, 60);
        Awaiting.until("all is copied", () -> ask(data, "copy") == 0);
        Path safe = parent.resolve("safe");
        assertThat(ask(data, "backup", safe.toString(), "--keep", "3")).as(said).isZero();
        assertThat(said).contains("holds. Heads: main/1/");
        long before = settled();
        adjust(data, 30);
        Awaiting.until("the last commit is copied", () -> changes() > before);
        hub.destroyForcibly().waitFor();
        assertThat(ask(data, "copy")).isEqualTo(1);
        assertThat(ask(data, "restore", place.toString())).isEqualTo(1);
        assertThat(said).contains("--replace");
        Files.move(data, parent.resolve("lost"));
        assertThat(ask(data, "restore", place.toString())).as(said).isZero();
        assertThat(said).contains("2 transfers hold. Heads: main/2/", "Start the hub");
        hub = run(data);
        adjust(data, -90);
        assertThat(ask(data, "trial-balance")).as(said).isZero();
        assertThat(ask(data, "restore", place.toString(), "--replace")).isEqualTo(1);
        assertThat(said).contains("A hub runs on");
        Awaiting.until("the new copy is made", () -> ask(data, "copy") == 0);
        hub.destroy();
        assertThat(hub.waitFor(60, TimeUnit.SECONDS)).isTrue();
        Path other = parent.resolve("other");
        assertThat(ask(other, "restore", place.toString())).as(said).isZero();
        assertThat(said).contains("3 transfers hold. Heads: main/3/");
        assertThat(ask(parent.resolve("old"), "restore", safe.toString())).as(said).isZero();
        assertThat(said).contains("1 transfers hold. Heads: main/1/");
    }

    @Test
    void aBackupKilledHalfWayLeavesNothingThatLooksGood() throws Exception {
        TestBooks.furnished(data).close();
        try (Connection raw = DriverManager.getConnection("jdbc:sqlite:" + data + "/hub.db");
                Statement statement = raw.createStatement()) {
            statement.execute("CREATE TABLE ballast (bytes BLOB) STRICT");
            statement.execute(
                    "INSERT INTO ballast WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1"
                            + " FROM n WHERE i < 50) SELECT randomblob(1048576) FROM n");
        }
        Path safe = parent.resolve("safe");
        Process backup = start("backup", safe.toString(), "--data", data.toString());
        Awaiting.until("it has begun", () -> names(safe).anyMatch(name -> name.endsWith(".part")));
        backup.destroyForcibly().waitFor();
        assertThat(names(safe).filter(name -> name.endsWith("Z"))).isEmpty();
        assertThat(ask(parent.resolve("back"), "restore", safe.toString())).isEqualTo(1);
        assertThat(said).contains("There is no finished backup");
        assertThat(ask(data, "backup", safe.toString())).as(said).isZero();
        assertThat(names(safe).filter(name -> name.startsWith("hourtap-"))).hasSize(1);
        assertThat(ask(parent.resolve("back"), "restore", safe.toString())).as(said).isZero();
    }

    private static Stream<String> names(Path folder) {
        String[] names = folder.toFile().list();
        return names == null ? Stream.of() : Stream.of(names);
    }
}
