package org.hourtap.simulator.instances;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.books.PostgresAddress;
import org.hourtap.server.books.PostgresServer;
import org.hourtap.simulator.postgresql.PostgresNode;
import org.hourtap.simulator.postgresql.PostgresPrograms;

/// A PostgreSQL of its own with an empty database for the hubs, which ends with this.
///
/// @param password of the hubs' user
record OwnPostgres(PostgresNode node, String password) implements AutoCloseable {
    private static final int PASSWORD_BYTES = 16;

    /// @param folder where it makes one of its own
    static OwnPostgres start(Path folder) throws IOException, InterruptedException {
        PostgresPrograms programs =
                PostgresPrograms.find()
                        .orElseThrow(() ->
                                new IOException(
                                        "PostgreSQL is not installed. Run: apt-get install"
                                                + " postgresql"));
        PostgresNode node = PostgresNode.primary(programs, folder, "postgresql", _ -> {});
        OwnPostgres made =
                new OwnPostgres(
                        node, HexFormat.of().formatHex(SystemTime.randomBytes(PASSWORD_BYTES)));
        try {
            node.tell(
                    "CREATE ROLE hourtap LOGIN PASSWORD '"
                            + made.password()
                            + "';\nCREATE DATABASE hours OWNER hourtap;\n");
            return made;
        } catch (IOException | InterruptedException | RuntimeException e) {
            made.close();
            throw e;
        }
    }

    PostgresAddress address() {
        return PostgresAddress.parse("postgresql://hourtap@127.0.0.1:" + node.port() + "/hours");
    }

    PostgresServer store() {
        return new PostgresServer(address(), password);
    }

    @Override
    public void close() throws IOException {
        node.close();
    }
}
