package org.hourtap.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hourtap.runtime.DataFolder;
import org.hourtap.server.books.Awaiting;
import org.hourtap.server.books.PostgresCluster;
import org.hourtap.server.books.PostgresServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// Two whole hubs with a book each in one PostgreSQL, as their operators meet them.
@Timeout(120)
class TwoHubsTest {
    private static final String ID = "01a0c450-6c00-7000-8000-000000000010";

    @TempDir Path parent;
    private PostgresServer store;
    private Path barry;
    private Path cardiff;
    private String said = "";

    @BeforeEach
    void configure() throws Exception {
        store = PostgresCluster.shared().freshBooks();
        barry = folder("barry");
        cardiff = folder("cardiff");
    }

    @AfterEach
    void giveBack() {
        PostgresCluster.giveBack(store);
    }

    private Path folder(String book) throws Exception {
        Path folder = parent.resolve(book);
        DataFolder.make(folder);
        PostgresCluster cluster = PostgresCluster.shared();
        DataFolder.writePrivate(
                folder.resolve("database.password"),
                cluster.password().getBytes(StandardCharsets.UTF_8));
        Files.writeString(
                folder.resolve("hub.properties"),
                "book = %s\nhttp.port = 0\nmqtt.host = 127.0.0.1\nmqtt.port = 0\ndatabase = %s\n"
                        .formatted(book, cluster.address(name())));
        return folder;
    }

    private String name() {
        return store.toString().replaceAll(".*/", "");
    }

    private int run(Path folder, String... words) {
        StringWriter out = new StringWriter();
        CommandLine line = HubMain.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(out));
        List<String> all = new ArrayList<>(Arrays.asList(words));
        all.addAll(List.of("--data", folder.toString()));
        int status = line.execute(all.toArray(String[]::new));
        said = out.toString();
        return status;
    }

    private void does(Path folder, String... words) {
        assertThat(run(folder, words)).as(said).isZero();
    }

    private int send(String to, String id) {
        return run(
                barry,
                "transfer",
                "BETWEEN_BOOKS",
                "MEMBER:ann",
                to,
                "60",
                "--operator",
                "Ceri",
                "--note",
                "moved house",
                "--id",
                id);
    }

    private void awaitSaying(Path folder, String answer, String... words) {
        Awaiting.until(
                answer,
                () -> run(folder, words) == 0 && said.replaceAll(" +", " ").contains(answer));
    }

    @Test
    void hoursGoToTheBookOfAHubThatIsDownAndArriveWhenItIsBack() throws Exception {
        try (Hub _ = Hub.start(barry)) {
            does(barry, "members", "add", "Ann", "--id", "ann");
            does(barry, "adjust", "ann", "180", "--operator", "Ceri", "--note", "start");
            assertThat(send("cardiff/MEMBER:bob", ID)).isEqualTo(1);
            assertThat(said).contains("does not keep a book cardiff");
            try (Hub _ = Hub.start(cardiff)) {
                does(cardiff, "members", "add", "Bob", "--id", "bob");
                assertThat(send("cardiff/MEMBER:eve", ID)).isEqualTo(1);
                assertThat(said).contains("There is no member eve.");
            }
            assertThat(send("cardiff/MEMBER:bob", ID)).as(said).isZero();
            assertThat(said).contains("On its way: book cardiff takes it within seconds");
            does(barry, "remittances");
            assertThat(said)
                    .contains("barry/MEMBER:ann", "cardiff/MEMBER:bob", "ON_ITS_WAY", "Ceri", ID);
            does(barry, "statement", "ann");
            assertThat(said).contains("balance 120 minutes");
            try (Hub _ = Hub.start(cardiff)) {
                awaitSaying(cardiff, "balance 60 minutes", "statement", "bob");
                does(barry, "remittances");
                assertThat(said).doesNotContain(ID);
                assertThat(send("cardiff/MEMBER:bob", ID)).as(said).isZero();
                assertThat(said).contains("Both books have it.");

                does(cardiff, "refund", ID, "--operator", "Dai", "--note", "not our Bob");
                awaitSaying(barry, "balance 180 minutes", "statement", "ann");
                does(barry, "findings");
                assertThat(said).contains("SENT_BACK", "Dai gave it back: not our Bob");
            }
        }
        does(barry, "audit", "verify");
        PostgresCluster.shared()
                .execute(
                        name(),
                        "INSERT INTO remittance VALUES ('cardiff', 'barry', decode('"
                                + "00".repeat(16)
                                + "', 'hex'), 'MEMBER:ann', 'MEMBER:bob', 7, 'x', 'y', 0, NULL)");
        assertThat(run(barry, "audit", "verify")).isEqualTo(1);
        assertThat(said)
                .contains("Books barry and cardiff do not agree: 0 minutes went, 0 came, 7 on");
    }
}
