package org.hourtap.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.server.books.TestBooks.BOB;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.hourtap.runtime.DataFolder;
import org.hourtap.runtime.Engine;
import org.hourtap.server.books.LedgerStore;
import org.hourtap.server.books.PostgresCluster;
import org.hourtap.server.books.TestBooks;
import org.hourtap.server.certificates.HeadKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/// `hourtap-hub audit verify`, as an auditor calls it.
@Timeout(60)
class AuditCommandTest {
    @TempDir Path folder;

    private final StringWriter said = new StringWriter();

    private int audit(Object... arguments) {
        return run("verify", arguments);
    }

    private int run(String subcommand, Object... arguments) {
        said.getBuffer().setLength(0);
        PrintWriter out = new PrintWriter(said, true);
        CommandLine line = HubMain.commandLine().setOut(out).setErr(out);
        String[] all = new String[arguments.length + 2];
        all[0] = "audit";
        all[1] = subcommand;
        for (int i = 0; i < arguments.length; i++) {
            all[i + 2] = String.valueOf(arguments[i]);
        }
        return line.execute(all);
    }

    /// @return a file with the public half of the hub's key
    private Path publicKey() throws Exception {
        Path certificates = folder.resolve("certificates");
        HeadKey made = HeadKey.open(certificates);
        assertThat(HeadKey.open(certificates).publicPem()).isEqualTo(made.publicPem());
        assertThat(DataFolder.isReadableByOthers(certificates.resolve("heads.pem"))).isFalse();
        assertThat(run("key", "--data", folder)).isZero();
        return Files.writeString(folder.resolve("public.pem"), said.toString());
    }

    /// @return empty books where the data folder says that they are
    private LedgerStore place(Engine engine) throws Exception {
        if (engine == Engine.SQLITE) {
            return TestBooks.store(engine, folder);
        }
        PostgresCluster cluster = PostgresCluster.shared();
        String database = cluster.freshDatabase("template1");
        DataFolder.writePrivate(
                folder.resolve("database.password"),
                cluster.password().getBytes(StandardCharsets.UTF_8));
        Files.writeString(
                folder.resolve("hub.properties"), "database = " + cluster.address(database));
        return cluster.server(database);
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void aSignedHeadProvesTheBooksOfAnEarlierDay(Engine engine) throws Exception {
        try (TestBooks books = TestBooks.furnished(place(engine))) {
            Path key = publicKey();
            assertThat(run("head", "--data", folder)).isZero();
            String line = said.toString().strip();
            assertThat(line)
                    .matches(
                            "hourtap-head-1 barry 1 [0-9a-f]{64} \\S{10}T\\S{8}Z [A-Za-z0-9_-]{86}");
            Path heads = Files.writeString(folder.resolve("heads.txt"), line + "\n");
            books.give(5, BOB, 60);
            assertThat(audit("--data", folder, "--key", key, "--head-file", heads)).isZero();
            assertThat(said.toString()).contains("is in the journal: " + line);
            assertThat(run("head", "--data", folder)).isZero();
            String later = said.toString().strip();
            Files.writeString(heads, line + "\n" + later + "\n");
            assertThat(audit("--data", folder, "--key", key, "--head-file", heads)).isZero();
            assertThat(said.toString())
                    .contains("is in the journal: " + line, "is in the journal: " + later);

            Files.writeString(heads, line.replace(" barry 1 ", " barry 2 "));
            assertThat(audit("--data", folder, "--key", key, "--head-file", heads)).isEqualTo(1);
            assertThat(said.toString())
                    .contains("NOT SIGNED WITH THIS KEY", "IS NOT IN THE JOURNAL");

            Files.writeString(heads, line);
            Path other = folder.resolve("other.pem");
            Files.writeString(other, HeadKey.open(folder.resolve("others")).publicPem());
            assertThat(audit("--data", folder, "--key", other, "--head-file", heads)).isEqualTo(1);
            assertThat(said.toString()).contains("NOT SIGNED WITH THIS KEY", "is in the journal");
            assertThat(audit("--data", folder, "--key", key)).isEqualTo(1);
            assertThat(said.toString()).contains("NOTHING HERE IS SIGNED");
            assertThat(audit("--data", folder, "--head-file", heads)).isEqualTo(2);
            assertThat(audit("--data", folder, "--key", heads)).isEqualTo(2);
            assertThat(audit("--data", folder, "--key", key, "--head-file", key)).isEqualTo(2);
            assertThat(said.toString()).contains("This is no signed head");
        }
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void aBundleIsProvedWithNothingButThePublicKey(Engine engine) throws Exception {
        Path key = publicKey();
        Path bundle = folder.resolve("barry.bundle");
        try (TestBooks books = TestBooks.furnished(place(engine))) {
            books.give(5, BOB, 60);
            assertThat(run("export", bundle, "--data", folder)).as("%s", said).isZero();
            assertThat(run("export", bundle, "--data", folder)).isEqualTo(2);
            assertThat(said.toString()).contains("is there already");
            assertThat(run("export", folder.resolve("x"), "--data", folder, "--book", "nobody"))
                    .isEqualTo(2);
            assertThat(said.toString()).contains("There are: [barry]");
        }
        assertThat(DataFolder.isReadableByOthers(bundle)).isFalse();
        Path elsewhere = Files.createDirectory(folder.resolve("county"));
        Path copy = Files.copy(bundle, elsewhere.resolve("copy"));
        assertThat(audit(copy, "--key", key)).as(said.toString()).isZero();
        assertThat(said.toString())
                .contains("2 transfers hold", "the bundle is what the hub signed");
        try (var left = Files.list(elsewhere)) {
            assertThat(left).containsExactly(copy);
        }
        assertThat(new String(Files.readAllBytes(copy), StandardCharsets.ISO_8859_1))
                .contains("MEMBERann")
                .doesNotContain("04782E21801D80")
                .doesNotContain("Church Hall");
        assertThat(audit(copy)).isEqualTo(1);
        assertThat(said.toString()).contains("without the hub's public key");
        for (String change :
                List.of(
                        "DELETE FROM transfer WHERE sequence = 2",
                        "UPDATE transfer SET minutes = 61 WHERE sequence = 2",
                        "UPDATE account SET owner = 'eve' WHERE owner = 'ann'",
                        "UPDATE signed_head SET line = replace(line, ' 2 ', ' 3 ')",
                        "DELETE FROM signed_head",
                        "DROP TABLE signed_head")) {
            Files.copy(bundle, copy, StandardCopyOption.REPLACE_EXISTING);
            try (Connection raw = DriverManager.getConnection("jdbc:sqlite:" + copy);
                    Statement statement = raw.createStatement()) {
                statement.executeUpdate(change);
            }
            assertThat(audit(copy, "--key", key)).as(change).isEqualTo(1);
        }
    }

    @Test
    void booksInPostgresqlAreNamedByTheirAddress() throws Exception {
        Path key = publicKey();
        try (TestBooks books = TestBooks.furnished(place(Engine.POSTGRESQL))) {
            assertThat(books.balance(BOB)).isZero();
            Path properties = folder.resolve("hub.properties");
            String address = Files.readString(properties).replace("database = ", "");
            Files.delete(properties);
            assertThat(run("head", "--data", folder)).isEqualTo(2);
            assertThat(said.toString()).contains("There is no database to read at");
            assertThat(run("head", address, "--data", folder)).as("%s", said).isZero();
            Path heads = Files.writeString(folder.resolve("heads.txt"), said.toString());
            Path bundle = folder.resolve("barry.bundle");
            assertThat(run("export", bundle, address, "--data", folder)).as("%s", said).isZero();
            assertThat(audit(bundle, "--key", key, "--head-file", heads)).as("%s", said).isZero();
            assertThat(run("head", "postgresql://me:secret@db/books", "--data", folder))
                    .isEqualTo(2);
            assertThat(said.toString())
                    .contains("must not hold a password")
                    .doesNotContain("secret");
        }
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
