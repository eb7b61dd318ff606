package org.hourtap.server.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hourtap.server.books.TestBooks.ANN;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.books.TestBooks.BOB;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import org.hourtap.contract.Credits;
import org.hourtap.contract.TransferId;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.PostOutcome;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Recorded;
import org.hourtap.ledger.Rejection;
import org.hourtap.ledger.Stage;
import org.hourtap.ledger.Transfer;
import org.hourtap.runtime.Migrations;
import org.hourtap.runtime.Sqlite;
import org.hourtap.server.books.ChainCheck.Verdict;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Books that a hub wrote before transfers could be pending: the rows are its own, hashes and all.
@Timeout(60)
class OlderBooksTest {
    private static final int STEP = 9;
    private static final String HEAD =
            "barry/5/3299bdb1b1e693e35b921e498f7a56ccd011045c818359d12ed84a5b52c5937e";
    private static final TransferId DECLINED =
            TransferId.parse("01a205b8-1836-756b-96be-e8dbac522ed0");

    @TempDir Path folder;
    private Path file;

    @BeforeEach
    void write() throws Exception {
        file = folder.resolve("hub.db");
        List<String> steps =
                Schema.postgresSteps().subList(0, STEP).stream()
                        .map(step -> step.replace("postgresql/", "sqlite/"))
                        .toList();
        try (Sqlite database = Sqlite.open(file, 100);
                InputStream rows =
                        OlderBooksTest.class.getResourceAsStream("books-of-step-9.sql")) {
            Migrations.apply(database, Schema.class, steps);
            String script =
                    new String(Objects.requireNonNull(rows).readAllBytes(), StandardCharsets.UTF_8);
            database.<Integer, SQLException>transaction(connection -> {
                try (Statement statement = connection.createStatement()) {
                    for (String insert : script.strip().split(";\\n?")) {
                        statement.execute(insert);
                    }
                }
                return STEP;
            });
        }
    }

    private List<Verdict> verdicts(boolean inRanges) throws SQLException {
        try (Sqlite open = Sqlite.openReadOnly(file, 100)) {
            return inRanges
                    ? ChainCheck.verify(new Sql(open), file, _ -> {})
                    : ChainCheck.verify(new Sql(open), _ -> {});
        }
    }

    @Test
    void aCopyOfThemIsProvedAsItIs() throws Exception {
        List<Verdict> sound = List.of(new Verdict("barry", 5, HEAD, null));
        assertThat(verdicts(false)).isEqualTo(sound);
        assertThat(verdicts(true)).isEqualTo(sound);
        Tampering.change(file, "UPDATE transfer SET minutes = 46 WHERE sequence = 3");
        assertThat(verdicts(true)).isEqualTo(verdicts(false));
        assertThat(verdicts(true).getFirst().fault()).startsWith("transfer 3 does not hold");
    }

    @Test
    void theyOpenHoldAsBeforeAndGoOn() throws Exception {
        AccountId anns = AccountId.of(BARRY, ANN);
        AccountId bobs = AccountId.of(BARRY, BOB);
        try (TestBooks books = TestBooks.empty(folder)) {
            assertThat(verdicts(true)).containsExactly(new Verdict("barry", 5, HEAD, null));
            assertThat(books.balance(ANN)).isEqualTo(120);
            Recorded declined =
                    books.write(writing -> writing.books().recorded(BARRY, DECLINED)).orElseThrow();
            assertThat(declined)
                    .isEqualTo(
                            new Recorded.Declined(declined.transfer(), Rejection.EXCEEDS_BALANCE));
            assertThat(declined.transfer().stage()).isEqualTo(Stage.PLAIN);
            long now = 1_795_500_000_000_000L;
            Transfer held =
                    new Transfer(
                            TestBooks.id(1),
                            anns,
                            bobs,
                            new Credits(100),
                            Reason.GIFT,
                            null,
                            null,
                            now,
                            Stage.PENDING);
            PostOutcome outcome = books.write(writing -> writing.books().post(held, now));
            assertThat(outcome).isInstanceOf(PostOutcome.Posted.class);
            assertThat(books.trialBalance().isBalanced()).isTrue();
        }
        assertThat(verdicts(false)).extracting(Verdict::fault).containsOnlyNulls();
        assertThat(verdicts(true)).isEqualTo(verdicts(false));
        assertThat(PlainChainCheck.verify(file)).containsValue("6 hold");
        try (Sqlite database = Sqlite.open(file, 100)) {
            for (String change : List.of("stage = NULL", "decides = id", "until_micros = 1")) {
                assertThatThrownBy(() ->
                                database.transaction(_ ->
                                        new Sql(database).update("UPDATE transfer SET " + change)))
                        .hasMessageContaining("append-only");
            }
        }
        byte[] sound = Files.readAllBytes(file);
        for (String change :
                List.of(
                        "transfer SET stage = 'VOIDS' WHERE sequence = 6",
                        "transfer SET stage = NULL WHERE sequence = 6",
                        "transfer SET until_micros = 1 WHERE sequence = 6",
                        "transfer SET decides = id WHERE sequence = 6",
                        "account SET pending_debits = 0 WHERE owner = 'ann'",
                        "account SET pending_credits = 99 WHERE owner = 'bob'")) {
            Files.write(file, sound);
            Tampering.change(file, "UPDATE " + change);
            assertThat(verdicts(true)).as(change).isEqualTo(verdicts(false));
            assertThat(verdicts(true).getFirst().fault())
                    .as(change)
                    .startsWith(
                            change.startsWith("transfer")
                                    ? "transfer 6 does not"
                                    : "account MEMBER:");
        }
    }
}
