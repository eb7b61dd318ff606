package org.hourtap.server.books;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.hourtap.runtime.Sqlite;

/// Read-only connections beside the writer, lent to one thread at a time. Each piece of reading
/// sees one snapshot, and must be short: a long one keeps the log from being folded back.
public final class Reading implements AutoCloseable {
    /// As many as there are requests worth serving at once on a small machine.
    private static final int CONNECTIONS = 4;

    private static final int CACHE_KILOBYTES = 4_096;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final BlockingQueue<Lent> free = new ArrayBlockingQueue<>(CONNECTIONS);
    private final List<Sqlite> all = new ArrayList<>();

    private record Lent(Sqlite database, Sql sql) {}

    /// Work that only reads.
    @FunctionalInterface
    public interface Query<T, E extends Exception> {
        T run(Sql sql) throws SQLException, E;
    }

    private Reading() {}

    public static Reading open(Path file) throws SQLException {
        Reading reading = new Reading();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                Sqlite database = Sqlite.openReadOnly(file, CACHE_KILOBYTES);
                reading.all.add(database);
                reading.free.add(new Lent(database, new Sql(database.connection())));
            }
            return reading;
        } catch (SQLException e) {
            reading.close();
            throw e;
        }
    }

    /// Runs the query in one snapshot.
    public <T, E extends Exception> T read(Query<T, E> query)
            throws UnavailableException, E, InterruptedException {
        Lent lent = free.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (lent == null) {
            throw new UnavailableException(
                    "Too many requests at once. Try again in a few seconds.");
        }
        try {
            return lent.database().<T, E>transaction(_ -> query.run(lent.sql()));
        } catch (SQLException e) {
            throw new UnavailableException(e);
        } finally {
            free.add(lent);
        }
    }

    @Override
    public void close() throws SQLException {
        for (Sqlite database : all) {
            database.close();
        }
    }
}
