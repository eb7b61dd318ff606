package org.hourtap.server.books;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;

/// Changes to a hub's file as someone makes them who has the file and no scruples.
final class Tampering {
    private Tampering() {}

    static void change(Path file, String change) throws SQLException {
        try (Connection raw = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = raw.createStatement()) {
            Map<String, String> triggers = new LinkedHashMap<>();
            try (ResultSet rows =
                    statement.executeQuery(
                            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")) {
                while (rows.next()) {
                    triggers.put(rows.getString(1), rows.getString(2));
                }
            }
            for (String trigger : triggers.keySet()) {
                statement.execute("DROP TRIGGER " + trigger);
            }
            statement.execute("PRAGMA ignore_check_constraints = ON");
            statement.executeUpdate(change);
            for (String trigger : triggers.values()) {
                statement.execute(trigger);
            }
        }
    }
}
