package org.hourtap.device.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.hourtap.contract.SignedHead;
import org.hourtap.runtime.Sqlite;
import org.hourtap.runtime.StorageFault;
import org.hourtap.tap.StoreException;

/// Reads the kept heads beside their writer, for staff and for `heads`. Like [JournalView], it
/// opens the file for each question.
public final class HeadView {
    /// All of them are read, and they are few.
    private static final int CACHE_KILOBYTES = 512;

    private final Path file;

    public HeadView(Path file) {
        this.file = file;
    }

    /// @return in the order in which they came
    public List<SignedHead> kept() throws StoreException {
        return read().stream().map(Heads.Kept::head).toList();
    }

    /// @return the newest head that gives a transfer another hash than one kept before, if there is
    ///   any
    public Optional<SignedHead> contradiction() throws StoreException {
        return read().stream()
                .filter(kept -> kept.beside() != 0)
                .map(Heads.Kept::head)
                .reduce((_, last) -> last);
    }

    private List<Heads.Kept> read() throws StoreException {
        try (Sqlite sqlite = Sqlite.openReadOnly(file, CACHE_KILOBYTES)) {
            return isOld(sqlite.connection()) ? List.of() : Heads.in(sqlite.connection());
        } catch (SQLException e) {
            throw new StoreException(StorageFault.of(e).advice(), e);
        }
    }

    /// A file that no terminal of this version has opened yet.
    private static boolean isOld(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT 1 FROM sqlite_schema WHERE name = 'head'")) {
            return !row.next();
        }
    }
}
