package org.hourtap.server.books;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
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
    /// Beyond this, looking up each id is no dearer.
    private static final int DECLINED_MAX = 256;

    private final Sql sql;
    private final Map<Key, Entry> entries = new HashMap<>();
    private final Map<Key, TransferId> followers = new HashMap<>();
    private final Map<BookId, List<TransferId>> ids = new HashMap<>();
    private final List<@Nullable Object[]> rows = new ArrayList<>();

    private record Key(BookId book, TransferId id) {}

    Unwritten(Sql sql) {
        this.sql = sql;
    }

    void add(BookId book, Entry entry, @Nullable Object[] row) {
        TransferId id = entry.transfer().id();
        TransferId original = entry.transfer().original();
        entries.put(new Key(book, id), entry);
        if (original != null) {
            followers.put(new Key(book, original), id);
        }
        ids.computeIfAbsent(book, _ -> new ArrayList<>()).add(id);
        rows.add(row);
    }

    Optional<Entry> entry(BookId book, TransferId id) {
        return Optional.ofNullable(entries.get(new Key(book, id)));
    }

    /// @return what corrects or decides it
    Optional<TransferId> followerOf(BookId book, TransferId original) {
        return Optional.ofNullable(followers.get(new Key(book, original)));
    }

    /// Writes all of them. An id that is in the journal already breaks its key.
    ///
    /// @throws LookAgainException if one was declined before
    void flush() throws SQLException {
        for (Map.Entry<BookId, List<TransferId>> book : ids.entrySet()) {
            if (anyDeclined(book.getKey(), book.getValue())) {
                throw new LookAgainException(null);
            }
        }
        if (!rows.isEmpty()) {
            int[] _ = sql.batch(TransferRows.INSERT, rows);
        }
        forget();
    }

    /// Ids begin with their time, so those of a group lie close together, and few are declined.
    private boolean anyDeclined(BookId book, List<TransferId> written) throws SQLException {
        List<TransferId> declined =
                sql.list(
                        "SELECT id FROM declined WHERE book_id = ? AND id BETWEEN ? AND ? LIMIT "
                                + DECLINED_MAX,
                        row -> Ids.read(row, "id"),
                        book.value(),
                        Ids.bytes(Collections.min(written)),
                        Ids.bytes(Collections.max(written)));
        return declined.size() == DECLINED_MAX
                || declined.stream().anyMatch(id -> entries.containsKey(new Key(book, id)));
    }

    void forget() {
        entries.clear();
        followers.clear();
        ids.clear();
        rows.clear();
    }
}
