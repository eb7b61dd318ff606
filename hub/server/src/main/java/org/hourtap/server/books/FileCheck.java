package org.hourtap.server.books;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hourtap.runtime.Sqlite;
import org.hourtap.runtime.StorageFault;

/// Whether a SQLite file is sound beyond what [ChainCheck] reads: its structure, and that every
/// index leads to the rows of its table. SQLite speaks of rows; here a transfer is called by book
/// and number, as everywhere else.
public final class FileCheck {
    /// Tells one wrong byte from a bad disk; nobody reads more.
    private static final int SAID_MAX = 10;

    private static final Pattern OF_AN_INDEX =
            Pattern.compile("row (\\d+) (?:missing from|values differ from|of) index (\\S+)");

    private FileCheck() {}

    /// @return a sentence on each thing that is wrong, up to ten
    public static List<String> faults(Sqlite file) throws SQLException {
        Sql sql = new Sql(file);
        List<String> faults = new ArrayList<>();
        for (String said : file.integrityFaults(SAID_MAX)) {
            faults.add(named(sql, said));
        }
        return faults;
    }

    private static String named(Sql sql, String said) throws SQLException {
        Matcher known = OF_AN_INDEX.matcher(said);
        if (known.find()) {
            String index = known.group(2);
            Optional<String> transfer = transfer(sql, index, Long.parseLong(known.group(1)));
            if (transfer.isPresent()) {
                return transfer.get() + " is not where the index " + index + " looks for it";
            }
        }
        return "the file itself is damaged: " + said;
    }

    /// @return which one it is, if that is an index of the journal
    private static Optional<String> transfer(Sql sql, String index, long rowid)
            throws SQLException {
        try {
            return sql.one(
                    "SELECT book_id, sequence FROM transfer NOT INDEXED WHERE rowid = ?"
                            + " AND 'transfer' ="
                            + " (SELECT tbl_name FROM sqlite_schema WHERE name = ?)",
                    row -> "book " + row.getString(1) + ": transfer " + row.getLong(2),
                    rowid,
                    index);
        } catch (SQLException e) {
            if (StorageFault.of(e) != StorageFault.DAMAGED) {
                throw e;
            }
            sql.forgetPrepared();
            return Optional.empty();
        }
    }
}
