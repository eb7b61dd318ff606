package org.hourtap.simulator.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hourtap.simulator.postgresql.PostgresNode;
import org.hourtap.simulator.postgresql.PostgresPrograms;

/// A yardstick: TPC-B's transaction by one client of pgbench, prepared, at a PostgreSQL of its own
/// on the same disk, on loopback, which ends with this.
final class PgBench implements AutoCloseable {
    private static final int SCALE = 20;
    private static final Pattern RATE = Pattern.compile("(?m)^tps = ([0-9.]+)");

    private final PostgresNode server;

    private PgBench(PostgresNode server) {
        this.server = server;
    }

    /// @param folder where it may make one of its own
    /// @return empty if no PostgreSQL is installed
    static Optional<PgBench> start(Path folder) throws IOException, InterruptedException {
        Optional<PostgresPrograms> programs = PostgresPrograms.find();
        if (programs.isEmpty()) {
            return Optional.empty();
        }
        PostgresNode server = PostgresNode.primary(programs.get(), folder, "postgresql", _ -> {});
        server.client("pgbench", "-i", "-q", "-s", Integer.toString(SCALE), "postgres");
        return Optional.of(new PgBench(server));
    }

    /// @return the server, which has room for other databases
    PostgresNode server() {
        return server;
    }

    /// @return transactions a second
    double run(int clients, int transactions) throws IOException, InterruptedException {
        String said =
                server.client(
                        "pgbench",
                        "-c",
                        Integer.toString(clients),
                        "-M",
                        "prepared",
                        "-n",
                        "-t",
                        Integer.toString(transactions),
                        "postgres");
        Matcher rate = RATE.matcher(said);
        if (!rate.find()) {
            throw new IOException("pgbench said no rate: " + said);
        }
        return Double.parseDouble(rate.group(1));
    }

    @Override
    public void close() throws IOException {
        try {
            server.stop();
        } catch (InterruptedException e) {
            throw new IOException("interrupted while PostgreSQL was stopping", e);
        }
    }
}
