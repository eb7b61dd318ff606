package org.hourtap.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/// Numbered SQL scripts, each applied once and in order. The number reached is SQLite's own
/// `user_version`, so that an unchanged database costs one read at start.
public final class Migrations {
    /// A line of its own between statements; a semicolon also stands inside triggers.
    private static final String SEPARATOR = "\n--;;\n";

    private Migrations() {}

    /// Brings the database to the newest version.
    ///
    /// @param owner the class beside whose resources the scripts lie
    /// @param scripts resource names, oldest first; one is only ever added at the end
    /// @throws NewerDatabaseException if a later program has already been here
    public static void apply(Sqlite database, Class<?> owner, List<String> scripts)
            throws SQLException, NewerDatabaseException {
        int version = version(database);
        if (version > scripts.size()) {
            throw new NewerDatabaseException(version, scripts.size());
        }
        for (int next = version; next < scripts.size(); next++) {
            List<String> statements = statements(owner, scripts.get(next));
            int reached = next + 1;
            database.<Integer, SQLException>transaction(connection -> {
                try (Statement statement = connection.createStatement()) {
                    for (String sql : statements) {
                        statement.execute(sql);
                    }
                    statement.execute("PRAGMA user_version = " + reached);
                }
                return reached;
            });
        }
    }

    /// @return how many scripts have been applied
    public static int version(Sqlite database) throws SQLException {
        try (Statement statement = database.connection().createStatement();
                ResultSet row = statement.executeQuery("PRAGMA user_version")) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    /// @param name a resource beside `owner`
    /// @return the statements of a script, in order
    public static List<String> statements(Class<?> owner, String name) {
        return List.of(read(owner, name).split(SEPARATOR));
    }

    private static String read(Class<?> owner, String name) {
        try (InputStream in = owner.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource missing from the program: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
