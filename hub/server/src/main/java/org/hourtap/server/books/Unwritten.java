package org.hourtap.server.books;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hourtap.contract.BookId;
import org.hourtap.contract.TransferId;
import org.hourtap.ledger.Entry;
import org.jspecify.annotations.Nullable;

/// Entries of a group of commands that are not in the database yet. Their ids are taken for new;
/// writing them, all at once, shows whether they were.
final class Unwritten {
    private final Sql sql;
    private final Map<Key, Entry> entries = new HashMap<>();
    private final Map<Key, TransferId> corrections = new HashMap<>();
    private final Map<BookId, List<byte[]>> ids = new HashMap<>();
    private final List<@Nullable Object[]> rows = new ArrayList<>();

    private record Key(BookId book, TransferId id) {}

    Unwritten(Sql sql) {
        this.sql = sql;
    }

    void add(BookId book, Entry entry, @Nullable Object[] row) {
        TransferId id = entry.transfer().id();
        TransferId corrects = entry.transfer().corrects();
        entries.put(new Key(book, id), entry);
        if (corrects != null) {
            corrections.put(new Key(book, corrects), id);
        }
        ids.computeIfAbsent(book, _ -> new ArrayList<>()).add(Ids.bytes(id));
        rows.add(row);
    }

    Optional<Entry> entry(BookId book, TransferId id) {
        return Optional.ofNullable(entries.get(new Key(book, id)));
    }

    Optional<TransferId> correctionOf(BookId book, TransferId original) {
        return Optional.ofNullable(corrections.get(new Key(book, original)));
    }

    /// Writes all of them. An id that is in the journal already breaks its key.
    ///
    /// @throws LookAgainException if one was declined before
    void flush() throws SQLException {
        for (Map.Entry<BookId, List<byte[]>> book : ids.entrySet()) {
            long declined =
                    sql.number(
                            "SELECT COUNT(*) FROM declined WHERE book_id = ? AND id = ANY(?)",
                            book.getKey().value(),
                            book.getValue().toArray(byte[][]::new));
            if (declined > 0) {
                throw new LookAgainException(null);
            }
        }
        if (!rows.isEmpty()) {
            int[] _ = sql.batch(TransferRows.INSERT, rows);
        }
        forget();
    }

    void forget() {
        entries.clear();
        corrections.clear();
        ids.clear();
        rows.clear();
    }
}
