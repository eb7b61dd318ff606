package org.hourtap.server.books;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.hourtap.runtime.Database;
import org.hourtap.runtime.NewerDatabaseException;
import org.hourtap.runtime.Sqlite;
import org.hourtap.server.books.ChainCheck.Verdict;
import org.jspecify.annotations.Nullable;

/// Moves the books of a stopped hub from a file into PostgreSQL, every table, and proves them over
/// there. As long as that is not done a table `unfinished_move` stands in the target, and no hub
/// opens it; a move that was interrupted starts over.
public final class BooksMove {
    /// Rows that are sent at once, and rows that are committed at once.
    private static final int BATCH_ROWS = 1_000;

    private static final int COMMIT_BATCHES = 20;

    /// What others refer to comes first; the rest in whatever order.
    private static final List<String> FIRST =
            List.of("book", "account", "member", "venue", "activity", "terminal");

    private final Sql from;
    private final Database target;
    private final Sql to;
    private final Consumer<String> say;

    private BooksMove(Sqlite source, Database target, Consumer<String> say) {
        this.from = new Sql(source);
        this.target = target;
        this.to = new Sql(target);
        this.say = say;
    }

    /// Moves them. The file stays as it is.
    ///
    /// @param source in this program's layout, written by nobody meanwhile
    /// @param say told about progress, a line every few seconds
    /// @throws RefusedException if the books do not hold, on this side or the other, or there are
    ///   other books over there
    public static void run(Sqlite source, PostgresServer server, Consumer<String> say)
            throws SQLException, NewerDatabaseException, RefusedException {
        say.accept("reading the books as they are");
        List<Verdict> before = proved(new Sql(source), say, "Nothing was moved.");
        Postgres target = server.open();
        try (target) {
            BooksMove move = new BooksMove(source, target, say);
            if (target.transaction(_ -> PostgresLayout.isUnfinished(move.to))) {
                say.accept("an earlier move was interrupted; starting over");
                move.drop();
            } else if (target.<Boolean, SQLException>transaction(_ -> move.holdsBooks())) {
                List<Verdict> there =
                        target.transaction(_ -> ChainCheck.verify(move.to, move::read));
                if (!Set.copyOf(there).equals(Set.copyOf(before))) {
                    throw RefusedException.conflict(
                            "There are other books in "
                                    + server
                                    + ". Take a database of its own; nothing was moved.");
                }
                say.accept("the books are there already");
                return;
            }
            move.begin();
            PostgresLayout.apply(target);
            move.copy();
            move.prove(before);
            target.transaction(_ -> move.to.update("DROP TABLE unfinished_move"));
        }
    }

    private static List<Verdict> proved(Sql sql, Consumer<String> say, String consequence)
            throws SQLException, RefusedException {
        List<Verdict> verdicts = ChainCheck.verify(sql, rows -> say.accept("  " + rows + " read"));
        for (Verdict verdict : verdicts) {
            if (verdict.fault() != null) {
                throw RefusedException.conflict(
                        "Book "
                                + verdict.book()
                                + " does not hold: "
                                + verdict.fault()
                                + ". "
                                + consequence);
            }
        }
        return verdicts;
    }

    private void read(long rows) {
        say.accept("  " + rows + " read");
    }

    private boolean holdsBooks() throws SQLException {
        return to.number(
                                "SELECT COUNT(*) FROM information_schema.tables"
                                        + " WHERE table_schema = current_schema()"
                                        + " AND table_name = 'book'")
                        > 0
                && to.number("SELECT COUNT(*) FROM book") > 0;
    }

    private void begin() throws SQLException {
        target.transaction(
                _ -> to.update("CREATE TABLE IF NOT EXISTS unfinished_move (book_id TEXT)"));
    }

    private void drop() throws SQLException {
        List<String> tables = new ArrayList<>(tables());
        Collections.reverse(tables);
        tables.add("layout");
        target.transaction(_ -> {
            for (String table : tables) {
                to.update("DROP TABLE IF EXISTS " + table + " CASCADE");
            }
            to.update("DROP FUNCTION IF EXISTS transfer_is_append_only CASCADE");
            return to.update("DROP FUNCTION IF EXISTS account_is_for_ever CASCADE");
        });
        target.forgetPrepared();
    }

    /// @return all tables of the file, in an order in which they can be filled
    private List<String> tables() throws SQLException {
        Set<String> tables = new LinkedHashSet<>(FIRST);
        tables.addAll(
                from.list(
                        "SELECT name FROM sqlite_schema WHERE type = 'table'"
                                + " AND name NOT LIKE 'sqlite_%' ORDER BY name",
                        row -> row.getString(1)));
        return List.copyOf(tables);
    }

    private void copy() throws SQLException {
        for (String table : tables()) {
            long rows = from.number("SELECT COUNT(*) FROM " + table);
            if (rows > 0) {
                say.accept(table + ": " + rows + " rows");
                copy(table);
            }
        }
    }

    private void copy(String table) throws SQLException {
        List<List<@Nullable Object[]>> waiting = new ArrayList<>();
        List<String> insert = new ArrayList<>();
        long[] done = {0};
        from.each(
                "SELECT * FROM " + table,
                row -> {
                    if (insert.isEmpty()) {
                        insert.add(insert(table, row.getMetaData()));
                    }
                    if (waiting.isEmpty() || waiting.getLast().size() == BATCH_ROWS) {
                        if (waiting.size() == COMMIT_BATCHES) {
                            done[0] += write(insert.getFirst(), waiting);
                            say.accept("  " + done[0] + " rows of " + table);
                        }
                        waiting.add(new ArrayList<>());
                    }
                    waiting.getLast().add(values(row));
                });
        if (!waiting.isEmpty()) {
            write(insert.getFirst(), waiting);
        }
    }

    static String insert(String table, ResultSetMetaData columns) throws SQLException {
        StringBuilder names = new StringBuilder();
        StringBuilder marks = new StringBuilder();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            names.append(i == 1 ? "" : ", ").append(columns.getColumnName(i));
            marks.append(i == 1 ? "?" : ", ?");
        }
        return "INSERT INTO " + table + " (" + names + ") VALUES (" + marks + ")";
    }

    static @Nullable Object[] values(ResultSet row) throws SQLException {
        @Nullable Object[] values = new @Nullable Object[row.getMetaData().getColumnCount()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row.getObject(i + 1);
        }
        return values;
    }

    private long write(String insert, List<List<@Nullable Object[]>> batches) throws SQLException {
        long rows =
                target.<Long, SQLException>transaction(_ -> {
                    long written = 0;
                    for (List<@Nullable Object[]> batch : batches) {
                        written += to.batch(insert, batch).length;
                    }
                    return written;
                });
        batches.clear();
        return rows;
    }

    private void prove(List<Verdict> before) throws SQLException, RefusedException {
        say.accept("proving the books over there");
        String consequence = "The hub goes on with its file; run this again.";
        target.<Boolean, RefusedException>transaction(_ -> {
            for (String table : tables()) {
                long here = from.number("SELECT COUNT(*) FROM " + table);
                long there = to.number("SELECT COUNT(*) FROM " + table);
                if (here != there) {
                    throw RefusedException.conflict(
                            table
                                    + " has "
                                    + there
                                    + " rows instead of "
                                    + here
                                    + ". "
                                    + consequence);
                }
            }
            // Every balance is reckoned anew from the transfers, and every hash.
            List<Verdict> after = proved(to, say, consequence);
            if (!Set.copyOf(after).equals(Set.copyOf(before))) {
                throw RefusedException.conflict(
                        "The heads are not the ones they were. " + consequence);
            }
            return true;
        });
        for (Verdict verdict : before) {
            say.accept(verdict.transfers() + " transfers hold; head " + verdict.head());
        }
    }
}
