package org.hourtap.server.books;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.hourtap.contract.BookId;
import org.hourtap.ledger.Account;
import org.hourtap.runtime.Engine;
import org.jspecify.annotations.Nullable;

/// What a group of commands did to accounts, to their rows.
final class AccountRows {
    private static final String UPDATE =
            "UPDATE account SET debits = ?, credits = ?, pending_debits = ?, pending_credits = ?,"
                    + " last_entry = ? WHERE book_id = ? AND number = ?";

    /// One statement for all: to a database server, many of them are most of a commit's time.
    private static final String UPDATE_TOGETHER =
            "UPDATE account SET debits = u.debits, credits = u.credits,"
                    + " pending_debits = u.pending_debits, pending_credits = u.pending_credits,"
                    + " last_entry = u.last_entry FROM unnest(?::bigint[], ?::bigint[], ?::bigint[],"
                    + " ?::bigint[], ?::bigint[], ?::bigint[])"
                    + " AS u (debits, credits, pending_debits, pending_credits, last_entry, number)"
                    + " WHERE account.book_id = ? AND account.number = u.number";

    private AccountRows() {}

    /// @param number by which entries refer to the account
    record Row(long number, Account account) {}

    /// @param rows different accounts of the book
    static void update(Sql sql, BookId book, List<Row> rows) throws SQLException {
        int written =
                sql.engine() == Engine.SQLITE
                        ? oneByOne(sql, book, rows)
                        : sql.update(
                                UPDATE_TOGETHER,
                                column(rows, row -> row.account().balance().debits()),
                                column(rows, row -> row.account().balance().credits()),
                                column(rows, row -> row.account().balance().pendingDebits()),
                                column(rows, row -> row.account().balance().pendingCredits()),
                                column(rows, row -> row.account().lastEntry()),
                                column(rows, Row::number),
                                book.value());
        if (written != rows.size()) {
            throw new IllegalStateException(
                    "book "
                            + book
                            + " has rows for "
                            + written
                            + " of "
                            + rows.size()
                            + " accounts");
        }
    }

    private static int oneByOne(Sql sql, BookId book, List<Row> rows) throws SQLException {
        List<@Nullable Object[]> values = new ArrayList<>();
        for (Row row : rows) {
            Account account = row.account();
            values.add(
                    new @Nullable Object[] {
                        account.balance().debits(),
                        account.balance().credits(),
                        account.balance().pendingDebits(),
                        account.balance().pendingCredits(),
                        account.lastEntry(),
                        book.value(),
                        row.number()
                    });
        }
        int written = 0;
        for (int count : sql.batch(UPDATE, values)) {
            written += count;
        }
        return written;
    }

    private static long[] column(List<Row> rows, ToLongFunction<Row> value) {
        return rows.stream().mapToLong(value).toArray();
    }
}
