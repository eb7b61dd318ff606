package org.hourtap.server.books;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import org.hourtap.runtime.Database;
import org.hourtap.runtime.StorageFault;
import org.jspecify.annotations.Nullable;

/// Read-only connections beside the writer, lent to one thread at a time. Each piece of reading
/// sees one snapshot, and must be short: a long one keeps the log from being folded back.
public final class Reading implements AutoCloseable {
    /// As many as there are requests worth serving at once on a small machine.
    private static final int CONNECTIONS = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final LedgerStore store;

    // The one given back last is lent first: it has its statements and pages at hand. Places of
    // connections that nobody needed so far are at the end.
    private final BlockingDeque<Lent> free = new LinkedBlockingDeque<>(CONNECTIONS);

    private volatile boolean isClosed;

    private static final class Lent {
        private @Nullable Database database;

        Database opened(LedgerStore store) throws SQLException {
            Database open = database;
            if (open == null) {
                open = store.openReader();
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

    private Reading(LedgerStore store) {
        this.store = store;
        for (int i = 0; i < CONNECTIONS; i++) {
            free.add(new Lent());
        }
    }

    /// Opens the first connection, to know that it can be; the others when they are needed.
    public static Reading open(LedgerStore store) throws SQLException {
        Reading reading = new Reading(store);
        reading.free.getFirst().opened(store);
        return reading;
    }

    /// The same for books in a file of SQLite.
    public static Reading open(Path file) throws SQLException {
        return open(LedgerStore.of(file));
    }

    /// Runs the query in one snapshot; once more if the connection turns out to be broken.
    public <T, E extends Exception> T read(Query<T, E> query)
            throws UnavailableException, E, InterruptedException {
        Lent lent = isClosed ? null : free.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (lent == null) {
            throw new UnavailableException(
                    "Too many requests at once, or the hub is stopping. Try again in a few"
                            + " seconds.");
        }
        try {
            Database database = lent.opened(store);
            try {
                return database.<T, E>transaction(_ -> query.run(new Sql(database)));
            } catch (SQLException e) {
                if (!StorageFault.of(e).isPassing()) {
                    throw e;
                }
                return database.<T, E>transaction(_ -> query.run(new Sql(database)));
            }
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
