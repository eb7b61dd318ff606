package org.hourtap.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.hourtap.device.TerminalConfig.ReaderKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TerminalConfigTest {
    private static final String LEAST =
            """
            terminal.id = pool-1
            book.id = dinas
            mqtt.url = ssl://hub.example:8883
            """;

    @TempDir Path folder;

    @BeforeEach
    void giveItAKey() throws Exception {
        key("00112233445566778899aabbccddeeff\n", "rw-------");
    }

    @Test
    void threeLinesAreEnough() throws Exception {
        TerminalConfig config = load(LEAST);
        assertThat(config.terminal().value()).isEqualTo("pool-1");
        assertThat(config.readerKind()).isEqualTo(ReaderKind.PCSC);
        assertThat(config.readerName()).isEmpty();
        assertThat(config.readerLights()).isTrue();
        assertThat(config.readerBehaviour()).isEmpty();
        assertThat(config.reconnectMaxSeconds()).isEqualTo(60);
        assertThat(config.language()).isEqualTo("en");
        assertThat(config.cardKeys()).isEqualTo(folder.resolve("card.keys"));
    }

    @Test
    void everySettingIsRead() throws Exception {
        TerminalConfig config =
                load(
                        LEAST
                                + """
                                reader.kind = vpcd
                                reader.name = PICC
                                reader.port = 0
                                reader.lights = none
                                reader.behaviour = 8f
                                screen.port = 9001
                                reconnect.max.seconds = 2
                                language = cy
                                lamps = none
                                """);
        assertThat(config.readerKind()).isEqualTo(ReaderKind.VPCD);
        assertThat(config.readerName()).isEqualTo("PICC");
        assertThat(config.readerPort()).isZero();
        assertThat(config.readerLights()).isFalse();
        assertThat(config.readerBehaviour()).hasValue(0x8F);
        assertThat(config.screenPort()).isEqualTo(9001);
        assertThat(config.reconnectMaxSeconds()).isEqualTo(2);
        assertThat(config.language()).isEqualTo("cy");
        assertThat(config.lamps()).isFalse();
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() throws Exception {
        key("00112233445566778899aabbccddeeff", "rw-r--r--");
        Throwable wrong =
                catchThrowable(() ->
                        load(
                                """
                                terminal.id = pool/1
                                mqtt.url = tcp://hub.example:1883
                                reader.kind = usb
                                reader.port = x
                                reader.behaviour = loud
                                screen.port = 99999
                                language = english
                                lamps = red
                                reconnect.max.seconds = 0
                                colour = blue
                                """));
        assertThat(wrong)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("terminal id must be 1 to 32")
                .hasMessageContaining("book.id: is missing")
                .hasMessageContaining("mqtt.url: tcp:// has no encryption")
                .hasMessageContaining("reader.kind: must be pcsc or vpcd, not 'usb'")
                .hasMessageContaining("reader.port: must be a number from 0 to 65535, not 'x'")
                .hasMessageContaining("reader.behaviour: must be two hexadecimal digits")
                .hasMessageContaining("screen.port: must be a number from 0 to 65535")
                .hasMessageContaining("language: must be two letters")
                .hasMessageContaining("lamps: must be usual or none")
                .hasMessageContaining("reconnect.max.seconds: must be a number from 1 to 3600")
                .hasMessageContaining("colour: no such setting")
                .hasMessageContaining("chmod 600");
        assertThat(String.valueOf(wrong.getMessage()).lines()).hasSize(13);
    }

    @Test
    void aFolderThatWasNeverEnrolledSaysHowTo() {
        assertThatThrownBy(() -> TerminalConfig.load(folder))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("hourtap-terminal enrol");
    }

    @Test
    void plainTcpIsForThisMachineOnly() throws Exception {
        assertThat(load(LEAST.replace("ssl://hub.example", "tcp://127.0.0.1")).mqttUrl().getPort())
                .isEqualTo(8883);
        for (String bad :
                new String[] {"hub.example:8883", "ssl://hub.example", "ssl://:1", "x y"}) {
            assertThatThrownBy(() -> load(LEAST.replace("ssl://hub.example:8883", bad)))
                    .as(bad)
                    .hasMessageContaining("mqtt.url");
        }
    }

    @Test
    void aKeyFileMustHoldOneWholeKeyAndIsNotRepeated() throws Exception {
        for (String bad :
                new String[] {"", "0011", "zz112233445566778899aabbccddeeff", "00 ".repeat(17)}) {
            key(bad, "rw-------");
            assertThatThrownBy(() -> load(LEAST))
                    .as(bad)
                    .hasMessageContaining("32 hexadecimal digits")
                    .hasMessageNotContaining("zz11");
        }
        key("# spend key, 2026\n1.1 = 00112233 44556677 8899aabb ccddeeff\n", "rw-------");
        assertThat(load(LEAST).cardKeys()).exists();
    }

    @Test
    void aDoorThatWasGivenAllKeysIsToldHowToGiveItFewer() throws Exception {
        String key = " = 00112233445566778899aabbccddeeff\n";
        key("1.0" + key + "1.1" + key, "rw-------");
        assertThat(load(LEAST).cardKeys()).exists();
        key("1.0" + key + "15.1" + key, "rw-------");
        assertThatThrownBy(() -> load(LEAST))
                .hasMessageContaining("nothing else")
                .hasMessageContaining("cards keys for-terminal");
    }

    @Test
    void aMissingKeyFileIsNamed() throws Exception {
        Files.delete(folder.resolve("card.keys"));
        assertThatThrownBy(() -> load(LEAST)).hasMessageContaining("card.keys cannot be read");
    }

    private TerminalConfig load(String text) throws Exception {
        Files.writeString(folder.resolve(TerminalConfig.FILE), text);
        return TerminalConfig.load(folder);
    }

    private void key(String text, String permissions) throws Exception {
        Path file = folder.resolve("card.keys");
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
