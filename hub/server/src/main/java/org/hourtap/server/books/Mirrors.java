package org.hourtap.server.books;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.hourtap.runtime.Engine;

/// Whether what two books say of each other is the same: an hour that the one gave is one that the
/// other got, or it is on its way.
public final class Mirrors {
    /// Both mirrors carry credits: what this book sent stands above zero here and below it there.
    /// Each pair is met from the side of the book that comes first, or that alone has a mirror.
    private static final String PAIRS =
            "SELECT here.book_id, here.owner, here.credits - here.debits AS given,"
                    + " COALESCE(there.debits - there.credits, 0) AS got,"
                    + " (SELECT CAST(COALESCE(SUM(minutes), 0) AS BIGINT) FROM remittance"
                    + " WHERE (from_book = here.book_id AND book_id = here.owner)"
                    + " OR (from_book = here.owner AND book_id = here.book_id)) AS on_their_way"
                    + " FROM account here JOIN book b ON b.book_id = here.owner"
                    + " LEFT JOIN account there ON there.book_id = here.owner"
                    + " AND there.kind = 'MIRROR' AND there.owner = here.book_id"
                    + " WHERE here.kind = 'MIRROR'"
                    + " AND (there.book_id IS NULL OR here.book_id < there.book_id)"
                    + " ORDER BY here.book_id, here.owner";

    private Mirrors() {}

    /// @return a sentence on each two books that do not say the same
    public static List<String> apart(Sql sql) throws SQLException {
        if (!isKept(sql)) {
            return List.of();
        }
        List<String> apart = new ArrayList<>();
        sql.each(
                PAIRS,
                row -> {
                    long given = row.getLong("given");
                    long got = row.getLong("got");
                    long onTheirWay = row.getLong("on_their_way");
                    if (given - got != onTheirWay) {
                        apart.add(
                                "Books %s and %s do not agree: %d minutes went, %d came, %d on their way."
                                        .formatted(
                                                row.getString("book_id"),
                                                row.getString("owner"),
                                                given,
                                                got,
                                                onTheirWay));
                    }
                });
        return apart;
    }

    /// A bundle holds one book, and an older database did not say what is on its way.
    private static boolean isKept(Sql sql) throws SQLException {
        return sql.number(
                        sql.engine() == Engine.SQLITE
                                ? "SELECT COUNT(*) FROM sqlite_schema WHERE name = 'remittance'"
                                : "SELECT COUNT(*) FROM information_schema.tables"
                                        + " WHERE table_schema = current_schema()"
                                        + " AND table_name = 'remittance'")
                > 0;
    }
}
