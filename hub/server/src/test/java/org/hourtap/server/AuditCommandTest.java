package org.hourtap.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.server.books.TestBooks.BOB;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.hourtap.server.books.TestBooks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// `hourtap-hub audit verify`, as an auditor calls it.
@Timeout(60)
class AuditCommandTest {
    @TempDir Path folder;

    private final StringWriter said = new StringWriter();

    private int audit(Object... arguments) {
        said.getBuffer().setLength(0);
        CommandLine line = HubMain.commandLine().setOut(new PrintWriter(said, true));
        String[] all = new String[arguments.length + 2];
        all[0] = "audit";
        all[1] = "verify";
        for (int i = 0; i < arguments.length; i++) {
            all[i + 2] = String.valueOf(arguments[i]);
        }
        return line.execute(all);
    }

    @Test
    void soundBooksHoldWhileTheHubWritesAndTheirHeadIsKnownAnotherDay() throws Exception {
        try (TestBooks books = TestBooks.furnished(folder)) {
            assertThat(audit("--data", folder)).isZero();
            assertThat(said.toString()).contains("1 transfers hold", "Everything holds.");
            String head = said.toString().replaceAll("(?s).*head (\\S+).*", "$1");
            books.give(5, BOB, 60);
            assertThat(audit("--data", folder, "--head", head)).isZero();
            assertThat(said.toString()).contains("is in the journal: " + head);
            String forged = head.substring(0, head.length() - 2) + "00";
            assertThat(audit(folder.resolve("hub.db"), "--head", forged)).isEqualTo(1);
            assertThat(said.toString()).contains("IS NOT IN THE JOURNAL: " + forged);
        }
    }

    @Test
    void whatDoesNotHoldIsNamed() throws Exception {
        TestBooks.furnished(folder).close();
        try (Connection raw = DriverManager.getConnection("jdbc:sqlite:" + folder + "/hub.db");
                Statement statement = raw.createStatement()) {
            statement.execute("DROP TRIGGER transfer_stays");
            statement.executeUpdate("UPDATE transfer SET minutes = 181");
        }
        assertThat(audit("--data", folder)).isEqualTo(1);
        assertThat(said.toString())
                .contains("book barry: transfer 1 does not hold", "NOT EVERYTHING HOLDS");
    }

    @Test
    void whatCannotBeReadIsSaid() throws Exception {
        assertThat(audit("--data", folder.resolve("nowhere"))).isEqualTo(2);
        assertThat(said.toString()).contains("There is no database to read at");
        Path other = Files.writeString(folder.resolve("other.db"), "Dear diary, ".repeat(500));
        assertThat(audit(other)).isEqualTo(1);
        assertThat(said.toString()).contains("damaged");
        TestBooks.furnished(folder).close();
        assertThat(audit("--data", folder, "--head", "barry-1")).isEqualTo(2);
        assertThat(said.toString()).contains("A head is written book/number/hash");
    }
}
