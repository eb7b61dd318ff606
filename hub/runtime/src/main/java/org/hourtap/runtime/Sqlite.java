package org.hourtap.runtime;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteOpenMode;
import org.sqlite.core.DB;

/// A connection to a SQLite file, opened the way a ledger needs it: write-ahead log, every commit
/// fsynced, strict foreign keys. Confined to the thread that uses it.
public final class Sqlite implements Database {
    /// Longest wait for a reader's checkpoint lock; more would keep a person standing at the door.
    private static final int BUSY_TIMEOUT_MS = 5_000;

    /// The log is cut back to this after a checkpoint, so that a burst does not keep the disk.
    private static final int WAL_BYTES_MAX = 16 << 20;

    /// Four megabytes at a time.
    private static final int COPY_STEP_PAGES = 1_024;

    private static final int COPY_PAUSE_MS = 10;
    private static final int COPY_TRIES_MAX = 100;

    private final Connection connection;
    private final String begin;
    private final KeptStatements prepared;

    private Sqlite(Connection connection, String begin) {
        this.connection = connection;
        this.prepared = new KeptStatements(connection::prepareStatement);
        this.begin = begin;
    }

    /// Opens for writing; makes the file when there is none.
    ///
    /// @param cacheKilobytes page cache: 65 536 suits a hub, 4 096 a terminal
    public static Sqlite open(Path file, int cacheKilobytes) throws SQLException {
        SQLiteConfig config = config(cacheKilobytes);
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setJournalSizeLimit(WAL_BYTES_MAX);
        return opened(config, file.toString(), "BEGIN IMMEDIATE");
    }

    /// Opens for reading beside the one writer; short transactions only, a long one stops the
    /// checkpoint.
    public static Sqlite openReadOnly(Path file, int cacheKilobytes) throws SQLException {
        SQLiteConfig config = config(cacheKilobytes);
        config.setReadOnly(true);
        return opened(config, file.toString(), "BEGIN");
    }

    /// Opens a file that nobody writes, without a lock and without a file beside it, so that it may
    /// lie on any kind of disk.
    public static Sqlite openStill(Path file, int cacheKilobytes) throws SQLException {
        SQLiteConfig config = config(cacheKilobytes);
        config.setReadOnly(true);
        return opened(config, file.toUri() + "?immutable=1", "BEGIN");
    }

    /// @return the connection, for prepared statements that live as long as this
    public Connection connection() {
        return connection;
    }

    @Override
    public Engine engine() {
        return Engine.SQLITE;
    }

    @Override
    public PreparedStatement prepared(String text) throws SQLException {
        return prepared.of(text);
    }

    @Override
    public void forgetPrepared() {
        prepared.forget();
    }

    @Override
    public <T, E extends Exception> T transaction(Work<T, E> work) throws SQLException, E {
        boolean committed = false;
        try {
            prepared(begin).execute();
            T result = work.run(connection);
            prepared("COMMIT").execute();
            committed = true;
            return result;
        } finally {
            if (!committed) {
                rollback();
            }
        }
    }

    /// Puts on disk what a killed program left in the log. It counts as committed from the opening
    /// on, though it may never have been synced, and a power cut could still take back what others
    /// were told meanwhile.
    public void syncLog() throws SQLException {
        try {
            foldLog();
        } catch (SQLException e) {
            forgetPrepared();
            if (StorageFault.of(e) != StorageFault.DISK_FULL) {
                throw e;
            }
            // The log is synced before the file would grow.
        }
    }

    /// Folds the log into the file as far as nobody reads it, which syncs the log first and changes
    /// nothing that was committed.
    ///
    /// @return whether all of it is there now
    public boolean foldLog() throws SQLException {
        try (ResultSet row = prepared("PRAGMA wal_checkpoint(PASSIVE)").executeQuery()) {
            return row.next() && row.getLong("log") == row.getLong("checkpointed");
        }
    }

    /// Lets the log grow to so many pages before a commit folds it, for someone who reads it.
    public void keepLog(int pages) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_autocheckpoint = " + pages);
        }
    }

    /// Folds all of the log into the file and empties it. Only between transactions, by whoever
    /// writes.
    ///
    /// @param patienceMs how long to wait for those who still read from the log
    /// @return whether it is empty now; if not, the next commit may begin it anew, or not
    public boolean restartLog(int patienceMs) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = " + patienceMs);
            try (ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
                return row.next() && row.getLong("busy") == 0;
            } finally {
                statement.execute("PRAGMA busy_timeout = " + BUSY_TIMEOUT_MS);
            }
        }
    }

    /// Copies what this connection sees, page by page, to another file. Inside a transaction it is
    /// that transaction's snapshot, whatever is written meanwhile.
    ///
    /// @param target an empty file
    /// @param betweenSteps told after each step how many pages are left
    public void copyTo(Path target, IntConsumer betweenSteps) throws SQLException {
        DB database = connection.unwrap(SQLiteConnection.class).getDatabase();
        int code =
                database.backup(
                        "main",
                        target.toString(),
                        (left, _) -> betweenSteps.accept(left),
                        COPY_PAUSE_MS,
                        COPY_TRIES_MAX,
                        COPY_STEP_PAGES);
        if (code != 0) {
            throw DB.newSQLException(code, "copying to " + target);
        }
    }

    /// @return how many rows this connection has changed since it was opened
    public long changes() throws SQLException {
        try (ResultSet row = prepared("SELECT total_changes()").executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /// Reads the whole file: 0.1 s for fifty thousand taps. Keeps none of it in memory, so that
    /// what changes on the disk later is noticed.
    ///
    /// @return "ok", or what SQLite found wrong with the file, also where an index says otherwise
    ///   than its table
    public String integrityCheck() throws SQLException {
        List<String> faults = integrityFaults(1);
        return faults.isEmpty() ? "ok" : faults.getFirst();
    }

    /// The same, for more than the first thing that is wrong.
    ///
    /// @param most how many are looked for, at least 1
    public List<String> integrityFaults(int most) throws SQLException {
        List<String> faults = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("PRAGMA integrity_check(" + most + ")")) {
                while (rows.next()) {
                    faults.add(rows.getString(1));
                }
            } catch (SQLException e) {
                if (faults.isEmpty()) {
                    throw e;
                }
                // It could look no further; what it had found is what there is to say.
            } finally {
                statement.execute("PRAGMA shrink_memory");
            }
        }
        if (faults.isEmpty()) {
            return List.of("no answer");
        }
        return faults.equals(List.of("ok")) ? List.of() : faults;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    /// Never throws: what matters is the exception under way. On a full disk SQLite has rolled back
    /// by itself, and then complains that there is no transaction.
    private void rollback() {
        forgetPrepared();
        try (Statement statement = connection.createStatement()) {
            statement.execute("ROLLBACK");
        } catch (SQLException e) {
            ignored("rollback", e);
        }
    }

    private static void ignored(String step, SQLException e) {
        System.getLogger(Sqlite.class.getName())
                .log(System.Logger.Level.DEBUG, "{0}: {1}", step, e.getMessage());
    }

    private static SQLiteConfig config(int cacheKilobytes) {
        SQLiteConfig config = new SQLiteConfig();
        config.enforceForeignKeys(true);
        config.setBusyTimeout(BUSY_TIMEOUT_MS);
        // Nobody asks for them, and the driver would run a query after each insert.
        config.setGetGeneratedKeys(false);
        // A connection is one thread's at a time, so SQLite need not lock it at each call.
        config.setOpenMode(SQLiteOpenMode.NOMUTEX);
        // Negative: kilobytes instead of pages.
        config.setCacheSize(-cacheKilobytes);
        return config;
    }

    private static Sqlite opened(SQLiteConfig config, String file, String begin)
            throws SQLException {
        Connection connection = config.createConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            // A page whose cells reach into each other is found when it is read, not when it is
            // written to.
            statement.execute("PRAGMA cell_size_check = ON");
            return new Sqlite(connection, begin);
        } catch (SQLException e) {
            try (connection) {
                throw e;
            }
        }
    }
}
