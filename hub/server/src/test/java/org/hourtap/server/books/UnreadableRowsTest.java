package org.hourtap.server.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.server.books.TestBooks.id;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.hourtap.contract.BookId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.MemberId;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.PostOutcome;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Transfer;
import org.hourtap.runtime.Sqlite;
import org.hourtap.server.books.ChainCheck.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A page that SQLite cannot read is no reason not to say which transfer does not hold.
@Timeout(120)
class UnreadableRowsTest {
    private static final int ROWS = 400;
    private static final int PAGE = 4_096;

    /// What a page of a table begins with; another byte and SQLite reads none of it.
    private static final byte NO_PAGE = 0x77;

    @TempDir Path folder;

    private Path post(BookId... books) throws Exception {
        try (TestBooks open = TestBooks.empty(folder)) {
            open.write(writing -> {
                for (BookId book : books) {
                    writing.books().openBook(book, "Time bank");
                    writing.books().open(ann(book));
                }
                for (int n = 1; n <= ROWS; n++) {
                    BookId book = books[n % books.length];
                    Transfer next =
                            new Transfer(
                                    id(n),
                                    AccountId.issuance(book),
                                    ann(book),
                                    new Credits(60),
                                    Reason.ADJUSTMENT,
                                    null,
                                    null,
                                    n);
                    assertThat(writing.books().post(next, writing.nowMicros()))
                            .isInstanceOf(PostOutcome.Posted.class);
                }
                return true;
            });
        }
        Path file = folder.resolve("hub.db");
        try (Sqlite database = Sqlite.open(file, 100)) {
            assertThat(database.foldLog()).isTrue();
        }
        return file;
    }

    private static AccountId ann(BookId book) {
        return AccountId.of(book, new MemberId("ann"));
    }

    @Test
    void theFirstTransferThatCannotBeReadIsNamed() throws Exception {
        Path file = post(new BookId("barry"));
        for (int page : pages(file)) {
            byte[] sound = damage(file, page);
            Verdict verdict = verify(file).getFirst();
            long first = firstUnreadable(file).getFirst();
            assertThat(verdict.fault())
                    .as("page %d", page)
                    .startsWith("transfer " + first + " does not hold: it cannot be read");
            assertThat(verdict.transfers()).isEqualTo(first - 1);
            Files.write(file, sound);
        }
        assertThat(verify(file).getFirst().fault()).isNull();
    }

    @Test
    void ofSeveralBooksTheOneItIsInIsNamedAndTheOthersAreNotSaidToHold() throws Exception {
        Path file = post(new BookId("barry"), new BookId("neath"));
        Map<Long, String> places = places(file);
        for (int page : pages(file)) {
            byte[] sound = damage(file, page);
            String place = places.get(firstUnreadable(file).getFirst());
            for (Verdict verdict : verify(file)) {
                assertThat(verdict.book() + ": " + verdict.fault())
                        .as("page %d", page)
                        .containsAnyOf(place + " does not hold", "was not looked at");
            }
            assertThat(verify(file))
                    .anyMatch(one -> (one.book() + ": " + one.fault()).startsWith(place));
            Files.write(file, sound);
        }
    }

    /// The leaves of the journal.
    private static List<Integer> pages(Path file) throws SQLException {
        try (Sqlite open = Sqlite.openReadOnly(file, 100)) {
            List<Integer> pages =
                    new Sql(open)
                            .list(
                                    "SELECT pageno FROM dbstat WHERE name = 'transfer'"
                                            + " AND pagetype = 'leaf'",
                                    row -> row.getInt(1));
            assertThat(pages).hasSizeGreaterThan(5);
            return pages;
        }
    }

    private static Map<Long, String> places(Path file) throws SQLException {
        Map<Long, String> places = new TreeMap<>();
        try (Sqlite open = Sqlite.openReadOnly(file, 100)) {
            new Sql(open)
                    .each(
                            "SELECT rowid, book_id, sequence FROM transfer",
                            row ->
                                    places.put(
                                            row.getLong(1),
                                            row.getString(2) + ": transfer " + row.getLong(3)));
        }
        return places;
    }

    /// @return the file as it was
    private static byte[] damage(Path file, int page) throws Exception {
        byte[] sound = Files.readAllBytes(file);
        byte[] damaged = sound.clone();
        damaged[(page - 1) * PAGE] = NO_PAGE;
        Files.write(file, damaged);
        return sound;
    }

    private static List<Long> firstUnreadable(Path file) throws SQLException {
        List<Long> unreadable = new ArrayList<>();
        try (Sqlite open = Sqlite.openReadOnly(file, 100)) {
            for (long rowid = 1; rowid <= ROWS; rowid++) {
                try {
                    new Sql(open)
                            .one(
                                    "SELECT minutes FROM transfer NOT INDEXED WHERE rowid = ?",
                                    row -> row.getLong(1),
                                    rowid);
                } catch (SQLException e) {
                    unreadable.add(rowid);
                    open.forgetPrepared();
                }
            }
        }
        return unreadable;
    }

    private static List<Verdict> verify(Path file) throws SQLException {
        try (Sqlite open = Sqlite.openReadOnly(file, 100)) {
            return ChainCheck.verify(new Sql(open), JournalRanges.of(file, 16), _ -> {});
        }
    }
}
