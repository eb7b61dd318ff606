package org.hourtap.server.cards;

import java.sql.SQLException;
import java.util.List;
import org.hourtap.contract.BookId;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TapEvent;
import org.hourtap.server.books.Sql;
import org.hourtap.server.books.Writing;

/// What a scheme decides for all its cards.
public final class Scheme {
    private Scheme() {}

    /// @return whether cards that show nothing but a number are taken
    public static boolean takesUidCards(Sql sql, BookId book) throws SQLException {
        return sql.number("SELECT uid_cards FROM book WHERE book_id = ?", book.value()) != 0;
    }

    /// Takes cards that show nothing but a number from now on, or refuses them at every door.
    public static void takeUidCards(Writing writing, BookId book, boolean isOn)
            throws SQLException {
        writing.sql()
                .update(
                        "UPDATE book SET uid_cards = ? WHERE book_id = ?",
                        isOn ? 1 : 0,
                        book.value());
        List<MemberId> holders =
                writing.sql()
                        .list(
                                "SELECT DISTINCT member FROM card"
                                        + " WHERE book_id = ? AND least_proof = ?",
                                row -> new MemberId(row.getString("member")),
                                book.value(),
                                TapEvent.Proof.UID_ONLY.name());
        CardFeed feed = new CardFeed(writing);
        for (MemberId holder : holders) {
            feed.refresh(book, holder);
        }
    }
}
