package org.hourtap.device.sqlite;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.hourtap.runtime.Migrations;
import org.hourtap.runtime.NewerDatabaseException;
import org.hourtap.runtime.Sqlite;
import org.jspecify.annotations.Nullable;

/// The tables of a terminal's file, as the scripts make them. SQLite believes what a file says of
/// its own tables: one flipped bit in the name of a column, and no statement about it can be
/// prepared any more, or in a condition, and it means another.
final class Tables {
    /// Each makes or changes a table: it is how a file of a newer program is told from one whose
    /// version was flipped.
    private static final List<String> SCRIPTS =
            List.of("terminal-1.sql", "terminal-2.sql", "terminal-3.sql");

    /// Of a database in memory.
    private static final Path NOWHERE = Path.of(":memory:");

    private static final int CACHE_KILOBYTES = 100;

    private static final AtomicReference<@Nullable List<List<String>>> MADE =
            new AtomicReference<>();

    private Tables() {}

    /// Makes those that are missing.
    static void make(Sqlite sqlite) throws SQLException, NewerDatabaseException {
        Seal.lend(sqlite.connection());
        Migrations.apply(sqlite, Tables.class, SCRIPTS);
    }

    /// @return what is wrong with those that are there, empty if nothing is
    static String suspicion(Sqlite sqlite) throws SQLException, NewerDatabaseException {
        List<List<String>> made = made();
        int newest = made.size() - 1;
        int version = Migrations.version(sqlite);
        List<String> found = read(sqlite);
        boolean isKnown = version >= 0 && version <= newest;
        boolean isAsMade =
                isKnown
                        ? found.equals(made.get(version))
                        : !isFlipped(version, newest) || !found.equals(made.get(newest));
        return isAsMade ? "" : "its tables are not what version " + version + " made";
    }

    /// Whether the number is a bit away from ours, not just that of a newer program.
    private static boolean isFlipped(int version, int newest) {
        return Integer.bitCount(version ^ newest) == 1;
    }

    /// @return the tables after none of the scripts, after the first, …
    private static List<List<String>> made() throws SQLException, NewerDatabaseException {
        List<List<String>> known = MADE.get();
        if (known != null) {
            return known;
        }
        List<List<String>> made = new ArrayList<>();
        try (Sqlite sqlite = Sqlite.open(NOWHERE, CACHE_KILOBYTES)) {
            Seal.lend(sqlite.connection());
            for (int version = 0; version <= SCRIPTS.size(); version++) {
                Migrations.apply(sqlite, Tables.class, SCRIPTS.subList(0, version));
                made.add(read(sqlite));
            }
        }
        MADE.set(List.copyOf(made));
        return made;
    }

    private static List<String> read(Sqlite sqlite) throws SQLException {
        List<String> parts = new ArrayList<>();
        try (Statement statement = sqlite.connection().createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT type || ' ' || name || ' ' || tbl_name || ' ' ||"
                                        + " coalesce(sql, '') FROM sqlite_schema ORDER BY rowid")) {
            while (rows.next()) {
                parts.add(rows.getString(1));
            }
        }
        return parts;
    }
}
