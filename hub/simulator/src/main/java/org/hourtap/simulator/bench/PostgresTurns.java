package org.hourtap.simulator.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hourtap.simulator.postgresql.HubDatabase;

/// What is measured at a PostgreSQL server: the yardstick and, in another database of the same
/// server, the hub's own books.
final class PostgresTurns implements AutoCloseable {
    private static final int CLIENTS = 64;
    private static final int TPC_B_EACH = 300;
    private static final int BATCHES_EACH = 20;
    private static final int SINGLES_EACH = 200;
    private static final double TPC_B_TIMES_MIN = 10;

    private final PgBench server;
    private final LedgerBooks books;
    private final Rate tpcB = new Rate();
    private final Rate one = new Rate();
    private final Rate full = new Rate();
    private final Rate grouped = new Rate();

    private PostgresTurns(PgBench server, LedgerBooks books) {
        this.server = server;
        this.books = books;
    }

    /// @return empty if no PostgreSQL is installed
    static Optional<PostgresTurns> start(Path folder, long rows)
            throws IOException, InterruptedException, BenchProblem {
        Optional<PgBench> installed = PgBench.start(folder);
        if (installed.isEmpty()) {
            return Optional.empty();
        }
        PgBench server = installed.get();
        boolean isUp = false;
        try {
            LedgerBooks books = LedgerBooks.open(HubDatabase.at(server.server()).store());
            books.grow(rows, _ -> {});
            isUp = true;
            return Optional.of(new PostgresTurns(server, books));
        } finally {
            if (!isUp) {
                server.close();
            }
        }
    }

    /// @param counts whether what is measured counts: the first turn warms up
    void turn(boolean counts) throws IOException, InterruptedException, BenchProblem {
        double yardstick = server.run(1, TPC_B_EACH);
        double batches = books.post(BATCHES_EACH, 256);
        double singles = books.post(SINGLES_EACH, 1);
        double groups = books.postFrom(CLIENTS, SINGLES_EACH);
        if (counts) {
            tpcB.add(yardstick);
            full.add(batches);
            one.add(singles);
            grouped.add(groups);
        }
    }

    /// @return the yardstick
    Rate tpcB() {
        return tpcB;
    }

    List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        figures.add(Figure.of("PostgreSQL: posting, one by one", one.median(), "/s"));
        figures.add(Figure.of("PostgreSQL: posting, 256 in a batch", full.median(), "/s"));
        figures.add(
                Figure.atLeast(
                        "  256 in a batch / TPC-B on PostgreSQL",
                        full.over(tpcB),
                        "times",
                        TPC_B_TIMES_MIN));
        figures.add(Figure.of("PostgreSQL: 64 clients, in groups", grouped.median(), "/s"));
        figures.add(Figure.of("  groups / each for itself", grouped.over(one), "times"));
        return figures;
    }

    @Override
    public void close() throws IOException, SQLException {
        try {
            books.close();
        } finally {
            server.close();
        }
    }
}
