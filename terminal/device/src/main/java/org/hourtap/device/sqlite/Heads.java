package org.hourtap.device.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.hourtap.contract.SignedHead;
import org.hourtap.runtime.Sqlite;
import org.jspecify.annotations.Nullable;

/// The signed heads that the hub told, kept where the hub cannot reach them. Whether they are
/// signed this terminal cannot know; whoever has the hub's public key can.
///
/// Of each day there is the newest. It gives way to a later one of the same day only if that has a
/// larger number; the one of an earlier day never gives way. A head that gives a number another
/// hash than before is the evidence all this is for: it is kept beside the first, and from then on
/// neither gives way to anything that comes on that day.
final class Heads {
    /// A year and some weeks, so that the yearly audit finds one of each day since the last.
    static final int DAYS_MAX = 400;

    /// All columns, the seal last; see [Seal#next].
    private static final String COLUMNS = "id, day, beside, line, seal";

    private static final int VALUES = 4;
    private static final String IN_ORDER = "SELECT " + COLUMNS + " FROM head ORDER BY id";
    private static final String INSERT =
            "INSERT INTO head (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?)";

    /// What is beside another goes with it.
    private static final String FORGET =
            "DELETE FROM head WHERE CASE beside WHEN 0 THEN id ELSE beside END <= ?";

    private static final long DAY_MICROS = TimeUnit.DAYS.toMicros(1);

    private final Sqlite sqlite;

    /// The broker tells the same line with each new connection.
    private String newestHeard = "";

    /// One kept head.
    ///
    /// @param day counted from 1970, by this terminal's clock when it came
    /// @param beside the id of the one it contradicts, 0 if it contradicts none
    record Kept(long id, long day, long beside, SignedHead head) {}

    Heads(Sqlite sqlite) {
        this.sqlite = sqlite;
    }

    void keep(SignedHead head, long wallMicros) throws SQLException {
        if (head.line().equals(newestHeard)) {
            return;
        }
        long today = Math.floorDiv(wallMicros, DAY_MICROS);
        sqlite.<Integer, SQLException>transaction(connection -> {
            List<Kept> all = in(connection);
            Kept same = sameNumber(all, head);
            if (same == null) {
                append(all, head, today);
            } else if (!same.head().hash().equals(head.hash()) && !isContradicted(all, same)) {
                insert(new Kept(all.getLast().id() + 1, today, same.id(), head));
            }
            return all.size();
        });
        newestHeard = head.line();
    }

    private void append(List<Kept> all, SignedHead head, long today) throws SQLException {
        List<Kept> days = all.stream().filter(kept -> kept.beside() == 0).toList();
        Kept last = days.isEmpty() ? null : days.getLast();
        if (last != null && last.day() == today) {
            if (head.number() < last.head().number() || isContradicted(all, last)) {
                return;
            }
            PreparedStatement delete = sqlite.prepared("DELETE FROM head WHERE id = ?");
            delete.setLong(1, last.id());
            delete.executeUpdate();
        } else if (days.size() >= DAYS_MAX) {
            PreparedStatement forget = sqlite.prepared(FORGET);
            forget.setLong(1, days.get(days.size() - DAYS_MAX).id());
            forget.executeUpdate();
        }
        insert(new Kept(all.isEmpty() ? 1 : all.getLast().id() + 1, today, 0, head));
    }

    private static @Nullable Kept sameNumber(List<Kept> all, SignedHead head) {
        return all.stream()
                .filter(kept -> kept.beside() == 0 && kept.head().number() == head.number())
                .findFirst()
                .orElse(null);
    }

    private static boolean isContradicted(List<Kept> all, Kept one) {
        return all.stream().anyMatch(kept -> kept.beside() == one.id());
    }

    private void insert(Kept kept) throws SQLException {
        PreparedStatement insert = sqlite.prepared(INSERT);
        Seal.bind(insert, List.of(kept.id(), kept.day(), kept.beside(), kept.head().line()));
        insert.executeUpdate();
    }

    /// @return in the order in which they came
    static List<Kept> in(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(IN_ORDER)) {
            List<Kept> all = new ArrayList<>();
            while (Seal.next(rows)) {
                all.add(
                        new Kept(
                                rows.getLong(1),
                                rows.getLong(2),
                                rows.getLong(3),
                                SignedHead.parse(rows.getString(4))));
            }
            return all;
        }
    }

    /// Takes over what another file still holds. Rows that are not what was written stay behind.
    void takeOver(Connection other) throws SQLException {
        PreparedStatement insert = sqlite.prepared(INSERT);
        try (Statement statement = other.createStatement();
                ResultSet rows = statement.executeQuery(IN_ORDER)) {
            while (rows.next()) {
                if (Seal.fits(rows)) {
                    Seal.bind(insert, Seal.values(rows, VALUES));
                    insert.executeUpdate();
                }
            }
        }
    }
}
