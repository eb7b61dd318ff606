package org.hourtap.simulator.power;

import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.hourtap.runtime.Sqlite;

/// A database of entries, each several rows in one transaction, written the way the product writes.
/// It remembers what it was told is on disk, and says what of that is not.
final class Diary {
    static final String FILE = "diary.db";

    /// Large enough for an entry to be several pages, so that it can be torn.
    private static final int LINE_BYTES = 1_500;

    private static final int LINES = 4;

    /// So that the log is folded into the database every few entries.
    private static final int LOG_PAGES = 12;

    /// Older entries are torn out, so that pages are freed and used again.
    private static final int ENTRIES_KEPT = 10;

    private final Path file;
    private final String synchronous;
    private int kept;

    /// @param synchronous what the product leaves alone: `FULL`; the others are for tests that must
    ///   lose something
    Diary(Path folder, String synchronous) {
        file = folder.resolve(FILE);
        this.synchronous = synchronous;
    }

    /// @return how many entries were committed
    int kept() {
        return kept;
    }

    /// Opens, writes, closes.
    void write(int entries) throws SQLException {
        try (Sqlite sqlite = open()) {
            write(sqlite, entries);
        }
    }

    Sqlite open() throws SQLException {
        Sqlite sqlite = Sqlite.open(file, 256);
        try (Statement statement = sqlite.connection().createStatement()) {
            statement.execute("PRAGMA synchronous=" + synchronous);
            statement.execute("PRAGMA wal_autocheckpoint=" + LOG_PAGES);
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS line (entry INTEGER, line INTEGER, text BLOB)");
            return sqlite;
        } catch (SQLException e) {
            try (sqlite) {
                throw e;
            }
        }
    }

    void write(Sqlite sqlite, int entries) throws SQLException {
        for (int i = 0; i < entries; i++) {
            int entry = kept + 1;
            sqlite.<Integer, SQLException>transaction(connection -> {
                try (PreparedStatement insert =
                                connection.prepareStatement("INSERT INTO line VALUES (?, ?, ?)");
                        Statement delete = connection.createStatement()) {
                    for (int line = 0; line < LINES; line++) {
                        insert.setInt(1, entry);
                        insert.setInt(2, line);
                        insert.setBytes(3, new byte[LINE_BYTES]);
                        insert.executeUpdate();
                    }
                    delete.execute("DELETE FROM line WHERE entry <= " + (entry - ENTRIES_KEPT));
                }
                return entry;
            });
            kept = entry;
        }
    }

    /// Reads everything back, and goes on from there.
    ///
    /// @return what is wrong, empty if all is there and whole
    List<String> audit() {
        List<String> wrong = new ArrayList<>();
        try (Sqlite sqlite = open();
                Statement statement = sqlite.connection().createStatement()) {
            auditLines(statement, wrong);
            try (ResultSet rows = statement.executeQuery("PRAGMA integrity_check")) {
                rows.next();
                if (!rows.getString(1).equals("ok")) {
                    wrong.add(rows.getString(1));
                }
            }
        } catch (SQLException e) {
            wrong.add(String.valueOf(e.getMessage()));
        }
        return wrong;
    }

    private void auditLines(Statement statement, List<String> wrong) throws SQLException {
        int oldest = 0;
        int newest = 0;
        try (ResultSet rows =
                statement.executeQuery(
                        "SELECT entry, count(*) FROM line GROUP BY entry ORDER BY entry")) {
            while (rows.next()) {
                oldest = oldest == 0 ? rows.getInt(1) : oldest;
                if (newest != 0 && rows.getInt(1) != newest + 1) {
                    wrong.add("a gap after entry " + newest);
                }
                newest = rows.getInt(1);
                if (rows.getInt(2) != LINES) {
                    wrong.add("entry " + newest + " is incomplete");
                }
            }
        }
        // The one under way when the power failed may be there or not.
        if (newest < kept || newest > kept + 1) {
            wrong.add("the newest entry is " + newest + ", not " + kept);
        }
        if (newest > 0 && oldest != Math.max(1, newest - ENTRIES_KEPT + 1)) {
            wrong.add("the oldest entry is " + oldest + " beside the newest, " + newest);
        }
        kept = newest;
    }
}
