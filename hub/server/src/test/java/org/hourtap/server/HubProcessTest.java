package org.hourtap.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// The program as a process of its own: told to stop, and killed.
@Timeout(120)
class HubProcessTest {
    private static final int SIGTERM_STATUS = 128 + 15;

    @TempDir Path folder;
    private @Nullable Process process;

    @AfterEach
    void end() throws InterruptedException {
        if (process != null) {
            process.destroy();
            process.waitFor();
        }
    }

    private Process start() throws IOException {
        Files.writeString(
                folder.resolve("hub.properties"),
                "http.port=0\nmqtt.host=127.0.0.1\nmqtt.port=0\n");
        Process started =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "org.hourtap.server.HubMain",
                                "run",
                                "--data",
                                folder.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        process = started;
        BufferedReader out = started.inputReader(StandardCharsets.UTF_8);
        assertThat(out.readLine()).startsWith("ready: http://127.0.0.1:");
        return started;
    }

    private int ask(String... words) {
        CommandLine line = HubMain.commandLine();
        line.setOut(new PrintWriter(new StringWriter()));
        line.setErr(new PrintWriter(new StringWriter()));
        String[] all = java.util.Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--data";
        all[words.length + 1] = folder.toString();
        return line.execute(all);
    }

    @Test
    void itSaysItsVersion() {
        StringWriter said = new StringWriter();
        CommandLine line = HubMain.commandLine().setOut(new PrintWriter(said, true));
        assertThat(line.execute("--version")).isZero();
        assertThat(said.toString()).matches("(?s)hourtap-hub \\S+\\s*");
    }

    @Test
    void toldToStopItClosesCleanly() throws Exception {
        Process hub = start();
        assertThat(folder.resolve("hub.address")).exists();
        assertThat(ask("members", "add", "Ann", "--id", "ann")).isZero();
        hub.destroy();
        assertThat(hub.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(hub.exitValue()).isEqualTo(SIGTERM_STATUS);
        assertThat(folder.resolve("hub.address")).doesNotExist();
        assertThat(folder.resolve("hub.db-wal")).as("folded back by a clean close").doesNotExist();
        assertThat(ask("members", "list")).isEqualTo(1);
    }

    @Test
    void killedItComesBackWithEverythingItHadAnswered() throws Exception {
        Process hub = start();
        assertThat(ask("members", "add", "Ann", "--id", "ann")).isZero();
        assertThat(ask("adjust", "ann", "60", "--operator", "Ceri", "--note", "start")).isZero();
        hub.destroyForcibly().waitFor();
        start();
        assertThat(ask("adjust", "ann", "-60", "--operator", "Ceri", "--note", "all of it"))
                .isZero();
        assertThat(ask("trial-balance")).isZero();
    }
}
