package org.hourtap.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.hourtap.card.MasterKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CardKeyFileTest {
    private static final String KEY = "00112233445566778899aabbccddeeff";

    @TempDir Path folder;

    private Path file(String text) throws Exception {
        Path file = folder.resolve("card.keys");
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    private void refused(String text, String sentence) throws Exception {
        Path file = file(text);
        assertThatThrownBy(() -> CardKeyFile.load(file))
                .isInstanceOf(HubConfig.ConfigException.class)
                .hasMessageContaining(sentence)
                .hasMessageContaining("card.keys")
                .hasMessageNotContaining(KEY);
    }

    @Test
    void theHubTakesTheKeyOfTheTransactionMacAndNoOther() throws Exception {
        Path file =
                file(
                        "# keys of the scheme\n"
                                + KEY
                                + "\n1.1 = "
                                + KEY
                                + " # rolled\n\n 15.0="
                                + KEY.toUpperCase(java.util.Locale.ROOT)
                                + "\r\n15.255 = 0011 2233 4455 6677 8899 aabb ccdd eeff");
        try (MasterKeys keys = CardKeyFile.load(file)) {
            assertThat(keys.versions(15)).containsExactly(0, 255);
            assertThat(keys.holds(1)).isFalse();
        }
    }

    @Test
    void aFileThatOthersCanReadIsRefusedWithTheCommandThatMendsIt() throws Exception {
        Path file = file("15.0 = " + KEY);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> CardKeyFile.load(file))
                .isInstanceOf(HubConfig.ConfigException.class)
                .hasMessageContaining("others can read it. Run: chmod 600 " + file)
                .hasMessageContaining("The hub was not started.");
    }

    @Test
    void aMistakeIsNamedByItsLineAndNeverRepeated() throws Exception {
        refused(KEY, "it has no key 15");
        refused("", "it has no key 15");
        refused("15.0 = " + KEY + "0", "line 1: a key has 32 hexadecimal digits");
        refused("#\n15.0 = " + KEY.substring(1), "line 2: a key has 32 hexadecimal digits");
        refused("15.0 = " + KEY.replace('0', 'g'), "line 1: a key has 32 hexadecimal digits");
        refused("15 = " + KEY, "line 1: before the = there has to be NUMBER.VERSION");
        refused("7.0 = " + KEY, "line 1: key numbers are");
        refused("15.256 = " + KEY, "line 1: key versions are");
        refused("15.0 = " + KEY + "\n15.0 = " + KEY, "line 2: key 15.0 was there before");
        refused("#".repeat(70_000), "too large");
    }

    @Test
    void aFileThatIsSetAndNotThereIsMissed() {
        Path file = folder.resolve("elsewhere.keys");
        assertThatThrownBy(() -> CardKeyFile.load(file))
                .isInstanceOf(HubConfig.ConfigException.class)
                .hasMessageContaining("there is no such file");
    }
}
