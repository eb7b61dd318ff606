package org.hourtap.server.books;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.hourtap.runtime.Sqlite;
import org.hourtap.runtime.StorageFault;
import org.hourtap.server.books.ChainCheck.Link;
import org.jspecify.annotations.Nullable;

/// A journal in a SQLite file, read in ranges of row ids: several at once, each on a connection of
/// its own, where the costly part is done, which is reading and hashing. Handed on are all rows in
/// their order, on the caller's thread, and at no time are more in memory than one round holds.
final class JournalRanges {
    /// A hundredth of a second's work: small beside a round's end, where one may wait for another.
    private static final int RANGE_ROWS = 4_096;

    /// Several for each thread, so that one that is held up does not hold up the others. Sixteen
    /// hold 65 536 rows of about 600 bytes.
    private static final int RANGES_AT_ONCE =
            Math.clamp(4L * Runtime.getRuntime().availableProcessors(), 4, 16);

    /// A range is read once, from end to end.
    private static final int CACHE_KILOBYTES = 1_024;

    private static final String RANGE =
            " FROM transfer NOT INDEXED WHERE rowid BETWEEN ? AND ? ORDER BY rowid";

    /// That of the key, which every copy has.
    static final String BY_INDEX = " INDEXED BY sqlite_autoindex_transfer_1";

    private final Path file;
    private final int rangeRows;
    private final Queue<Sqlite> idle = new ConcurrentLinkedQueue<>();

    private JournalRanges(Path file, int rangeRows) {
        this.file = file;
        this.rangeRows = rangeRows;
    }

    /// What an account is called.
    @FunctionalInterface
    interface Names {
        /// @return such as `MEMBER:ann`, null if there is no such account. Any thread
        @Nullable String of(String book, long account);
    }

    /// Takes in one row after the other.
    interface EachRow {
        void read(TransferRow row, Link link);

        /// Told instead of the first row that SQLite cannot read; no other follows.
        ///
        /// @param rowid in the table, by which some index may still know it
        void unreadable(long rowid) throws SQLException;
    }

    /// Row ids from `first` to `last`, both in it.
    private record Range(long first, long last) {}

    /// What was read of a range, up to a failure or to a row that is damaged.
    private record Part(
            List<TransferRow> rows,
            List<Link> links,
            @Nullable SQLException failure,
            @Nullable Long unreadable) {}

    static JournalRanges of(Path file) {
        return new JournalRanges(file, RANGE_ROWS);
    }

    /// The same with other ranges.
    static JournalRanges of(Path file, int rangeRows) {
        return new JournalRanges(file, rangeRows);
    }

    /// Reads all rows there are in the snapshot.
    void read(Sql snapshot, Names names, EachRow each) throws SQLException {
        try {
            boolean hasStages = TransferRow.hasStages(snapshot);
            // INVARIANT: at least one range less than no row at all, so that nothing overflows.
            long last = Math.max(last(snapshot), Long.MIN_VALUE + rangeRows);
            ArrayDeque<Range> round = round(snapshot, Long.MIN_VALUE, last);
            while (!round.isEmpty()) {
                List<Part> parts =
                        round.parallelStream().map(range -> read(range, names, hasStages)).toList();
                for (Part part : parts) {
                    if (part.failure() != null) {
                        throw part.failure();
                    }
                    for (int i = 0; i < part.rows().size(); i++) {
                        each.read(part.rows().get(i), part.links().get(i));
                    }
                    if (part.unreadable() != null) {
                        each.unreadable(part.unreadable());
                        return;
                    }
                }
                long end = round.getLast().last();
                round = end == last ? new ArrayDeque<>() : round(snapshot, end + 1, last);
            }
        } finally {
            closeIdle();
        }
    }

    /// The page with the newest row may be the damaged one; then an index says which that is.
    private static long last(Sql snapshot) throws SQLException {
        try {
            return snapshot.number("SELECT IFNULL(MAX(rowid), 0) FROM transfer NOT INDEXED");
        } catch (SQLException e) {
            makeUpFor(e, snapshot);
            return snapshot.number("SELECT IFNULL(MAX(rowid), 0) FROM transfer" + BY_INDEX);
        }
    }

    /// @throws SQLException if it is something else
    private static void makeUpFor(SQLException e, Sql sql) throws SQLException {
        if (StorageFault.of(e) != StorageFault.DAMAGED) {
            throw e;
        }
        sql.forgetPrepared();
    }

    /// @param from the least row id that was not read yet
    /// @return the next ranges, each of which begins with a row that exists, so that row ids far
    ///   apart cost no more than others
    private ArrayDeque<Range> round(Sql snapshot, long from, long last) throws SQLException {
        ArrayDeque<Range> round = new ArrayDeque<>();
        long next = from;
        while (round.size() < RANGES_AT_ONCE) {
            Long first = first(snapshot, next, last);
            if (first == null) {
                break;
            }
            long end = first > last - rangeRows ? last : first + rangeRows - 1;
            round.add(new Range(first, end));
            if (end == last) {
                break;
            }
            next = end + 1;
        }
        return round;
    }

    /// @return the least row id in the span; if its page cannot be read, by an index
    private static @Nullable Long first(Sql snapshot, long from, long last) throws SQLException {
        try {
            return snapshot.one(
                            "SELECT rowid FROM transfer NOT INDEXED"
                                    + " WHERE rowid BETWEEN ? AND ? ORDER BY rowid LIMIT 1",
                            row -> row.getLong(1),
                            from,
                            last)
                    .orElse(null);
        } catch (SQLException e) {
            makeUpFor(e, snapshot);
            return snapshot.one(
                            "SELECT rowid FROM transfer"
                                    + BY_INDEX
                                    + " WHERE +rowid BETWEEN ? AND ? ORDER BY +rowid LIMIT 1",
                            row -> row.getLong(1),
                            from,
                            last)
                    .orElse(null);
        }
    }

    /// On any thread.
    private Part read(Range range, Names names, boolean hasStages) {
        try {
            Sqlite database = idle.poll();
            if (database == null) {
                database = Sqlite.openReadOnly(file, CACHE_KILOBYTES);
            }
            try {
                return part(database, range, names, hasStages);
            } finally {
                idle.add(database);
            }
        } catch (SQLException e) {
            return new Part(List.of(), List.of(), e, null);
        }
    }

    private static Part part(Sqlite database, Range range, Names names, boolean hasStages)
            throws SQLException {
        Sql sql = new Sql(database);
        try {
            List<TransferRow> rows = rows(sql, range, hasStages);
            return new Part(rows, links(rows, names), null, null);
        } catch (SQLException e) {
            makeUpFor(e, sql);
            return oneByOne(sql, range, names, hasStages);
        }
    }

    /// As far as it can be read.
    private static Part oneByOne(Sql sql, Range range, Names names, boolean hasStages)
            throws SQLException {
        List<TransferRow> rows = new ArrayList<>();
        Long unreadable = null;
        for (long id = range.first(); unreadable == null; id++) {
            try {
                sql.one(
                                "SELECT "
                                        + TransferRow.columns(hasStages)
                                        + " FROM transfer NOT INDEXED WHERE rowid = ?",
                                TransferRow::read,
                                id)
                        .ifPresent(rows::add);
            } catch (SQLException e) {
                makeUpFor(e, sql);
                unreadable = id;
            }
            if (id == range.last()) {
                break;
            }
        }
        return new Part(rows, links(rows, names), null, unreadable);
    }

    private static List<TransferRow> rows(Sql sql, Range range, boolean hasStages)
            throws SQLException {
        List<TransferRow> rows = new ArrayList<>();
        PackedRow packed = new PackedRow();
        boolean[] isPlain = {true};
        sql.each(
                "SELECT " + PackedRow.column(hasStages) + RANGE,
                row -> {
                    TransferRow read = isPlain[0] ? packed.read(row.getBytes(1)) : null;
                    if (read == null) {
                        isPlain[0] = false;
                    } else {
                        rows.add(read);
                    }
                },
                range.first(),
                range.last());
        // Something is not of the kind it should be; what it means is for the driver to say.
        return isPlain[0]
                ? rows
                : sql.list(
                        "SELECT " + TransferRow.columns(hasStages) + RANGE,
                        TransferRow::read,
                        range.first(),
                        range.last());
    }

    private static List<Link> links(List<TransferRow> rows, Names names) {
        List<Link> links = new ArrayList<>(rows.size());
        Chain chain = new Chain();
        Map<String, TransferRow> newest = new HashMap<>();
        for (TransferRow row : rows) {
            TransferRow before = newest.put(row.book(), row);
            links.add(before == null ? Link.UNKNOWN : link(before, row, names, chain));
        }
        return links;
    }

    private static Link link(TransferRow before, TransferRow row, Names names, Chain chain) {
        String debit = names.of(row.book(), row.debit());
        String credit = names.of(row.book(), row.credit());
        byte[] previous = before.hash();
        boolean follows =
                debit != null
                        && credit != null
                        && previous != null
                        && Arrays.equals(row.hash(chain, previous, debit, credit), row.hash());
        return follows ? Link.FOLLOWS : Link.DOES_NOT_FOLLOW;
    }

    private void closeIdle() throws SQLException {
        for (Sqlite database = idle.poll(); database != null; database = idle.poll()) {
            database.close();
        }
    }
}
