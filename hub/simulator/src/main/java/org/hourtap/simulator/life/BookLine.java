package org.hourtap.simulator.life;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.hourtap.contract.TransferId;
import org.hourtap.server.books.Ids;
import org.hourtap.server.books.Sql;
import org.jspecify.annotations.Nullable;

/// A line of the hub's journal, as far as the auditor reckons with it.
///
/// @param debit the account's number
/// @param corrects the transfer it takes back
/// @param stage absent if it moves hours at once
/// @param decides the pending transfer that it ends
record BookLine(
        long sequence,
        TransferId id,
        long debit,
        long credit,
        long minutes,
        String reason,
        boolean isOfTap,
        @Nullable TransferId corrects,
        @Nullable String stage,
        @Nullable TransferId decides) {
    /// @return those after this one, the oldest first
    static List<BookLine> after(Sql sql, long sequence) throws SQLException {
        return sql.list(
                "SELECT * FROM transfer WHERE sequence > ? ORDER BY sequence",
                BookLine::read,
                sequence);
    }

    /// @return minutes that move now
    long moved() {
        return stage == null || stage.equals("POSTS") ? minutes : 0;
    }

    boolean isPending() {
        return "PENDING".equals(stage);
    }

    private static BookLine read(ResultSet row) throws SQLException {
        return new BookLine(
                row.getLong("sequence"),
                Ids.read(row, "id"),
                row.getLong("debit"),
                row.getLong("credit"),
                row.getLong("minutes"),
                row.getString("reason"),
                row.getString("terminal") != null,
                idOrNull(row, "corrects"),
                row.getString("stage"),
                idOrNull(row, "decides"));
    }

    private static @Nullable TransferId idOrNull(ResultSet row, String column) throws SQLException {
        return row.getBytes(column) == null ? null : Ids.read(row, column);
    }
}
