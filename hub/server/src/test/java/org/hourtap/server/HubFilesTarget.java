package org.hourtap.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.hourtap.card.CardLayout;
import org.hourtap.card.MasterKeys;

/// Files that people write: read, or refused in words that say which file it is. A key is never
/// repeated in them.
public final class HubFilesTarget {
    private final Path folder;
    private final Path keys;

    public HubFilesTarget(Path folder) throws IOException {
        this.folder = folder;
        this.keys =
                Files.createFile(
                        folder.resolve("fuzzed.keys"),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
    }

    public void attackSettings(byte[] input) throws IOException {
        Files.write(folder.resolve(HubConfig.FILE), input);
        try {
            HubConfig config = HubConfig.read(folder);
            assertThat(config.httpPort()).isBetween(0, 65_535);
            assertThat(config.mqttPort()).isBetween(0, 65_535);
            assertThat(config.bookName()).isNotEmpty();
            assertThat(config.brokerName()).isNotEmpty();
            assertThat(config.certificateNames()).doesNotContain("");
        } catch (HubConfig.ConfigException e) {
            assertThat(e.getMessage()).contains(HubConfig.FILE).contains("not started");
        }
    }

    public void attackKeys(byte[] input) throws IOException {
        Files.write(keys, input);
        try (MasterKeys read = CardKeyFile.load(keys)) {
            assertThat(read.holds(CardLayout.TMAC_KEY)).isTrue();
            assertThat(read.holds(CardLayout.SPEND_KEY)).isFalse();
        } catch (HubConfig.ConfigException e) {
            assertThat(e.getMessage()).contains("fuzzed.keys").doesNotContain("00112233");
        }
    }
}
