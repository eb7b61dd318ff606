package org.hourtap.server.books;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import org.hourtap.runtime.Sqlite;
import org.jspecify.annotations.Nullable;

/// Read-only connections beside the writer, lent to one thread at a time. Each piece of reading
/// sees one snapshot, and must be short: a long one keeps the log from being folded back.
public final class Reading implements AutoCloseable {
    /// As many as there are requests worth serving at once on a small machine.
    private static final int CONNECTIONS = 4;

    private static final int CACHE_KILOBYTES = 4_096;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Path file;

    // The one given back last is lent first: it has its statements and pages at hand. Places of
    // connections that nobody needed so far are at the end.
    private final BlockingDeque<Lent> free = new LinkedBlockingDeque<>(CONNECTIONS);

    private volatile boolean isClosed;

    private static final class Lent {
        private @Nullable Sqlite database;

        Sqlite opened(Path file) throws SQLException {
            Sqlite open = database;
            if (open == null) {
                open = Sqlite.openReadOnly(file, CACHE_KILOBYTES);
                database = open;
            }
            return open;
        }

        void close() throws SQLException {
            if (database != null) {
                database.close();
            }
        }
    }

    /// Work that only reads.
    @FunctionalInterface
    public interface Query<T, E extends Exception> {
        T run(Sql sql) throws SQLException, E;
    }

    private Reading(Path file) {
        this.file = file;
        for (int i = 0; i < CONNECTIONS; i++) {
            free.add(new Lent());
        }
    }

    /// Opens the first connection, to know that it can be; the others when they are needed.
    public static Reading open(Path file) throws SQLException {
        Reading reading = new Reading(file);
        reading.free.getFirst().opened(file);
        return reading;
    }

    /// Runs the query in one snapshot.
    public <T, E extends Exception> T read(Query<T, E> query)
            throws UnavailableException, E, InterruptedException {
        Lent lent = isClosed ? null : free.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (lent == null) {
            throw new UnavailableException(
                    "Too many requests at once, or the hub is stopping. Try again in a few"
                            + " seconds.");
        }
        try {
            Sqlite database = lent.opened(file);
            return database.<T, E>transaction(_ -> query.run(new Sql(database)));
        } catch (SQLException e) {
            throw new UnavailableException(e);
        } finally {
            giveBack(lent);
        }
    }

    /// Whoever is still reading finishes; their connection is closed then.
    @Override
    public void close() throws SQLException {
        isClosed = true;
        closeFree();
    }

    private void giveBack(Lent lent) throws UnavailableException {
        free.addFirst(lent);
        if (isClosed) {
            try {
                closeFree();
            } catch (SQLException e) {
                throw new UnavailableException(e);
            }
        }
    }

    private void closeFree() throws SQLException {
        for (Lent lent = free.poll(); lent != null; lent = free.poll()) {
            lent.close();
        }
    }
}
