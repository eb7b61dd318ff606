package org.hourtap.simulator.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.hourtap.runtime.SystemTime;

/// A yardstick: TPC-B's transaction by one client over JDBC in a SQLite file of its own, with a log
/// and every commit synced as the hub has it, statements prepared once.
final class SqliteTpcB implements AutoCloseable {
    private static final int SCALE = 20;
    private static final int ACCOUNTS = 100_000 * SCALE;
    private static final int TELLERS = 10 * SCALE;

    private final Connection connection;
    private final PreparedStatement account;
    private final PreparedStatement balance;
    private final PreparedStatement teller;
    private final PreparedStatement branch;
    private final PreparedStatement history;
    private final RandomGenerator chance = RandomGeneratorFactory.of("SplittableRandom").create(30);

    private SqliteTpcB(Connection connection) throws SQLException {
        this.connection = connection;
        this.account =
                connection.prepareStatement(
                        "UPDATE account SET balance = balance + ? WHERE id = ?");
        this.balance = connection.prepareStatement("SELECT balance FROM account WHERE id = ?");
        this.teller =
                connection.prepareStatement("UPDATE teller SET balance = balance + ? WHERE id = ?");
        this.branch =
                connection.prepareStatement("UPDATE branch SET balance = balance + ? WHERE id = ?");
        this.history = connection.prepareStatement("INSERT INTO history VALUES (?, ?, ?, ?, ?)");
    }

    static SqliteTpcB open(Path file) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("PRAGMA cache_size = -65536");
            for (String table : new String[] {"account", "teller", "branch"}) {
                int rows =
                        table.equals("account")
                                ? ACCOUNTS
                                : table.equals("teller") ? TELLERS : SCALE;
                statement.execute(
                        "CREATE TABLE %s (id INTEGER PRIMARY KEY, balance INTEGER, filler TEXT)"
                                .formatted(table));
                statement.execute(
                        ("INSERT INTO %s WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1"
                                        + " FROM n WHERE i < %d) SELECT i, 0, printf('%%84s', '')"
                                        + " FROM n")
                                .formatted(table, rows));
            }
            statement.execute(
                    "CREATE TABLE history (teller INTEGER, branch INTEGER, account INTEGER,"
                            + " delta INTEGER, at INTEGER)");
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        connection.setAutoCommit(false);
        return new SqliteTpcB(connection);
    }

    /// @return transactions a second
    double run(int transactions) throws SQLException {
        long began = SystemTime.bootMicros();
        for (int i = 0; i < transactions; i++) {
            long delta = chance.nextInt(-5_000, 5_001);
            long who = chance.nextLong(1, ACCOUNTS + 1L);
            update(account, delta, who);
            balance.setLong(1, who);
            balance.executeQuery().close();
            long at = chance.nextLong(1, TELLERS + 1L);
            update(teller, delta, at);
            long where = 1 + (at - 1) / 10;
            update(branch, delta, where);
            history.setLong(1, at);
            history.setLong(2, where);
            history.setLong(3, who);
            history.setLong(4, delta);
            history.setLong(5, began);
            history.executeUpdate();
            connection.commit();
        }
        return Rate.of(transactions, began);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private static void update(PreparedStatement statement, long delta, long id)
            throws SQLException {
        statement.setLong(1, delta);
        statement.setLong(2, id);
        statement.executeUpdate();
    }
}
