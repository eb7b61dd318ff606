package org.hourtap.server.office;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hourtap.contract.BookId;
import org.hourtap.contract.Credits;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.AccountKind;
import org.hourtap.server.books.Ids;
import org.hourtap.server.books.Sql;
import org.jspecify.annotations.Nullable;

/// Hours that left one book and are not in the other, or not back, yet. Each is a row, made and
/// ended in the commits that post the two sides, so it is carried on by whoever writes the next
/// book whatever happens to whoever wrote the last. Only that one hub changes it: the one of the
/// book the hours go to as long as they go there, and the one of their own book once they were
/// refused. Confined to whoever holds the connection.
public final class Remittances {
    public static final int LIST_MAX = 500;

    /// A few milliseconds each; taps wait meanwhile.
    private static final int MOST_AT_ONCE = 100;

    private static final String SELECT = "SELECT * FROM remittance WHERE ";
    private static final String OLDEST = " ORDER BY made_micros, id LIMIT ?";
    private static final String KEY = " WHERE book_id = ? AND from_book = ? AND id = ?";

    private final Sql sql;

    public Remittances(Sql sql) {
        this.sql = sql;
    }

    /// Hours on their way.
    ///
    /// @param refused why they come back; absent as long as they go there
    public record OnItsWay(Remittance remittance, long madeMicros, @Nullable String refused) {
        /// @return the book that has to post next
        public BookId next() {
            return refused == null ? remittance.to().book() : remittance.from().book();
        }
    }

    /// Where hours are that were sent.
    public enum Whereabouts {
        ARRIVED,
        ON_ITS_WAY,
        COMING_BACK,
        CAME_BACK
    }

    void put(Remittance remittance, long nowMicros, @Nullable String refused) throws SQLException {
        sql.update(
                "INSERT INTO remittance VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                remittance.to().book().value(),
                remittance.from().book().value(),
                Ids.bytes(remittance.id()),
                remittance.from().name(),
                remittance.to().name(),
                remittance.amount().minutes(),
                remittance.operator().name(),
                remittance.operator().note(),
                nowMicros,
                refused);
    }

    /// The hours are in one of the books.
    public void end(Remittance remittance) throws SQLException {
        sql.update("DELETE FROM remittance" + KEY, key(remittance));
    }

    /// The other book does not take them.
    public void refuse(Remittance remittance, String why) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>(List.of(why));
        values.addAll(List.of(key(remittance)));
        sql.update("UPDATE remittance SET refused = ?" + KEY, values.toArray());
    }

    /// @return the same as it stands now, empty if it is carried no further
    public Optional<OnItsWay> now(OnItsWay seen) throws SQLException {
        Remittance remittance = seen.remittance();
        return sql.one("SELECT * FROM remittance" + KEY, Remittances::read, key(remittance))
                .filter(found -> found.next().equals(seen.next()));
    }

    /// @return what a book has to post, the oldest first
    public List<OnItsWay> waitingFor(BookId book) throws SQLException {
        List<OnItsWay> waiting = new ArrayList<>();
        waiting.addAll(
                sql.list(
                        SELECT + "book_id = ? AND refused IS NULL" + OLDEST,
                        Remittances::read,
                        book.value(),
                        MOST_AT_ONCE));
        waiting.addAll(
                sql.list(
                        SELECT + "from_book = ? AND refused IS NOT NULL" + OLDEST,
                        Remittances::read,
                        book.value(),
                        MOST_AT_ONCE));
        return waiting;
    }

    /// @return whether there is any at all
    public boolean isAny() throws SQLException {
        return sql.number("SELECT COUNT(*) FROM (SELECT 1 FROM remittance LIMIT 1) AS one_of_them")
                > 0;
    }

    /// @return what is on its way from or to a book, the oldest first
    public List<OnItsWay> list(BookId book) throws SQLException {
        return sql.list(
                SELECT + "(book_id = ? OR from_book = ?)" + OLDEST,
                Remittances::read,
                book.value(),
                book.value(),
                LIST_MAX);
    }

    /// @param sent something that was posted where the hours come from
    public Whereabouts whereabouts(Remittance sent) throws SQLException {
        Optional<OnItsWay> row =
                sql.one("SELECT * FROM remittance" + KEY, Remittances::read, key(sent));
        if (row.isPresent()) {
            return row.get().refused() == null ? Whereabouts.ON_ITS_WAY : Whereabouts.COMING_BACK;
        }
        long taken =
                sql.number(
                        "SELECT COUNT(*) FROM transfer WHERE book_id = ? AND corrects = ?",
                        sent.from().book().value(),
                        Ids.bytes(sent.id()));
        return taken == 0 ? Whereabouts.ARRIVED : Whereabouts.CAME_BACK;
    }

    /// @return where hours go that are on their way under the same id between the same books
    Optional<AccountId> destination(Remittance same) throws SQLException {
        return sql.one(
                "SELECT to_account FROM remittance" + KEY,
                row -> AccountId.parse(same.to().book(), row.getString(1)),
                key(same));
    }

    /// @return whether hours may yet be taken back there
    boolean mayReturnTo(AccountId account) throws SQLException {
        boolean isMirror = account.kind() == AccountKind.MIRROR;
        return sql.number(
                        "SELECT COUNT(*) FROM remittance WHERE from_book = ? AND "
                                + (isMirror ? "book_id" : "from_account")
                                + " = ?",
                        account.book().value(),
                        isMirror ? account.owner() : account.name())
                > 0;
    }

    private static Object[] key(Remittance remittance) {
        return new Object[] {
            remittance.to().book().value(),
            remittance.from().book().value(),
            Ids.bytes(remittance.id())
        };
    }

    private static OnItsWay read(ResultSet row) throws SQLException {
        BookId from = new BookId(row.getString("from_book"));
        BookId to = new BookId(row.getString("book_id"));
        return new OnItsWay(
                new Remittance(
                        Ids.read(row, "id"),
                        AccountId.parse(from, row.getString("from_account")),
                        AccountId.parse(to, row.getString("to_account")),
                        new Credits(row.getLong("minutes")),
                        new Operator(row.getString("operator"), row.getString("note"))),
                row.getLong("made_micros"),
                row.getString("refused"));
    }
}
