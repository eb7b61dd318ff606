package org.hourtap.server.books;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hourtap.contract.BookId;
import org.hourtap.runtime.Sqlite;

/// Gives transfers from before there was a chain their hashes, once. A row without a hash that has
/// one with a hash after it was not from before, and is left to [ChainCheck].
final class Chaining {
    /// So many at once; a power cut in between costs nothing.
    private static final int ROWS = 10_000;

    private static final System.Logger LOG = System.getLogger(Chaining.class.getName());

    private final Sqlite database;
    private final Sql sql;
    private final Chain chain = new Chain();

    private Chaining(Sqlite database) {
        this.database = database;
        this.sql = new Sql(database);
    }

    static void complete(Sqlite database) throws SQLException {
        Chaining chaining = new Chaining(database);
        List<String> books =
                chaining.sql.list(
                        "SELECT DISTINCT book_id FROM transfer WHERE hash IS NULL",
                        row -> row.getString(1));
        for (String book : books) {
            chaining.complete(new BookId(book));
        }
    }

    private void complete(BookId book) throws SQLException {
        long first =
                sql.number(
                        "SELECT MIN(sequence) FROM transfer WHERE book_id = ? AND hash IS NULL",
                        book.value());
        long last =
                sql.number("SELECT MAX(sequence) FROM transfer WHERE book_id = ?", book.value());
        long open =
                sql.number(
                        "SELECT COUNT(*) FROM transfer WHERE book_id = ? AND hash IS NULL",
                        book.value());
        if (last - first + 1 != open) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "book {0}: transfer {1} has lost its hash; keep a copy of the data folder and"
                            + " run hourtap-hub audit verify",
                    book,
                    first);
            return;
        }
        byte[] previous =
                sql.one(
                                "SELECT hash FROM transfer WHERE book_id = ? AND sequence = ?",
                                row -> row.getBytes(1),
                                book.value(),
                                first - 1)
                        .orElseGet(() -> chain.first(book.value()));
        for (long at = first; at <= last; at += ROWS) {
            long from = at;
            byte[] before = previous;
            previous = database.transaction(_ -> some(book, from, before));
            LOG.log(
                    System.Logger.Level.INFO,
                    "book {0}: {1} of {2} transfers chained",
                    book,
                    Math.min(last, from + ROWS - 1),
                    last);
        }
    }

    private byte[] some(BookId book, long from, byte[] previous) throws SQLException {
        Map<Long, byte[]> hashes = new LinkedHashMap<>();
        byte[][] at = {previous};
        sql.each(
                TransferRows.SELECT_ENTRY
                        + " WHERE t.book_id = ? AND t.sequence >= ?"
                        + " ORDER BY t.sequence LIMIT ?",
                row -> {
                    TransferRow one = TransferRow.read(row);
                    at[0] =
                            one.hash(
                                    chain,
                                    at[0],
                                    TransferRows.account(book, row, "debit").name(),
                                    TransferRows.account(book, row, "credit").name());
                    hashes.put(one.sequence(), at[0]);
                },
                book.value(),
                from,
                ROWS);
        for (Map.Entry<Long, byte[]> one : hashes.entrySet()) {
            sql.update(
                    "UPDATE transfer SET hash = ? WHERE book_id = ? AND sequence = ?",
                    one.getValue(),
                    book.value(),
                    one.getKey());
        }
        return at[0];
    }
}
