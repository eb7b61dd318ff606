package org.hourtap.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hourtap.server.books.TestBooks.ANN;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.books.TestBooks.BOB;
import static org.hourtap.server.books.TestBooks.id;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.hourtap.contract.Credits;
import org.hourtap.ledger.Account;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.Entry;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Stage;
import org.hourtap.ledger.Transfer;
import org.hourtap.runtime.DataFolder;
import org.hourtap.runtime.Sqlite;
import org.hourtap.server.books.BooksMove;
import org.hourtap.server.books.PostgresCluster;
import org.hourtap.server.books.PostgresServer;
import org.hourtap.server.books.Schema;
import org.hourtap.server.books.Statements;
import org.hourtap.server.books.TestBooks;
import org.hourtap.server.books.Undecided;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// `hourtap-hub migrate`, from a file into a real PostgreSQL, and the hub on it afterwards.
@Timeout(120)
class MigrateCommandTest {
    private static final int GIFTS = 60;

    @TempDir Path folder;

    private final StringWriter said = new StringWriter();
    private int held;
    private PostgresCluster cluster;
    private String database;
    private PostgresServer server;

    @BeforeEach
    void post() throws Exception {
        cluster = PostgresCluster.shared();
        database = cluster.freshDatabase("template1");
        server = cluster.server(database);
        DataFolder.writePrivate(
                folder.resolve("database.password"),
                cluster.password().getBytes(StandardCharsets.UTF_8));
        Files.writeString(
                folder.resolve("hub.properties"),
                "book = barry\nhttp.port = 0\nmqtt.host = 127.0.0.1\nmqtt.port = 0");
        try (TestBooks books = TestBooks.furnished(folder)) {
            for (int n = 1; n <= GIFTS; n++) {
                Transfer gift =
                        new Transfer(
                                id(n),
                                AccountId.of(BARRY, ANN),
                                AccountId.of(BARRY, BOB),
                                new Credits(1),
                                Reason.GIFT,
                                null,
                                null,
                                n);
                books.write(writing -> writing.books().post(gift, writing.nowMicros()));
            }
            for (Stage stage : List.of(Stage.PENDING, Stage.posting(id(101)), Stage.PENDING)) {
                int n = 101 + held++;
                Transfer swim =
                        new Transfer(
                                id(n),
                                AccountId.of(BARRY, ANN),
                                AccountId.of(BARRY, TestBooks.POOL),
                                new Credits(10),
                                Reason.SPEND,
                                null,
                                null,
                                n,
                                stage);
                books.write(writing -> writing.books().post(swim, writing.nowMicros()));
            }
        }
    }

    private int run(String... arguments) {
        said.getBuffer().setLength(0);
        CommandLine line = HubMain.commandLine().setOut(new PrintWriter(said, true));
        return line.execute(arguments);
    }

    private int migrate() {
        String to = cluster.address(database).toString();
        return run("migrate", "--to", to, "--data", folder.toString());
    }

    /// As a power cut would, when some tables are there already.
    private void beginAndBreakOff() throws Exception {
        try (Sqlite source = Schema.open(folder.resolve("hub.db"))) {
            assertThatThrownBy(() ->
                            BooksMove.run(
                                    source,
                                    server,
                                    line -> {
                                        if (line.startsWith("member:")) {
                                            throw new CancellationException(line);
                                        }
                                    }))
                    .isInstanceOf(CancellationException.class);
        }
    }

    @Test
    void afterAnInterruptionItIsRunAgainAndTheHubGoesOnWithWhatItHad() throws Exception {
        beginAndBreakOff();
        assertThatThrownBy(() -> server.openWriter())
                .hasMessageContaining("Run hourtap-hub migrate again");
        assertThat(migrate()).as("%s", said).isZero();
        assertThat(said.toString())
                .contains("an earlier move was interrupted", "64 transfers hold; head barry/64/");
        String head = said.toString().replaceAll("(?s).*head (\\S+).*", "$1");
        assertThat(folder.resolve("hub.db")).doesNotExist();
        assertThat(folder.resolve("hub.db.moved")).exists();
        try (Hub hub = Hub.start(folder)) {
            assertThat(hub.httpPort()).isPositive();
            assertThat(run("audit", "verify", "--data", folder.toString(), "--head", head))
                    .as("%s", said)
                    .isZero();
            assertThat(run("statement", "bob", "--data", folder.toString())).isZero();
        }
        try (TestBooks books = TestBooks.empty(server)) {
            assertThat(books.balance(BOB)).isEqualTo(GIFTS);
            assertThat(books.balance(ANN)).isEqualTo(170 - GIFTS);
            List<Entry> waiting = books.read(sql -> new Undecided(sql).list(BARRY));
            assertThat(waiting)
                    .extracting(entry -> entry.transfer().stage())
                    .containsExactly(Stage.PENDING);
            Account anns =
                    books.read(sql -> new Statements(sql).account(AccountId.of(BARRY, ANN)))
                            .orElseThrow();
            assertThat(anns.free()).isEqualTo(160 - GIFTS);
            books.give(7, BOB, 30);
            assertThat(books.trialBalance().isBalanced()).isTrue();
        }
        assertThat(migrate()).isEqualTo(1);
        assertThat(said.toString()).contains("There are no books to move");
    }

    @Test
    void otherBooksAreLeftAloneAndTheSameOnesAreFoundThere() throws Exception {
        cluster.server(database).openWriter().close();
        try (TestBooks others = TestBooks.furnished(server)) {
            others.give(7, BOB, 30);
        }
        assertThat(migrate()).isEqualTo(1);
        assertThat(said.toString()).contains("There are other books in");
        assertThat(folder.resolve("hub.db")).exists();
        database = cluster.freshDatabase("template1");
        byte[] file = Files.readAllBytes(folder.resolve("hub.db"));
        assertThat(migrate()).as("%s", said).isZero();
        Files.write(folder.resolve("hub.db"), file);
        assertThatThrownBy(() -> Hub.start(folder)).hasMessageContaining("hourtap-hub migrate");
        assertThat(migrate()).as("%s", said).isZero();
        assertThat(said.toString()).contains("the books are there already");
    }

    @Test
    void whatKeepsItFromMovingIsSaid() throws Exception {
        database = "nowhere";
        assertThat(migrate()).isEqualTo(2);
        assertThat(said.toString()).contains("has no database of that name");
        assertThat(run("migrate", "--to", "mysql://x/y", "--data", folder.toString())).isEqualTo(1);
        assertThat(said.toString()).contains("--to has to be postgresql://");
        try (DataFolder _ = DataFolder.hold(folder)) {
            database = "postgres";
            assertThat(migrate()).isEqualTo(1);
            assertThat(said.toString()).contains("is in use");
        }
        assertThat(folder.resolve("hub.db")).exists();
    }
}
