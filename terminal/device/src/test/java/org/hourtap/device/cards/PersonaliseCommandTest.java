package org.hourtap.device.cards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.hourtap.device.TerminalCommands;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is refused before any card is asked for.
@Timeout(60)
class PersonaliseCommandTest {
    @TempDir Path folder;

    private String keys = "";
    private String said = "";

    @BeforeEach
    void makeKeys() {
        keys = folder.resolve("scheme.keys").toString();
        assertThat(execute("cards", "keys", "new", keys)).as(said).isZero();
    }

    @Test
    void aHubNeedsATokenAndSomebodyToRegisterFor() {
        assertThat(personalise("--hub", "http://127.0.0.1:1")).isEqualTo(2);
        assertThat(said).contains("--member ID");
        assertThat(personalise("--hub", "http://127.0.0.1:1", "--member", "mair")).isEqualTo(2);
        assertThat(said).contains("--hub and --token-file go together");
        assertThat(personalise("--token-file", keys)).isEqualTo(2);
        assertThat(said).contains("go together");
        assertThat(
                        personalise(
                                "--hub",
                                "http://127.0.0.1:1",
                                "--member",
                                "mair",
                                "--token-file",
                                folder.resolve("none").toString()))
                .isEqualTo(2);
        assertThat(said).contains("There is no");
    }

    @Test
    void membersAndCountFitEachOther() throws Exception {
        String list = folder.resolve("members").toString();
        Files.writeString(Path.of(list), "mair\n\n alys \n");
        assertThat(personalise("--members", list, "--count", "3")).isEqualTo(2);
        assertThat(said).contains("names 2 members; that is too few");
        assertThat(personalise("--members", list, "--member", "bran")).isEqualTo(2);
        assertThat(said).contains("not both");
        assertThat(personalise("--count", "0")).isEqualTo(2);
        assertThat(personalise("--count", "1001")).isEqualTo(2);
        assertThat(said).contains("--count is 1 to 1000");
        assertThat(personalise("--member", "a b")).isEqualTo(2);
        Files.writeString(Path.of(list), "\n");
        assertThat(personalise("--members", list)).isEqualTo(2);
        assertThat(said).contains("must name 1 to 1000 members");
        Files.writeString(Path.of(list), "m\n".repeat(200_000));
        assertThat(personalise("--members", list)).isEqualTo(2);
        assertThat(said).contains("far too long");
    }

    @Test
    void aDoorsKeysMakeNoCards() {
        String door = folder.resolve("door.keys").toString();
        assertThat(execute("cards", "keys", "for-terminal", keys, door)).isZero();
        keys = door;
        assertThat(personalise("--virtual-reader", "0")).isEqualTo(2);
        assertThat(said).contains("missing: [0, 2, 3, 4, 15]");
        keys = folder.resolve("nowhere").toString();
        assertThat(personalise("--virtual-reader", "0")).isEqualTo(2);
        assertThat(said).contains("There is no");
    }

    private int personalise(String... more) {
        String[] arguments = new String[4 + more.length];
        arguments[0] = "cards";
        arguments[1] = "personalise";
        arguments[2] = "--keys";
        arguments[3] = keys;
        System.arraycopy(more, 0, arguments, 4, more.length);
        return execute(arguments);
    }

    private int execute(String... arguments) {
        StringWriter out = new StringWriter();
        int exit = TerminalCommands.execute(new PrintWriter(out), arguments);
        said = out.toString();
        return exit;
    }
}
