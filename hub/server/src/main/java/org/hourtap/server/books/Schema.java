package org.hourtap.server.books;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.hourtap.runtime.Migrations;
import org.hourtap.runtime.NewerDatabaseException;
import org.hourtap.runtime.Sqlite;

/// The layout of the hub's database, step by step.
public final class Schema {
    /// A hub has the memory, and a cache that holds the upper levels of every index.
    private static final int CACHE_KILOBYTES = 65_536;

    /// As large as the log's file stays anyway: 16 MB. Accounts change again with each commit, and
    /// are written to the file once for all commits in the log.
    private static final int LOG_PAGES = 4_096;

    // INVARIANT: steps are only ever added at the end.
    private static final List<String> STEPS =
            List.of(
                    "1-books.sql",
                    "2-registers.sql",
                    "3-inbox.sql",
                    "4-feed.sql",
                    "5-shift-taps.sql",
                    "6-feed-start.sql",
                    "7-chain.sql",
                    "8-office.sql",
                    "9-lease.sql",
                    "10-pending.sql",
                    "11-instance.sql",
                    "12-accounts-stay.sql",
                    "13-cash.sql",
                    "14-remittance.sql",
                    "15-activity-cash.sql");

    // INVARIANT: a step has the same name and does the same on both engines.
    private static final String SQLITE = "sqlite/";
    private static final String POSTGRESQL = "postgresql/";

    /// Of a database in memory.
    private static final Path NOWHERE = Path.of(":memory:");

    private Schema() {}

    /// @return the steps in PostgreSQL's words, resources beside this class
    static List<String> postgresSteps() {
        return steps(POSTGRESQL);
    }

    private static List<String> steps(String engine) {
        return STEPS.stream().map(step -> engine + step).toList();
    }

    /// @return for each of these tables how it is made in a file, without what guards it there
    static List<String> tables(List<String> names) throws SQLException {
        try (Sqlite made = Sqlite.open(NOWHERE, CACHE_KILOBYTES)) {
            Migrations.apply(made, Schema.class, steps(SQLITE));
            Sql sql = new Sql(made);
            List<String> words = new ArrayList<>();
            for (String name : names) {
                words.add(
                        sql.one(
                                        "SELECT sql FROM sqlite_schema"
                                                + " WHERE type = 'table' AND name = ?",
                                        row -> row.getString(1),
                                        name)
                                .orElseThrow(() -> new SQLException("no table " + name)));
            }
            return words;
        } catch (NewerDatabaseException e) {
            throw new IllegalStateException("a new database is not newer than this program", e);
        }
    }

    /// Opens the database for writing and brings it to this program's layout.
    public static Sqlite open(Path file) throws SQLException, NewerDatabaseException {
        Sqlite database = Sqlite.open(file, CACHE_KILOBYTES);
        try {
            database.syncLog();
            database.keepLog(LOG_PAGES);
            Migrations.apply(database, Schema.class, steps(SQLITE));
            Chaining.complete(database);
            return database;
        } catch (SQLException | NewerDatabaseException | RuntimeException e) {
            database.close();
            throw e;
        }
    }
}
