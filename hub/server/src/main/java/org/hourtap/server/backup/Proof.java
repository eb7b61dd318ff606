package org.hourtap.server.backup;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import org.hourtap.runtime.Sqlite;
import org.hourtap.runtime.StorageFault;
import org.hourtap.server.books.ChainCheck;
import org.hourtap.server.books.ChainCheck.Verdict;
import org.hourtap.server.books.FileCheck;
import org.hourtap.server.books.Sql;

/// That the books in a file hold.
///
/// @param heads of each book, `book/number/hash`
/// @param transfers in all books
record Proof(List<String> heads, long transfers) {
    private static final int CACHE_KILOBYTES = 16_384;

    Proof {
        heads = List.copyOf(heads);
    }

    /// Reckons every hash and balance anew and has SQLite check the file.
    ///
    /// @param file a database that nobody writes
    /// @throws BackupProblem naming the first transfer that does not hold
    static Proof of(Path file, Consumer<String> progress) throws BackupProblem {
        try (Sqlite database = Sqlite.openStill(file, CACHE_KILOBYTES)) {
            List<Verdict> verdicts =
                    database.transaction(_ ->
                            ChainCheck.verify(
                                    new Sql(database),
                                    rows -> progress.accept("  " + rows + " transfers read")));
            for (Verdict verdict : verdicts) {
                if (verdict.fault() != null) {
                    throw new BackupProblem(
                            file
                                    + " does not hold: book "
                                    + verdict.book()
                                    + ": "
                                    + verdict.fault());
                }
            }
            List<String> faults = FileCheck.faults(database);
            if (!faults.isEmpty()) {
                throw new BackupProblem(file + " does not hold: " + faults.getFirst());
            }
            return new Proof(
                    verdicts.stream().map(Verdict::head).toList(),
                    verdicts.stream().mapToLong(Verdict::transfers).sum());
        } catch (SQLException e) {
            throw new BackupProblem(
                    file
                            + " cannot be read as books: "
                            + StorageFault.of(e).advice()
                            + " ("
                            + e.getMessage()
                            + ")",
                    e);
        }
    }
}
