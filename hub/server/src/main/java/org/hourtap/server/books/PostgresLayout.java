package org.hourtap.server.books;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import org.hourtap.runtime.Migrations;
import org.hourtap.runtime.NewerDatabaseException;

/// The layout of the books in PostgreSQL: numbered scripts as in SQLite, each applied once. Which
/// were, and what was in them, is in the table `layout`; its key lets one of several hubs that
/// start at once do it, and the others find it done.
final class PostgresLayout {
    /// A step that another hub does at the same time fails here, and is found done the next time.
    private static final int ATTEMPTS_MAX = 5;

    private static final String DONE_BY_ANOTHER = "23505";
    private static final String MADE_BY_ANOTHER = "42P07";

    private PostgresLayout() {}

    static void apply(Postgres database) throws SQLException, NewerDatabaseException {
        for (int attempt = 1; ; attempt++) {
            try {
                steps(database);
                return;
            } catch (SQLException e) {
                String state = String.valueOf(e.getSQLState());
                boolean isRace =
                        state.equals(DONE_BY_ANOTHER)
                                || state.equals(MADE_BY_ANOTHER)
                                || state.equals("40001");
                if (!isRace || attempt == ATTEMPTS_MAX) {
                    throw e;
                }
            }
        }
    }

    /// @throws SQLException if the books are on their way here and have not all arrived
    static void refuseUnfinished(Postgres database) throws SQLException {
        if (database.transaction(_ -> isUnfinished(new Sql(database)))) {
            throw new SQLException(
                    "The books were not moved here completely. Run hourtap-hub migrate again.");
        }
    }

    static boolean isUnfinished(Sql sql) throws SQLException {
        return sql.number(
                        "SELECT COUNT(*) FROM information_schema.tables"
                                + " WHERE table_schema = current_schema()"
                                + " AND table_name = 'unfinished_move'")
                > 0;
    }

    private static void steps(Postgres database) throws SQLException, NewerDatabaseException {
        List<String> steps = Schema.postgresSteps();
        int reached = database.transaction(connection -> reached(connection, steps));
        if (reached > steps.size()) {
            throw new NewerDatabaseException(reached, steps.size());
        }
        for (int next = reached; next < steps.size(); next++) {
            int number = next + 1;
            String step = steps.get(next);
            database.transaction(connection -> {
                step(connection, number, step);
                return number;
            });
        }
    }

    /// @return how many steps were made
    private static int reached(Connection connection, List<String> steps) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS layout (number BIGINT NOT NULL PRIMARY KEY,"
                            + " step TEXT NOT NULL, checksum TEXT NOT NULL)");
            int reached = 0;
            try (ResultSet rows =
                    statement.executeQuery(
                            "SELECT number, step, checksum FROM layout ORDER BY number")) {
                while (rows.next()) {
                    reached = rows.getInt(1);
                    boolean isOurs =
                            reached > steps.size()
                                    || rows.getString(3).equals(checksum(steps.get(reached - 1)));
                    if (!isOurs) {
                        throw new SQLException(
                                "Step "
                                        + reached
                                        + " of the database's layout ("
                                        + rows.getString(2)
                                        + ") is not the one this program knows. Use a database of"
                                        + " its own for the hub.");
                    }
                }
            }
            return reached;
        }
    }

    private static void step(Connection connection, int number, String step) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO layout VALUES ("
                            + number
                            + ", '"
                            + step
                            + "', '"
                            + checksum(step)
                            + "')");
            for (String sql : Migrations.statements(Schema.class, step)) {
                statement.execute(sql);
            }
        }
    }

    private static String checksum(String step) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String sql : Migrations.statements(Schema.class, step)) {
                digest.update(sql.getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
