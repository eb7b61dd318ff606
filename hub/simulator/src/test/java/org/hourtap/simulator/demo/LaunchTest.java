package org.hourtap.simulator.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An archive makes starts faster, and nothing else.
@Timeout(120)
class LaunchTest {
    @TempDir private Path folder;

    @Test
    void aProgramGetsJarsOnlyBecauseAnArchiveIsForJarsOnly() {
        List<String> words = Launch.HUB.words();

        assertThat(words.get(words.indexOf("-cp") + 1).split(":"))
                .allMatch(entry -> entry.endsWith(".jar"))
                .anyMatch(entry -> entry.contains("hourtap-server"))
                .anyMatch(entry -> entry.contains("hourtap-device"));
    }

    @Test
    void aProgramStartsSilentlyWhenItsArchiveIsMissingEmptyOrBroken() throws Exception {
        String version = answer(folder.resolve("missing"));

        assertThat(version).matches("hourtap-terminal [^\n]+\n");
        assertThat(answer(Files.createFile(folder.resolve("empty")))).isEqualTo(version);
        assertThat(answer(Files.write(folder.resolve("broken"), new byte[100_000])))
                .isEqualTo(version);
    }

    @Test
    void aProgramStartsSilentlyWhenItsArchiveWentBadOnDisk() throws Exception {
        Path recorded = folder.resolve("recorded");
        Path archive = folder.resolve("archive");
        run(List.of("-XX:AOTMode=record", "-XX:AOTConfiguration=" + recorded));
        run(
                List.of(
                        "-XX:AOTMode=create",
                        "-XX:AOTConfiguration=" + recorded,
                        "-XX:AOTCache=" + archive));
        String version = answer(archive);

        byte[] bytes = Files.readAllBytes(archive);
        for (int i = bytes.length / 4; i < bytes.length / 2; i++) {
            bytes[i] ^= 0x55;
        }
        Files.write(archive, bytes);

        assertThat(answer(archive)).isEqualTo(version).matches("hourtap-terminal [^\n]+\n");
    }

    private static String answer(Path archive) throws IOException, InterruptedException {
        return run(List.of("-XX:AOTCache=" + archive));
    }

    /// Starts a terminal that says its version and ends.
    private static String run(List<String> archive) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Launch.java()));
        command.addAll(archive);
        command.addAll(
                Launch.TERMINAL.words().stream()
                        .filter(word -> !word.contains("AOTCache"))
                        .toList());
        command.add("--version");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
