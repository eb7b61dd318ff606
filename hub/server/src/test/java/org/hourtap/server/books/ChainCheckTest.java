package org.hourtap.server.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.server.books.TestBooks.ANN;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.books.TestBooks.BOB;
import static org.hourtap.server.books.TestBooks.id;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.hourtap.contract.Credits;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.Amount;
import org.hourtap.ledger.Entry;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Stage;
import org.hourtap.ledger.Transfer;
import org.hourtap.runtime.Sqlite;
import org.hourtap.runtime.StorageFault;
import org.hourtap.server.books.ChainCheck.Verdict;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ChainCheckTest {
    private static final int TRANSFERS = 200;
    private static final int CHANGED = 123;

    @TempDir Path folder;
    private Path file;

    @BeforeEach
    void post() throws Exception {
        file = folder.resolve("hub.db");
        try (TestBooks books = TestBooks.furnished(folder)) {
            for (int n = 1; n < TRANSFERS; n++) {
                boolean isAnns = n % 2 == 1;
                AccountId from = AccountId.of(BARRY, isAnns ? ANN : BOB);
                AccountId to = AccountId.of(BARRY, isAnns ? BOB : ANN);
                Transfer gift =
                        new Transfer(id(n), from, to, new Credits(1), Reason.GIFT, null, null, n);
                books.write(writing -> writing.books().post(gift, writing.nowMicros()));
            }
        }
        try (Sqlite database = Sqlite.open(file, 100)) {
            assertThat(database.foldLog()).isTrue();
        }
    }

    @Test
    void whatWasPostedHoldsAndItsHeadIsKnownLater() throws Exception {
        Verdict verdict = verified(file);
        assertThat(verdict.fault()).isNull();
        assertThat(verdict.transfers()).isEqualTo(TRANSFERS);
        assertThat(verdict.head()).matches("barry/200/[0-9a-f]{64}");
        try (TestBooks books = TestBooks.empty(folder)) {
            books.give(77, BOB, 5);
            assertThat(books.<Boolean>read(sql -> ChainCheck.holds(sql, verdict.head()))).isTrue();
        }
        Verdict later = verified(file);
        assertThat(later.fault()).isNull();
        assertThat(later.transfers()).isEqualTo(TRANSFERS + 1);
    }

    @Test
    void aChangedColumnIsFoundInItsRow() throws Exception {
        byte[] sound = Files.readAllBytes(file);
        for (String change :
                List.of(
                        "id = randomblob(16)",
                        "debit = credit, credit = debit",
                        "minutes = minutes + 1",
                        "reason = 'SPEND'",
                        "corrects = zeroblob(16)",
                        "terminal = 'pool', tap_sequence = 1, tap_reuse = 0",
                        "leg = leg + 1",
                        "event_micros = event_micros + 1",
                        "posted_micros = posted_micros + 1",
                        "debit_previous = debit_previous - 1",
                        "credit_previous = 0",
                        "debit_balance = debit_balance + 1",
                        "credit_balance = 0",
                        "stage = 'PENDING'",
                        "stage = 'POSTS', decides = zeroblob(16)",
                        "decides = zeroblob(16)",
                        "until_micros = 0",
                        "hash = zeroblob(32)",
                        "hash = NULL")) {
            Files.write(file, sound);
            tamper("UPDATE transfer SET " + change + " WHERE sequence = " + CHANGED);
            Verdict verdict = verified(file);
            assertThat(verdict.fault()).as(change).startsWith("transfer 123 does not hold");
            assertThat(verdict.transfers()).as(change).isEqualTo(CHANGED - 1);
        }
    }

    @Test
    void aRowThatIsGoneOrCameFromElsewhereIsNamed() throws Exception {
        byte[] sound = Files.readAllBytes(file);
        tamper("DELETE FROM transfer WHERE sequence = " + CHANGED);
        assertThat(verified(file).fault())
                .isEqualTo("transfer 124 does not hold: transfer 123 should stand here");
        Files.write(file, sound);
        tamper("UPDATE transfer SET book_id = 'penarth' WHERE sequence = " + CHANGED);
        try (Sqlite database = Sqlite.openReadOnly(file, 100)) {
            List<Verdict> verdicts = ChainCheck.verify(new Sql(database), _ -> {});
            assertThat(verdicts).extracting(Verdict::fault).doesNotContainNull().hasSize(2);
        }
        Files.write(file, sound);
        String head = verified(file).head();
        tamper("DELETE FROM transfer WHERE sequence = " + TRANSFERS);
        assertThat(verified(file).fault()).startsWith("account MEMBER:").contains("does not hold");
        try (Sqlite database = Sqlite.openReadOnly(file, 100)) {
            assertThat(ChainCheck.holds(new Sql(database), head)).isFalse();
        }
    }

    @Test
    void anAccountThatSaysOtherwiseThanItsTransfersIsNamed() throws Exception {
        byte[] sound = Files.readAllBytes(file);
        for (String change :
                List.of(
                        "credits = credits + 1",
                        "debits = debits + 1, credits = credits + 1",
                        "pending_debits = 1",
                        "pending_credits = 1",
                        "last_entry = last_entry - 1")) {
            Files.write(file, sound);
            tamper("UPDATE account SET " + change + " WHERE owner = 'ann'");
            assertThat(verified(file).fault()).as(change).startsWith("account MEMBER:ann does not");
        }
        Files.write(file, sound);
        tamper("UPDATE account SET owner = 'eve' WHERE owner = 'ann'");
        assertThat(verified(file).fault()).startsWith("transfer 1 does not hold");
    }

    /// As by a hub that has forgotten the rule.
    @Test
    void pencePostedAsHoursAreFoundWhoeverHashedThem() throws Exception {
        try (TestBooks books = TestBooks.empty(folder)) {
            Transfer made =
                    new Transfer(
                            id(500),
                            AccountId.payers(BARRY),
                            AccountId.of(BARRY, ANN),
                            Amount.pence(60),
                            Reason.CASH_TAKEN,
                            null,
                            null,
                            1,
                            Stage.PLAIN);
            books.write(writing -> {
                long last = writing.books().head(BARRY).sequence();
                return new TransferRows(writing.sql())
                        .append(
                                BARRY,
                                new Entry(last + 1, made, 0, last, 60, 60),
                                number(writing.sql(), "PAYERS", ""),
                                number(writing.sql(), "MEMBER", "ann"),
                                writing.nowMicros(),
                                writing.books().head(BARRY).hash());
            });
        }
        assertThat(verified(file).fault())
                .isEqualTo(
                        "transfer 201 does not hold: one of its accounts is kept in minutes and the"
                                + " other in pence");
    }

    private static long number(Sql sql, String kind, String owner) throws SQLException {
        return sql.number("SELECT number FROM account WHERE kind = ? AND owner = ?", kind, owner);
    }

    /// Whatever byte it is: either nothing that was read is different, or it is noticed.
    @Test
    void noChangedByteOfJournalOrAccountsIsOverlooked() throws Exception {
        byte[] sound = Files.readAllBytes(file);
        List<String> before = contents(file);
        SplittableRandom random = new SplittableRandom(5);
        Path copy = folder.resolve("copy.db");
        int noticed = 0;
        for (int i = 0; i < 600; i++) {
            byte[] changed = sound.clone();
            int at = random.nextInt(changed.length);
            changed[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(copy, changed);
            List<String> now = contents(copy);
            if (isNoticed(copy)) {
                noticed++;
            } else {
                now.removeAll(before);
                assertThat(now).as("byte %d", at).isEmpty();
            }
        }
        assertThat(noticed).isGreaterThan(50);
    }

    @Test
    void transfersFromBeforeTheChainGetTheSameHashesAsNewOnes() throws Exception {
        Verdict before = verified(file);
        for (String which : List.of("sequence > 0", "sequence > 50")) {
            tamper("UPDATE transfer SET hash = NULL WHERE " + which);
            try (TestBooks books = TestBooks.empty(folder)) {
                assertThat(books.trialBalance().isBalanced()).isTrue();
            }
            assertThat(verified(file)).isEqualTo(before);
        }
        tamper("UPDATE transfer SET hash = NULL WHERE sequence = 50");
        try (TestBooks books = TestBooks.empty(folder)) {
            books.give(77, BOB, 5);
        }
        assertThat(verified(file).fault()).startsWith("transfer 50 does not hold");
    }

    private static Verdict verified(Path database) throws SQLException {
        try (Sqlite open = Sqlite.openReadOnly(database, 100)) {
            return ChainCheck.verify(new Sql(open), _ -> {}).getFirst();
        }
    }

    private static boolean isNoticed(Path database) {
        try (Sqlite open = Sqlite.openReadOnly(database, 100)) {
            List<Verdict> verdicts = ChainCheck.verify(new Sql(open), _ -> {});
            return verdicts.size() != 1
                    || verdicts.getFirst().fault() != null
                    || verdicts.getFirst().transfers() != TRANSFERS
                    || !open.integrityCheck().equals("ok"); // such as a number that is no integer
        } catch (SQLException e) {
            assertThat(StorageFault.of(e)).isIn(StorageFault.DAMAGED, StorageFault.OTHER);
            return true;
        }
    }

    private void tamper(String change) throws SQLException {
        Tampering.change(file, change);
    }

    /// @return all that the two tables hold, as far as it can be read
    private static List<String> contents(Path database) {
        List<String> all = new ArrayList<>();
        try (Connection raw = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = raw.createStatement()) {
            for (String query :
                    List.of(
                            "SELECT * FROM transfer NOT INDEXED ORDER BY rowid",
                            "SELECT book_id, number, kind, owner, debits, credits, last_entry,"
                                    + " pending_debits, pending_credits FROM account")) {
                try (ResultSet rows = statement.executeQuery(query)) {
                    int columns = rows.getMetaData().getColumnCount();
                    while (rows.next()) {
                        StringBuilder row = new StringBuilder();
                        for (int i = 1; i <= columns; i++) {
                            byte[] bytes = rows.getBytes(i);
                            row.append(
                                            bytes == null
                                                    ? "-"
                                                    : java.util.HexFormat.of().formatHex(bytes))
                                    .append(' ');
                        }
                        all.add(row.toString());
                    }
                }
            }
        } catch (SQLException e) {
            return all; // what cannot be read misleads nobody
        }
        return all;
    }
}
