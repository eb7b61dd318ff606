package org.hourtap.device.cards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import org.hourtap.card.CardLayout;
import org.hourtap.card.KeyName;
import org.hourtap.device.TerminalCommands;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The file with the keys, and the commands that make it.
class KeyFileTest {
    private static final String KEY = "00112233445566778899aabbccddeeff";
    private static final String OTHER = "ffeeddccbbaa99887766554433221100";

    @TempDir Path folder;

    private Path file;
    private String said = "";

    @BeforeEach
    void name() {
        file = folder.resolve("scheme.keys");
    }

    @Test
    void everyKindOfLineIsRead() throws Exception {
        write(
                """
                # all keys of the scheme
                1.0 = %s   # spend

                  1.1=%s
                15.255 = 0011 2233 4455 6677 8899 AABB CCDD EEFF\r
                """
                        .formatted(KEY, OTHER));
        try (KeyFile keys = KeyFile.read(file)) {
            assertThat(keys.keys().keySet())
                    .containsExactly(new KeyName(1, 0), new KeyName(1, 1), new KeyName(15, 255));
            assertThat(hex(keys, 1, 1)).isEqualTo(OTHER);
            assertThat(hex(keys, 15, 255)).isEqualTo(KEY);
            assertThat(keys.toString()).doesNotContain(KEY.substring(0, 6));
        }
    }

    @Test
    void aBareKeyIsTheSpendKeyInVersionZero() throws Exception {
        write(KEY);
        try (KeyFile keys = KeyFile.read(file)) {
            assertThat(keys.keys()).containsOnlyKeys(new KeyName(CardLayout.SPEND_KEY, 0));
        }
    }

    /// None of these repeats a digit of what the file says.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1.0 = K~1.0 = K                | line 2 | key 1.0 is there a second time",
                "K~~1.0 = K                     | line 3 | key 1.0 is there a second time",
                "# ok~5.0 = K                   | line 2 | key numbers are 0 to 4 and 15",
                "15.256 = K                     | line 1 | key versions are 0 to 255",
                "1.0 = K00                      | line 1 | a key is 32 hexadecimal digits",
                "1.0 = 0011                     | line 1 | a key is 32 hexadecimal digits",
                "1.0 = zz112233445566778899aabbccddeeff | line 1 | a key is 32 hexadecimal",
                "1 = K                          | line 1 | NUMBER.VERSION",
                "K = 1.0                        | line 1 | NUMBER.VERSION",
                "-1.0 = K                       | line 1 | NUMBER.VERSION",
                "1.0 =                          | line 1 | a key is 32 hexadecimal digits",
            })
    void aWrongLineIsNamedByItsNumberAndNeverRepeated(String text, String line, String what)
            throws Exception {
        write(text.replace("K", KEY).replace("~", "\n"));
        assertThatThrownBy(() -> KeyFile.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(line)
                .hasMessageContaining(what)
                .hasMessageNotContaining("0011")
                .hasMessageNotContaining("zz");
    }

    @Test
    void anEmptyFileAndOneThatIsNoKeyFileAreRefused() throws Exception {
        write("# nothing yet\n");
        assertThatThrownBy(() -> KeyFile.read(file)).hasMessageContaining("holds no key");
        write("0".repeat(70_000));
        assertThatThrownBy(() -> KeyFile.read(file)).hasMessageContaining("far too long");
    }

    @ParameterizedTest
    @CsvSource({"rw-r-----", "rw----r--", "rw--w----", "rwx-----x"})
    void aFileThatOthersCanTouchIsRefusedWithTheCommandThatMendsIt(String permissions)
            throws Exception {
        write(KEY);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        assertThatThrownBy(() -> KeyFile.read(file))
                .hasMessageContaining("chmod 600 " + file)
                .hasMessageNotContaining("0011");
    }

    @Test
    void newKeysAreRandomCompleteAndForTheirOwnerOnly() throws Exception {
        assertThat(run("new", file)).as(said).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (KeyFile keys = KeyFile.read(file)) {
            assertThat(keys.keys().keySet())
                    .extracting(KeyName::toString)
                    .containsExactly("0.1", "1.1", "2.1", "3.1", "4.1", "15.1");
            assertThat(keys.keys().values().stream().map(HexFormat.of()::formatHex))
                    .doesNotHaveDuplicates()
                    .noneMatch(said::contains);
        }
        byte[] before = Files.readAllBytes(file);
        assertThat(run("new", file)).isEqualTo(2);
        assertThat(said).contains("exists already");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void aVersionIsAddedAtTheEndAndAllElseStays() throws Exception {
        write("# mine\n1.3 = " + KEY);
        assertThat(run("add-version", file, "1")).as(said).isZero();
        assertThat(said).contains("version 4 of key 1").contains("for-terminal");
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(3).startsWith("# mine", "1.3 = " + KEY);
        assertThat(lines.getLast()).matches("1\\.4 = [0-9a-f]{32}").doesNotContain(KEY);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aVersionThatCannotBeAddedSaysWhy() throws Exception {
        write("1.255 = " + KEY + "\n15.1 = " + OTHER);
        assertThat(run("add-version", file, "1")).isEqualTo(2);
        assertThat(said).contains("reached version 255");
        assertThat(run("add-version", file, "0")).isEqualTo(2);
        assertThat(said).contains("holds no key 0");
        assertThat(run("add-version", file, "15")).isEqualTo(2);
        assertThat(said).contains("for life");
        assertThat(run("add-version", file, "7")).isEqualTo(2);
        assertThat(said).contains("0 to 4");
        assertThat(Files.readAllLines(file)).hasSize(2);
    }

    @Test
    void aTerminalGetsTheSpendKeyInAllVersionsAndTheHubTheMacKeyAndNeitherMore() throws Exception {
        assertThat(run("new", file)).isZero();
        assertThat(run("add-version", file, "1")).isZero();
        Path terminal = folder.resolve("card.keys");
        Path hub = folder.resolve("hub.keys");
        assertThat(run("for-terminal", file, terminal.toString())).as(said).isZero();
        assertThat(run("for-hub", file, hub.toString())).as(said).isZero();
        try (KeyFile all = KeyFile.read(file);
                KeyFile spend = KeyFile.read(terminal);
                KeyFile mac = KeyFile.read(hub)) {
            assertThat(spend.keys()).containsOnlyKeys(new KeyName(1, 1), new KeyName(1, 2));
            assertThat(hex(spend, 1, 2)).isEqualTo(hex(all, 1, 2));
            assertThat(mac.keys()).containsOnlyKeys(new KeyName(15, 1));
            assertThat(hex(mac, 15, 1)).isEqualTo(hex(all, 15, 1));
        }
        assertThat(run("for-hub", file, hub.toString())).isEqualTo(2);
        assertThat(run("for-hub", terminal, folder.resolve("x").toString())).isEqualTo(2);
        assertThat(said).contains("holds no key 15");
        assertThat(run("for-hub", folder.resolve("none"), "x")).isEqualTo(2);
        assertThat(said).contains("There is no");
    }

    @Test
    void whatWasReadIsZeroedOnClose() throws Exception {
        write(KEY);
        KeyFile keys = KeyFile.read(file);
        byte[] key = keys.keys().get(new KeyName(1, 0));
        keys.close();
        assertThat(key).containsOnly(0);
    }

    private void write(String text) throws Exception {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private int run(String command, Path path, String... more) {
        StringWriter out = new StringWriter();
        String[] arguments = new String[4 + more.length];
        arguments[0] = "cards";
        arguments[1] = "keys";
        arguments[2] = command;
        arguments[3] = path.toString();
        System.arraycopy(more, 0, arguments, 4, more.length);
        int exit = TerminalCommands.execute(new PrintWriter(out), arguments);
        said = out.toString();
        return exit;
    }

    private static String hex(KeyFile keys, int number, int version) {
        return HexFormat.of().formatHex(keys.keys().get(new KeyName(number, version)));
    }
}
