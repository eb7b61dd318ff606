package org.hourtap.simulator.postgresql;

import java.io.IOException;
import java.util.HexFormat;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.books.PostgresAddress;
import org.hourtap.server.books.PostgresServer;

/// An empty database for hubs at a server, and the user they are there.
///
/// @param password of that user
public record HubDatabase(PostgresNode node, String password) {
    private static final int PASSWORD_BYTES = 16;

    /// Makes both.
    public static HubDatabase at(PostgresNode node) throws IOException, InterruptedException {
        String password = HexFormat.of().formatHex(SystemTime.randomBytes(PASSWORD_BYTES));
        node.tell("CREATE ROLE hourtap LOGIN PASSWORD '" + password + "'");
        node.ask("CREATE DATABASE hourtap OWNER hourtap");
        return new HubDatabase(node, password);
    }

    public PostgresAddress address() {
        return address("127.0.0.1:" + node.port());
    }

    public PostgresServer store() {
        return new PostgresServer(address(), password);
    }

    /// @return the same database wherever it is, there or at a standby
    public PostgresServer store(PostgresNode standby) {
        return new PostgresServer(
                address("127.0.0.1:" + node.port() + ",127.0.0.1:" + standby.port()), password);
    }

    private static PostgresAddress address(String hosts) {
        return PostgresAddress.parse("postgresql://hourtap@" + hosts + "/hourtap");
    }
}
