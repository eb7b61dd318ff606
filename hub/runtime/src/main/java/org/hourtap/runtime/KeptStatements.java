package org.hourtap.runtime;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/// Statements of one connection, each prepared once: preparing costs more than running. Confined to
/// whoever holds the connection.
public final class KeptStatements {
    private final Preparing preparing;
    private final Map<String, PreparedStatement> kept = new HashMap<>();

    /// Makes a statement that is not kept yet.
    @FunctionalInterface
    public interface Preparing {
        PreparedStatement prepare(String text) throws SQLException;
    }

    public KeptStatements(Preparing preparing) {
        this.preparing = preparing;
    }

    /// @param text a constant, so that what is kept is bounded
    public PreparedStatement of(String text) throws SQLException {
        PreparedStatement statement = kept.get(text);
        if (statement == null) {
            statement = preparing.prepare(text);
            kept.put(text, statement);
        }
        return statement;
    }

    /// Closes all of them. Never throws: they are of no use any more.
    public void forget() {
        for (PreparedStatement statement : kept.values()) {
            try {
                statement.close();
            } catch (SQLException e) {
                System.getLogger(KeptStatements.class.getName())
                        .log(System.Logger.Level.DEBUG, "closing a statement: {0}", e.getMessage());
            }
        }
        kept.clear();
    }
}
