package org.hourtap.server.books;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.hourtap.runtime.Database;
import org.hourtap.runtime.NewerDatabaseException;

/// Books in a database of a PostgreSQL server.
public final class PostgresServer implements LedgerStore {
    /// As long as someone waits for a page.
    private static final String CONNECT_SECONDS = "5";

    /// Longer than any answer takes to begin; a server that fell off the network is given up then.
    private static final String ANSWER_SECONDS = "60";

    private final PostgresAddress address;
    private final String password;

    /// @param password as the server wants it; empty if it asks for none
    public PostgresServer(PostgresAddress address, String password) {
        this.address = address;
        this.password = password;
    }

    @Override
    public Database openWriter() throws SQLException, NewerDatabaseException {
        Postgres database = new Postgres(this, false, true);
        try {
            PostgresLayout.refuseUnfinished(database);
            PostgresLayout.apply(database);
            return database;
        } catch (SQLException | NewerDatabaseException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    @Override
    public Database openReader() throws SQLException {
        Postgres database = new Postgres(this, true, false);
        try {
            database.transaction(_ -> database.prepared("SELECT 1").execute());
            return database;
        } catch (SQLException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /// @return a connection to whatever is there
    Postgres open() {
        return new Postgres(this, false, false);
    }

    /// @return the address, without the password
    @Override
    public String toString() {
        return address.toString();
    }

    Connection connect() throws SQLException {
        Properties properties = address.properties();
        if (!password.isEmpty()) {
            properties.setProperty("password", password);
        }
        properties.setProperty("connectTimeout", CONNECT_SECONDS);
        properties.setProperty("loginTimeout", ANSWER_SECONDS);
        properties.setProperty("socketTimeout", ANSWER_SECONDS);
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("reWriteBatchedInserts", "true");
        properties.setProperty("ApplicationName", "hourtap-hub");
        // Of several hosts the one that takes changes, after a standby was promoted too.
        properties.setProperty("targetServerType", "primary");
        return DriverManager.getConnection(address.url(), properties);
    }
}
