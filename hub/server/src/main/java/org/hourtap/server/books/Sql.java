package org.hourtap.server.books;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hourtap.runtime.Database;
import org.hourtap.runtime.Engine;
import org.jspecify.annotations.Nullable;

/// Statements on one connection, each prepared once: preparing costs more than running. Confined to
/// whoever holds the connection. Statement texts are constants, so what is kept is bounded.
public final class Sql {
    private final Database database;

    public Sql(Database database) {
        this.database = database;
    }

    /// Makes a value of the row the cursor is on.
    @FunctionalInterface
    public interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /// Takes in the row the cursor is on.
    @FunctionalInterface
    public interface EachRow {
        void read(ResultSet row) throws SQLException;
    }

    /// After a failure that is made up for: what failed cannot be run again as it is kept.
    void forgetPrepared() {
        database.forgetPrepared();
    }

    public Engine engine() {
        return database.engine();
    }

    /// Runs one statement for many rows, in as few journeys as the driver can.
    ///
    /// @return for each row how many changed, or [java.sql.Statement#SUCCESS_NO_INFO]
    public int[] batch(String sql, List<@Nullable Object[]> rows) throws SQLException {
        return engine() == Engine.SQLITE ? oneByOne(sql, rows) : together(sql, rows);
    }

    /// In a file that is no slower, and a full disk is not hidden in another exception.
    private int[] oneByOne(String sql, List<@Nullable Object[]> rows) throws SQLException {
        int[] counts = new int[rows.size()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = update(sql, rows.get(i));
        }
        return counts;
    }

    private int[] together(String sql, List<@Nullable Object[]> rows) throws SQLException {
        PreparedStatement statement = database.prepared(sql);
        for (@Nullable Object[] row : rows) {
            bind(statement, row);
            statement.addBatch();
        }
        return statement.executeBatch();
    }

    /// @return how many rows changed
    public int update(String sql, @Nullable Object... values) throws SQLException {
        return bound(sql, values).executeUpdate();
    }

    public <T> Optional<T> one(String sql, Row<T> row, @Nullable Object... values)
            throws SQLException {
        try (ResultSet rows = bound(sql, values).executeQuery()) {
            return rows.next() ? Optional.of(row.read(rows)) : Optional.empty();
        }
    }

    public <T> List<T> list(String sql, Row<T> row, @Nullable Object... values)
            throws SQLException {
        List<T> list = new ArrayList<>();
        each(sql, rows -> list.add(row.read(rows)), values);
        return list;
    }

    public void each(String sql, EachRow row, @Nullable Object... values) throws SQLException {
        try (ResultSet rows = bound(sql, values).executeQuery()) {
            while (rows.next()) {
                row.read(rows);
            }
        }
    }

    /// @return the number in the first column of the only row
    public long number(String sql, @Nullable Object... values) throws SQLException {
        return one(sql, row -> row.getLong(1), values)
                .orElseThrow(() -> new SQLException("no row for: " + sql));
    }

    private PreparedStatement bound(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = database.prepared(sql);
        bind(statement, values);
        return statement;
    }

    private void bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, database.storable(values[i]));
        }
    }
}
