package org.hourtap.server.inbox;

import java.sql.SQLException;
import org.hourtap.contract.BookId;
import org.hourtap.contract.TerminalId;
import org.hourtap.server.books.Sql;

/// How far a terminal's journal is in the books.
///
/// @param last everything the terminal sent up to here is in the books
/// @param isRewound whether the terminal came back with an older journal, so that `last` says
///   nothing about what it holds now
record Position(long last, boolean isRewound) {
    static Position read(Sql sql, BookId book, TerminalId terminal) throws SQLException {
        return sql.one(
                        "SELECT last_sequence, is_rewound FROM terminal"
                                + " WHERE book_id = ? AND id = ?",
                        row ->
                                new Position(
                                        row.getLong("last_sequence"),
                                        row.getLong("is_rewound") != 0),
                        book.value(),
                        terminal.value())
                .orElseThrow(() -> new SQLException("no terminal " + terminal));
    }

    /// Compare and set: fails if anyone else has moved it since it was read.
    void advance(Sql sql, BookId book, TerminalId terminal, Position to) throws SQLException {
        int changed =
                sql.update(
                        "UPDATE terminal SET last_sequence = ?, is_rewound = ? WHERE book_id = ?"
                                + " AND id = ? AND last_sequence = ? AND is_rewound = ?",
                        to.last,
                        to.isRewound ? 1 : 0,
                        book.value(),
                        terminal.value(),
                        last,
                        isRewound ? 1 : 0);
        if (changed != 1) {
            throw new IllegalStateException("the position of " + terminal + " moved meanwhile");
        }
    }
}
