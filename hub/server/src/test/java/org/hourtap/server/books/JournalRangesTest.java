package org.hourtap.server.books;

import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.server.books.TestBooks.id;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.hourtap.contract.BookId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.MemberId;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.Amount;
import org.hourtap.ledger.PostOutcome;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Stage;
import org.hourtap.ledger.Transfer;
import org.hourtap.runtime.Sqlite;
import org.hourtap.server.books.ChainCheck.Verdict;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Read in ranges, a journal gets the same verdict as read row by row.
@Timeout(120)
class JournalRangesTest {
    private static final List<BookId> BOOKS =
            List.of(new BookId("barry"), new BookId("cardiff"), new BookId("neath"));
    private static final int ROWS = 300;

    /// So that there are several rounds of them.
    private static final int RANGE = 3;

    @TempDir Path folder;
    private Path file;
    private byte[] sound = {};

    @BeforeEach
    void post() throws Exception {
        file = folder.resolve("hub.db");
        try (TestBooks books = TestBooks.empty(folder)) {
            books.write(writing -> {
                SplittableRandom random = new SplittableRandom(7);
                Map<BookId, Transfer> held = new TreeMap<>(comparing(BookId::value));
                for (BookId book : BOOKS) {
                    writing.books().openBook(book, "Time bank");
                    for (int n = 0; n < 5; n++) {
                        writing.books().open(member(book, n));
                    }
                }
                for (int n = 1; n <= ROWS; n++) {
                    // The first two are in turns, the third is a newcomer.
                    BookId book = BOOKS.get(random.nextInt(n < 100 ? 2 : 3));
                    AccountId to = member(book, random.nextInt(5));
                    Transfer before = held.remove(book);
                    Transfer next =
                            before != null && random.nextBoolean()
                                    ? decision(n, before, random)
                                    : new Transfer(
                                            id(n),
                                            AccountId.issuance(book),
                                            to,
                                            new Credits(1 + random.nextInt(90)),
                                            Reason.ADJUSTMENT,
                                            null,
                                            null,
                                            n,
                                            stage(n, random));
                    if (next.stage().kind() == Stage.Kind.PENDING) {
                        held.put(book, next);
                    }
                    assertThat(writing.books().post(next, writing.nowMicros()))
                            .isInstanceOf(PostOutcome.Posted.class);
                }
                return true;
            });
        }
        try (Sqlite database = Sqlite.open(file, 100)) {
            assertThat(database.foldLog()).isTrue();
        }
        sound = Files.readAllBytes(file);
    }

    private static Stage stage(int n, SplittableRandom random) {
        return switch (random.nextInt(5)) {
            case 0 -> Stage.PENDING;
            case 1 -> Stage.pendingUntil(n + 1L + random.nextInt(2 * ROWS));
            default -> Stage.PLAIN;
        };
    }

    private static Transfer decision(int n, Transfer pending, SplittableRandom random) {
        boolean isPosted = n < or(pending.stage().untilMicros(), ROWS + 1) && random.nextBoolean();
        return new Transfer(
                id(n),
                pending.debit(),
                pending.credit(),
                isPosted ? Amount.of(new Credits(1)) : pending.amount(),
                pending.reason(),
                null,
                null,
                n,
                isPosted ? Stage.posting(pending.id()) : Stage.voiding(pending.id()));
    }

    private static long or(@Nullable Long number, long otherwise) {
        return number == null ? otherwise : number;
    }

    private static AccountId member(BookId book, int n) {
        return AccountId.of(book, new MemberId("m" + n));
    }

    @Test
    void whatHoldsHoldsHoweverItIsCut() throws Exception {
        for (int range : List.of(1, 2, 7, ROWS - 1, ROWS, ROWS + 1, 4_096)) {
            assertThat(inRanges(range)).isEqualTo(inOrder());
            assertThat(shape(inRanges(range))).isEqualTo(PlainChainCheck.verify(file));
            assertThat(inRanges(range)).extracting(Verdict::fault).containsOnlyNulls();
        }
    }

    @Test
    void aFaultAtABorderIsNamedLikeAnyOther() throws Exception {
        for (int row = 149; row <= 151; row++) { // a border after 150
            for (String change :
                    List.of(
                            "UPDATE transfer SET hash = zeroblob(32) WHERE rowid = ",
                            "UPDATE transfer SET hash = NULL WHERE rowid = ",
                            "UPDATE transfer SET minutes = minutes + 1 WHERE rowid = ",
                            "UPDATE transfer SET corrects = x'' WHERE rowid = ",
                            "UPDATE transfer SET terminal = 't', tap_sequence = 1, tap_reuse = 0"
                                    + " WHERE rowid = ",
                            "UPDATE transfer SET book_id = 'barr' WHERE rowid = ",
                            "UPDATE transfer SET stage = 'EXPIRES' WHERE rowid = ",
                            "UPDATE transfer SET stage = NULL, decides = x'00' WHERE rowid = ",
                            "UPDATE transfer SET until_micros = 5 WHERE rowid = ",
                            "DELETE FROM transfer WHERE rowid = ",
                            "UPDATE transfer SET rowid = rowid + 5000000000 WHERE rowid = ",
                            "UPDATE transfer SET rowid = -rowid WHERE rowid = ")) {
                Files.write(file, sound);
                tamper(change + row);
                assertSame(change + row);
                assertThat(inRanges(RANGE)).extracting(Verdict::fault).anyMatch(f -> f != null);
            }
        }
    }

    @Test
    void theLastRowIdThereCanBeIsReadToo() throws Exception {
        tamper("UPDATE transfer SET rowid = 9223372036854775807 WHERE rowid = " + ROWS);
        assertSame("moved to the end");
        assertThat(inRanges(RANGE)).extracting(Verdict::fault).containsOnlyNulls();
        tamper("UPDATE transfer SET rowid = -9223372036854775808 WHERE rowid = 1");
        assertSame("moved to the beginning");
        assertThat(inRanges(RANGE)).extracting(Verdict::fault).containsOnlyNulls();
        tamper("DELETE FROM transfer");
        assertSame("empty");
    }

    /// As no hub would write it, but what a change of the file itself can leave behind.
    @Test
    void randomDamageGetsTheSameVerdictFromAll() throws Exception {
        SplittableRandom random = new SplittableRandom(11);
        List<String> columns =
                List.of(
                        "minutes",
                        "leg",
                        "event_micros",
                        "posted_micros",
                        "debit",
                        "credit_previous",
                        "debit_previous",
                        "debit_balance",
                        "credit_balance",
                        "until_micros",
                        "sequence");
        for (int i = 0; i < 30; i++) {
            Files.write(file, sound);
            StringBuilder changes = new StringBuilder();
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                int row = 1 + random.nextInt(ROWS);
                String change =
                        switch (random.nextInt(5)) {
                            case 0 -> "DELETE FROM transfer WHERE rowid = " + row;
                            case 1 ->
                                    "UPDATE account SET pending_credits = pending_credits + 1"
                                            + " WHERE number = "
                                            + random.nextInt(9);
                            case 2 ->
                                    "UPDATE OR IGNORE transfer SET book_id = '"
                                            + BOOKS.get(random.nextInt(3))
                                            + "' WHERE rowid = "
                                            + row;
                            case 3 ->
                                    "UPDATE OR IGNORE transfer SET rowid = rowid * 2 WHERE rowid ="
                                            + " "
                                            + row;
                            default -> {
                                String column = columns.get(random.nextInt(columns.size()));
                                yield "UPDATE OR IGNORE transfer SET %s = %s + %d WHERE rowid = %d"
                                        .formatted(column, column, 1 + random.nextInt(2), row);
                            }
                        };
                tamper(change);
                changes.append(change).append("; ");
            }
            assertSame(changes.toString());
        }
    }

    /// Books that grow meanwhile are proved as they stood.
    @Test
    void whatIsPostedMeanwhileIsLeftOut() throws Exception {
        try (TestBooks books = TestBooks.empty(folder);
                Sqlite database = Sqlite.openReadOnly(file, 100)) {
            List<Verdict> before = inOrder();
            List<Verdict> verdicts =
                    database.<List<Verdict>, SQLException>transaction(_ -> {
                        Sql sql = new Sql(database);
                        assertThat(sql.number("SELECT COUNT(*) FROM transfer")).isEqualTo(ROWS);
                        giveOne(books);
                        return ChainCheck.verify(sql, JournalRanges.of(file, RANGE), _ -> {});
                    });
            assertThat(verdicts).isEqualTo(before);
            assertThat(inRanges(RANGE)).isNotEqualTo(before).isEqualTo(inOrder());
        }
    }

    private static void giveOne(TestBooks books) throws SQLException {
        try {
            books.write(writing ->
                    writing.books()
                            .post(
                                    new Transfer(
                                            id(ROWS + 1),
                                            AccountId.issuance(BOOKS.getFirst()),
                                            member(BOOKS.getFirst(), 1),
                                            new Credits(60),
                                            Reason.ADJUSTMENT,
                                            null,
                                            null,
                                            1),
                                    writing.nowMicros()));
        } catch (RefusedException | UnavailableException | InterruptedException e) {
            throw new SQLException(e);
        }
    }

    private void assertSame(String change) throws Exception {
        assertThat(inRanges(RANGE)).as(change).isEqualTo(inOrder());
        assertThat(shape(inOrder())).as(change).isEqualTo(PlainChainCheck.verify(file));
    }

    private List<Verdict> inOrder() throws SQLException {
        try (Sqlite open = Sqlite.openReadOnly(file, 100)) {
            return ChainCheck.verify(new Sql(open), _ -> {});
        }
    }

    private List<Verdict> inRanges(int rows) throws SQLException {
        try (Sqlite open = Sqlite.openReadOnly(file, 100)) {
            return ChainCheck.verify(new Sql(open), JournalRanges.of(file, rows), _ -> {});
        }
    }

    private static Map<String, String> shape(List<Verdict> verdicts) {
        Map<String, String> shape = new TreeMap<>();
        for (Verdict verdict : verdicts) {
            shape.put(
                    verdict.book(),
                    verdict.transfers()
                            + (verdict.fault() == null ? " hold" : " hold, then a fault"));
        }
        return shape;
    }

    private void tamper(String change) throws SQLException {
        Tampering.change(file, change);
    }
}
