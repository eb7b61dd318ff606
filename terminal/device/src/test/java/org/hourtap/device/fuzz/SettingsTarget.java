package org.hourtap.device.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.hourtap.card.KeyName;
import org.hourtap.device.ConfigException;
import org.hourtap.device.TerminalConfig;
import org.hourtap.device.cards.KeyFile;
import org.hourtap.device.enrol.Problem;

/// Files that people write: read, or refused in words that say which file it is. A key is never
/// repeated in them.
final class SettingsTarget {
    private static final String KEY = "1.0 = 00112233445566778899aabbccddeeff\n";

    private final Path folder;
    private final Path keys;

    SettingsTarget(Path folder) throws IOException {
        this.folder = folder;
        this.keys = ownersOnly(folder.resolve("fuzzed.keys"));
        Files.writeString(ownersOnly(folder.resolve("card.keys")), KEY);
    }

    private static Path ownersOnly(Path file) throws IOException {
        return Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    void attack(byte[] input) throws IOException {
        Files.write(folder.resolve(TerminalConfig.FILE), input);
        try {
            TerminalConfig config = TerminalConfig.load(folder);
            assertThat(config.mqttUrl().getHost()).isNotEmpty();
            assertThat(config.screenPort()).isBetween(0, 65_535);
            assertThat(config.reconnectMaxSeconds()).isBetween(1, 3_600);
            assertThat(config.language()).matches("[a-z]{2}");
        } catch (ConfigException e) {
            assertThat(e.getMessage()).contains(TerminalConfig.FILE);
        }
    }

    void attackKeys(byte[] input) throws IOException {
        Files.write(keys, input);
        try (KeyFile read = KeyFile.read(keys)) {
            assertThat(read.keys()).isNotEmpty();
            for (Map.Entry<KeyName, byte[]> key : read.keys().entrySet()) {
                assertThat(key.getValue()).hasSize(16);
            }
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).contains("fuzzed.keys").doesNotContain("00112233");
        }
    }

    static void attackRefusal(byte[] input) {
        String said = Problem.detail(input);
        assertThat(said.length()).isLessThanOrEqualTo(500);
        assertThat(said.chars().noneMatch(c -> c < ' ')).as(said).isTrue();
        assertThat(
                        new String(said.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)
                                .length())
                .isEqualTo(said.length());
    }
}
