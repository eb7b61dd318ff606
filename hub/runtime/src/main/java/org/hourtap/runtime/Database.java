package org.hourtap.runtime;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// A connection to a database, whichever kind it is. Confined to the thread that uses it.
public interface Database extends AutoCloseable {
    /// Work that reads or writes inside one transaction.
    @FunctionalInterface
    interface Work<T, E extends Exception> {
        T run(Connection connection) throws SQLException, E;
    }

    Engine engine();

    /// @param text a constant, so that what is kept is bounded
    /// @return the statement, prepared once and kept: its results are the caller's to close, it is
    ///   not
    PreparedStatement prepared(String text) throws SQLException;

    /// After a failure: drivers drop the statement that failed without saying which.
    void forgetPrepared();

    /// Runs the work in one transaction: committed and on disk when this returns, without a trace
    /// when it throws. Only if the connection broke during the commit itself, nobody knows which.
    <T, E extends Exception> T transaction(Work<T, E> work) throws SQLException, E;

    /// @return the value as this database can keep it
    default @Nullable Object storable(@Nullable Object value) {
        return value;
    }

    @Override
    void close() throws SQLException;
}
