package org.hourtap.server.books;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// Changes to a hub's file as someone makes them who has the file and no scruples.
final class Tampering {
    private Tampering() {}

    static void change(Path file, String change) throws SQLException {
        try (Connection raw = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = raw.createStatement()) {
            List<String> triggers = new ArrayList<>();
            try (ResultSet rows =
                    statement.executeQuery(
                            "SELECT sql FROM sqlite_schema WHERE type = 'trigger'")) {
                while (rows.next()) {
                    triggers.add(rows.getString(1));
                }
            }
            statement.execute("DROP TRIGGER transfer_stays");
            statement.execute("DROP TRIGGER transfer_remains");
            statement.execute("PRAGMA ignore_check_constraints = ON");
            statement.executeUpdate(change);
            for (String trigger : triggers) {
                statement.execute(trigger);
            }
        }
    }
}
