package org.hourtap.server.books;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.hourtap.contract.BookId;
import org.hourtap.runtime.Engine;
import org.hourtap.runtime.StorageFault;
import org.jspecify.annotations.Nullable;

/// Which books this writer holds, and under which epoch. Each commit ends with a change to the rows
/// of the books it wrote in; if another writer has taken one over meanwhile, nothing of the commit
/// is kept. So a writer that was only thought dead can do no harm when it wakes up.
final class Leases {
    private static final String BEAT =
            "UPDATE lease SET beat = beat + 1 WHERE book_id = ? AND epoch = ?";

    /// In one order everywhere, so that two writers do not wait for each other.
    private static final Comparator<BookId> ORDER = Comparator.comparing(BookId::value);

    private final Sql sql;
    private final boolean isShared;
    // INVARIANT: never changed, only replaced: other threads look at it.
    private Map<BookId, Long> held = Map.of();

    // INVARIANT: in the transaction under way and not committed.
    private final Map<BookId, Long> taken = new HashMap<>();
    private final Set<BookId> released = new HashSet<>();
    private final Set<BookId> used = new HashSet<>();
    private Map<BookId, Long> takenBefore = Map.of();
    private Set<BookId> releasedBefore = Set.of();

    /// Found to be someone else's by the check that failed.
    private final Set<BookId> lost = new HashSet<>();

    /// A lease as it was seen, all zero and empty where there is none yet.
    record Seen(String holder, long epoch, long beat) {
        static final Seen NONE = new Seen("", 0, 0);
    }

    Leases(Sql sql) {
        this.sql = sql;
        // A file has one writer at a time; looking is enough.
        this.isShared = sql.engine() == Engine.POSTGRESQL;
    }

    /// Takes a book from whoever had it, unless it is held already.
    void take(BookId book) throws SQLException {
        if (isHere(book)) {
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

    /// Takes a book that nobody holds any more, if its lease is still as it was seen.
    ///
    /// @return false if its holder has moved meanwhile, or another hub was faster
    boolean claim(BookId book, Seen seen, String holder) throws SQLException {
        if (isHere(book)) {
            return true;
        }
        int rows =
                seen.epoch() == 0
                        ? sql.update(
                                "INSERT INTO lease (book_id, holder, epoch, beat)"
                                        + " VALUES (?, ?, 1, 0) ON CONFLICT (book_id) DO NOTHING",
                                book.value(),
                                holder)
                        : sql.update(
                                "UPDATE lease SET holder = ?, epoch = epoch + 1"
                                        + " WHERE book_id = ? AND epoch = ? AND beat = ?",
                                holder,
                                book.value(),
                                seen.epoch(),
                                seen.beat());
        if (rows == 1) {
            taken.put(book, seen.epoch() + 1);
        }
        return rows == 1;
    }

    /// Gives a book back: nothing after this in the same transaction may write it, and once it is
    /// committed any hub may take it.
    void release(BookId book) throws SQLException {
        Long epoch = held.get(book);
        if (epoch == null || released.contains(book)) {
            return;
        }
        int rows =
                sql.update(
                        "UPDATE lease SET holder = '' WHERE book_id = ? AND epoch = ?",
                        book.value(),
                        epoch);
        if (rows != 1) {
            throw takenOver(Map.of(book, epoch));
        }
        released.add(book);
    }

    /// @return whether this writer has the book; then the commit under way ends with a look at it
    boolean holds(BookId book) {
        boolean isHere = isHere(book);
        if (isHere) {
            used.add(book);
        }
        return isHere;
    }

    /// @param book to write in; absent for work that may be on any book
    /// @return whether this writer has it
    boolean uses(@Nullable BookId book) {
        if (book == null) {
            used.addAll(held.keySet());
            return true;
        }
        return holds(book);
    }

    /// @throws SQLException if the book is not held
    void require(BookId book) throws SQLException {
        if (!holds(book)) {
            throw new SQLException("book " + book + " is not held", StorageFault.TAKEN_OVER_STATE);
        }
    }

    /// The last thing before a commit.
    ///
    /// @throws SQLException if a book is held by another writer by now
    void check() throws SQLException {
        Map<BookId, Long> checked = new TreeMap<>(ORDER);
        for (Map.Entry<BookId, Long> lease : held.entrySet()) {
            // A released one was looked at when it was.
            if (!released.contains(lease.getKey())
                    && (used.contains(lease.getKey()) || !isShared)) {
                checked.put(lease.getKey(), lease.getValue());
            }
        }
        checked.putAll(taken);
        if (checked.isEmpty()) {
            return;
        }
        Map<BookId, Long> gone = isShared ? beaten(checked) : looked(checked);
        if (!gone.isEmpty()) {
            throw takenOver(gone);
        }
    }

    /// The first thing after somebody was in the way. Whoever lost a book would write under the
    /// same keys as who has it now, and each would wait for the other until the server lets one go,
    /// over and over; the row of the lease is waited for by one of them only.
    ///
    /// @throws SQLException if a book is held by another writer by now
    void checkFirst() throws SQLException {
        if (!isShared || held.isEmpty()) {
            return;
        }
        Map<BookId, Long> all = new TreeMap<>(ORDER);
        all.putAll(held);
        Map<BookId, Long> gone = beaten(all);
        if (!gone.isEmpty()) {
            throw takenOver(gone);
        }
    }

    private Map<BookId, Long> beaten(Map<BookId, Long> checked) throws SQLException {
        List<@Nullable Object[]> rows = new ArrayList<>();
        checked.forEach((book, epoch) -> rows.add(new Object[] {book.value(), epoch}));
        int[] counts = sql.batch(BEAT, rows);
        Map<BookId, Long> gone = new HashMap<>();
        int i = 0;
        for (Map.Entry<BookId, Long> lease : checked.entrySet()) {
            if (counts[i++] != 1) {
                gone.put(lease.getKey(), lease.getValue());
            }
        }
        return gone;
    }

    private Map<BookId, Long> looked(Map<BookId, Long> checked) throws SQLException {
        Map<BookId, Long> gone = new HashMap<>();
        for (Map.Entry<BookId, Long> lease : checked.entrySet()) {
            long rows =
                    sql.number(
                            "SELECT COUNT(*) FROM lease WHERE book_id = ? AND epoch = ?",
                            lease.getKey().value(),
                            lease.getValue());
            if (rows != 1) {
                gone.put(lease.getKey(), lease.getValue());
            }
        }
        return gone;
    }

    private SQLException takenOver(Map<BookId, Long> gone) {
        lost.addAll(gone.keySet());
        return new SQLException(
                "no longer held, by book and epoch: " + gone, StorageFault.TAKEN_OVER_STATE);
    }

    /// Drops the books that the failed check found with another writer.
    ///
    /// @return those
    Set<BookId> dropLost() {
        Set<BookId> dropped = Set.copyOf(lost);
        lost.clear();
        Map<BookId, Long> left = new HashMap<>(held);
        left.keySet().removeAll(dropped);
        held = Map.copyOf(left);
        return dropped;
    }

    /// @return the books held, with their epochs; never changes
    Map<BookId, Long> held() {
        return held;
    }

    /// A transaction begins.
    void begin() {
        used.clear();
    }

    void beginCommand() {
        takenBefore = taken.isEmpty() ? Map.of() : new HashMap<>(taken);
        releasedBefore = released.isEmpty() ? Set.of() : new HashSet<>(released);
    }

    void undoCommand() {
        taken.keySet().retainAll(takenBefore.keySet());
        released.retainAll(releasedBefore);
    }

    void committed() {
        if (!taken.isEmpty() || !released.isEmpty()) {
            Map<BookId, Long> now = new HashMap<>(held);
            now.putAll(taken);
            now.keySet().removeAll(released);
            held = Map.copyOf(now);
        }
        forget();
    }

    /// What was not committed is not held, and not given back.
    void forget() {
        taken.clear();
        released.clear();
    }

    private boolean isHere(BookId book) {
        return !released.contains(book) && (held.containsKey(book) || taken.containsKey(book));
    }
}
