package org.hourtap.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.hourtap.runtime.DataFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A day's sheet on paper as a witness of the journal.
@Timeout(120)
class DaySheetTest {
    @TempDir Path parent;

    private final LocalDate today = LocalDate.now(ZoneOffset.UTC);
    private String said = "";

    private int run(Path folder, String words, Object... more) {
        StringWriter all = new StringWriter();
        PrintWriter out = new PrintWriter(all);
        List<String> arguments = new ArrayList<>(List.of(words.split(" ")));
        for (Object one : more) {
            arguments.add(String.valueOf(one));
        }
        arguments.addAll(List.of("--data", folder.toString()));
        int status =
                HubMain.commandLine()
                        .setOut(out)
                        .setErr(out)
                        .execute(arguments.toArray(String[]::new));
        said = all.toString();
        return status;
    }

    private void does(Path folder, String words, Object... more) {
        assertThat(run(folder, words, more)).as(words + ": " + said).isZero();
    }

    private String lastLine() {
        return said.strip().lines().reduce((_, last) -> last).orElse("");
    }

    /// A hub where Ann was given hours and the day was closed.
    private Path closed(String name, int minutes) throws Exception {
        Path folder = parent.resolve(name);
        DataFolder.make(folder);
        Files.writeString(
                folder.resolve("hub.properties"),
                "http.port=0\nmqtt.host=127.0.0.1\nmqtt.port=0\n");
        try (Hub _ = Hub.start(folder)) {
            does(folder, "members add Ann --id ann");
            does(folder, "days close " + today.minusDays(1) + " --operator Ceri");
            assertThat(said).contains("Entries 1 to 0").doesNotContain("hourtap-head-1");
            does(folder, "adjust ann " + minutes + " --operator Ceri --note start");
            does(folder, "days close " + today + " --operator Ceri");
            String line = lastLine();
            does(folder, "adjust ann 5 --operator Ceri --note later");
            does(folder, "days sheet 2");
            assertThat(lastLine().split(" ")).startsWith(beginning(line));
            does(folder, "days sheet");
            assertThat(said).contains("Not closed yet").doesNotContain("hourtap-head-1");
            Files.writeString(folder.resolve("sheet.txt"), line);
        }
        return folder;
    }

    /// @return all but time and signature
    private static String[] beginning(String line) {
        assertThat(line).startsWith("hourtap-head-1 main 1 ");
        return List.of(line.split(" ")).subList(0, 4).toArray(String[]::new);
    }

    @Test
    void theLineOnASheetProvesTheJournalAndShowsOneThatWasMadeAnew() throws Exception {
        Path folder = closed("hub", 180);
        does(folder, "audit key");
        Path key = Files.writeString(parent.resolve("public.pem"), said);
        Path sheet = folder.resolve("sheet.txt");
        does(folder, "audit verify", "--key", key, "--head-file", sheet);
        assertThat(said).contains("is in the journal: " + Files.readString(sheet));

        // Another journal, sound in itself, as whoever holds the hub could make it.
        Path anew = closed("anew", 60);
        assertThat(run(anew, "audit verify", "--key", key, "--head-file", sheet)).isEqualTo(1);
        assertThat(said)
                .contains("2 transfers hold")
                .contains("IS NOT IN THE JOURNAL: " + Files.readString(sheet));

        try (Connection raw = DriverManager.getConnection("jdbc:sqlite:" + folder + "/hub.db");
                Statement statement = raw.createStatement()) {
            statement.execute("DROP TRIGGER transfer_stays");
            statement.executeUpdate("UPDATE transfer SET minutes = 181 WHERE sequence = 1");
        }
        assertThat(run(folder, "audit verify", "--key", key, "--head-file", sheet)).isEqualTo(1);
        assertThat(said).contains("book main: transfer 1 does not hold");
    }
}
