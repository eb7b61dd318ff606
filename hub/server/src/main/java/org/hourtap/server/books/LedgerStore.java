package org.hourtap.server.books;

import java.nio.file.Path;
import java.sql.SQLException;
import org.hourtap.runtime.Database;
import org.hourtap.runtime.NewerDatabaseException;
import org.hourtap.runtime.Sqlite;

/// Where books are kept: whoever has it can open them.
public interface LedgerStore {
    /// A reader's page cache; there are several.
    int READER_CACHE_KILOBYTES = 4_096;

    /// Opens the books for their one writer, in this program's layout.
    ///
    /// @throws NewerDatabaseException if a later program has written them
    Database openWriter() throws SQLException, NewerDatabaseException;

    /// Opens the books for reading beside the writer. Each transaction sees one snapshot.
    Database openReader() throws SQLException;

    /// @return books in a file of SQLite
    static LedgerStore of(Path file) {
        return new LedgerStore() {
            @Override
            public Database openWriter() throws SQLException, NewerDatabaseException {
                return Schema.open(file);
            }

            @Override
            public Database openReader() throws SQLException {
                return Sqlite.openReadOnly(file, READER_CACHE_KILOBYTES);
            }

            @Override
            public String toString() {
                return file.toString();
            }
        };
    }
}
