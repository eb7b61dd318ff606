package org.hourtap.server.books;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.hourtap.runtime.Database;
import org.hourtap.runtime.Engine;
import org.hourtap.runtime.KeptStatements;
import org.hourtap.runtime.StorageFault;
import org.jspecify.annotations.Nullable;

/// A connection to PostgreSQL that is made when it is needed, and made anew after it broke: the
/// transaction under way is lost then, and whoever ran it may run it again.
final class Postgres implements Database {
    /// Rows of a long answer that are fetched at once: some hundred kilobytes.
    private static final int FETCH_ROWS = 1_000;

    /// What PostgreSQL cannot keep in a text, and what it keeps instead.
    private static final char NOTHING = '\0';

    private static final char INSTEAD = '\ufffd';

    /// A hub that stops in the middle of a transaction, or falls off the network, would keep rows
    /// locked that whoever takes its books over has to write. We need milliseconds between two
    /// statements; a transaction that is ended for longer than this is run again.
    private static final String LET_GO = "SET idle_in_transaction_session_timeout TO '5s'";

    private final PostgresServer server;
    private final boolean isReadOnly;
    private final boolean isContended;
    private final KeptStatements prepared = new KeptStatements(this::prepare);
    private @Nullable Connection connection;

    /// @param isContended whether another may have to write what this one has locked and left
    Postgres(PostgresServer server, boolean isReadOnly, boolean isContended) {
        this.server = server;
        this.isReadOnly = isReadOnly;
        this.isContended = isContended;
    }

    @Override
    public Engine engine() {
        return Engine.POSTGRESQL;
    }

    @Override
    public PreparedStatement prepared(String text) throws SQLException {
        return prepared.of(text);
    }

    @Override
    public void forgetPrepared() {
        prepared.forget();
    }

    @Override
    public <T, E extends Exception> T transaction(Work<T, E> work) throws SQLException, E {
        Connection open = connected();
        boolean committed = false;
        try {
            T result = work.run(open);
            open.commit();
            committed = true;
            return result;
        } finally {
            if (!committed) {
                rollback(open);
            }
        }
    }

    /// What stands in a text and cannot be kept is replaced: the taps it came with still count.
    @Override
    public @Nullable Object storable(@Nullable Object value) {
        return value instanceof String text ? text.replace(NOTHING, INSTEAD) : value;
    }

    @Override
    public void close() throws SQLException {
        prepared.forget();
        Connection open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }

    private PreparedStatement prepare(String text) throws SQLException {
        PreparedStatement statement = connected().prepareStatement(text);
        statement.setFetchSize(FETCH_ROWS);
        return statement;
    }

    private Connection connected() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = server.connect();
            connection = open;
            try {
                settle(open);
            } catch (SQLException e) {
                drop(open);
                throw e;
            }
        }
        return open;
    }

    /// A reader sees one snapshot, and a commit counts when it is on disk, and on the standby's if
    /// there is a synchronous one.
    ///
    /// A writer reads what is committed, statement by statement, and that is enough: each book has
    /// one writer, so nobody else changes what a command reads of its book, and the last statement
    /// before each commit changes the book's lease under the epoch it was taken in ([Leases]). A
    /// takeover changes the same row. If it came first, that statement finds the epoch gone, after
    /// waiting for a takeover under way; if it comes second, it waits for our commit, and whatever
    /// it reads of the book after that is read with our commit in it. Stricter isolation would add
    /// nothing but conflicts: writers of different books share pages of the indexes, on which the
    /// server sees conflicts where there are none.
    private void settle(Connection open) throws SQLException {
        open.setAutoCommit(false);
        open.setReadOnly(isReadOnly);
        open.setTransactionIsolation(
                isReadOnly
                        ? Connection.TRANSACTION_REPEATABLE_READ
                        : Connection.TRANSACTION_READ_COMMITTED);
        if (isReadOnly) {
            return;
        }
        try (Statement statement = open.createStatement()) {
            String durable;
            try (ResultSet row = statement.executeQuery("SHOW synchronous_commit")) {
                durable = row.next() ? row.getString(1) : "";
            }
            if (durable.equals("off") || durable.equals("local")) {
                statement.execute("SET synchronous_commit TO on");
            }
            if (isContended) {
                statement.execute(LET_GO);
            }
        }
        open.commit();
    }

    /// Never throws: what matters is the exception under way.
    private void rollback(Connection open) {
        try {
            open.rollback();
        } catch (SQLException e) {
            ignored("rollback", e);
            drop(open);
        }
    }

    /// The next transaction connects anew.
    private void drop(Connection open) {
        forgetPrepared();
        connection = null;
        try {
            open.close();
        } catch (SQLException e) {
            ignored("closing a broken connection", e);
        }
    }

    private static void ignored(String step, SQLException e) {
        System.getLogger(Postgres.class.getName())
                .log(
                        System.Logger.Level.DEBUG,
                        "{0}: {1} ({2})",
                        step,
                        e.getMessage(),
                        StorageFault.of(e));
    }
}
