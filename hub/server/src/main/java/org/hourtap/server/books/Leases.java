package org.hourtap.server.books;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.hourtap.contract.BookId;
import org.hourtap.runtime.Engine;
import org.hourtap.runtime.StorageFault;

/// Which books this writer holds, and under which epoch. Each commit ends with a look at the rows
/// of the books it holds; if another writer has taken one over meanwhile, nothing of the commit is
/// kept. So a writer that was only thought dead can do no harm when it wakes up.
final class Leases {
    private final Sql sql;
    private final boolean isShared;
    private final Map<BookId, Long> held = new LinkedHashMap<>();
    // INVARIANT: in the transaction under way and not committed.
    private final Map<BookId, Long> taken = new LinkedHashMap<>();
    private Map<BookId, Long> takenBefore = Map.of();

    Leases(Sql sql) {
        this.sql = sql;
        // A file has one writer at a time; looking is enough.
        this.isShared = sql.engine() == Engine.POSTGRESQL;
    }

    /// Takes a book from whoever had it, unless it is held already.
    void take(BookId book) throws SQLException {
        if (holds(book)) {
            return;
        }
        sql.update(
                "INSERT INTO lease (book_id, holder, epoch, beat) VALUES (?, ?, 1, 0)"
                        + " ON CONFLICT (book_id) DO UPDATE"
                        + " SET holder = excluded.holder, epoch = lease.epoch + 1",
                book.value(),
                Long.toString(ProcessHandle.current().pid()));
        taken.put(book, sql.number("SELECT epoch FROM lease WHERE book_id = ?", book.value()));
    }

    /// @return whether this writer has the book
    boolean holds(BookId book) {
        return held.containsKey(book) || taken.containsKey(book);
    }

    /// The last thing before a commit.
    ///
    /// @throws SQLException if a book is held by another writer by now
    void check() throws SQLException {
        for (Map.Entry<BookId, Long> lease : held.entrySet()) {
            check(lease.getKey(), lease.getValue());
        }
        for (Map.Entry<BookId, Long> lease : taken.entrySet()) {
            check(lease.getKey(), lease.getValue());
        }
    }

    private void check(BookId book, long epoch) throws SQLException {
        long rows =
                isShared
                        ? sql.update(
                                "UPDATE lease SET beat = beat + 1 WHERE book_id = ? AND epoch = ?",
                                book.value(),
                                epoch)
                        : sql.number(
                                "SELECT COUNT(*) FROM lease WHERE book_id = ? AND epoch = ?",
                                book.value(),
                                epoch);
        if (rows != 1) {
            throw new SQLException(
                    "book " + book + " is no longer held in epoch " + epoch,
                    StorageFault.TAKEN_OVER_STATE);
        }
    }

    void beginCommand() {
        takenBefore = taken.isEmpty() ? Map.of() : new HashMap<>(taken);
    }

    void undoCommand() {
        taken.keySet().retainAll(takenBefore.keySet());
    }

    void committed() {
        held.putAll(taken);
        taken.clear();
    }

    /// What was not committed is not held.
    void forget() {
        taken.clear();
    }
}
