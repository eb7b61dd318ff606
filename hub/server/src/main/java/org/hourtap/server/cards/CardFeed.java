package org.hourtap.server.cards;

import java.sql.SQLException;
import org.hourtap.contract.ActivityId;
import org.hourtap.contract.BookId;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TapEvent;
import org.hourtap.ledger.Account;
import org.hourtap.ledger.AccountId;
import org.hourtap.server.books.Writing;
import org.hourtap.server.feed.Feed;
import org.jspecify.annotations.Nullable;

/// Puts what terminals may know of a member's cards into the feed, in the transaction that changed
/// it.
public final class CardFeed {
    private final Writing writing;

    public CardFeed(Writing writing) {
        this.writing = writing;
    }

    /// Writes a row for each card of the member; the balance in it is what can be spent. Call it
    /// after every change of balance, status, language or open shift.
    public void refresh(BookId book, MemberId id) throws SQLException {
        CardRegister register = new CardRegister(writing.sql());
        Member member =
                register.member(book, id)
                        .orElseThrow(() -> new SQLException("no member to refresh"));
        long balance =
                writing.books().account(AccountId.of(book, id)).map(Account::free).orElse(0L);
        FeedRow.OpenShift shift = openShift(book, id);
        Feed feed = new Feed(writing.sql());
        for (Card card : register.cardsOf(book, id)) {
            feed.put(
                    book,
                    new FeedRow.CardRow(
                            card.id(),
                            card.status(),
                            leastProof(book, card),
                            balance,
                            member.language(),
                            shift,
                            card.counted().counter(),
                            card.counted().ahead(),
                            card.allowance()));
        }
    }

    /// A scheme that takes no plain numbers asks more of the cards it issued for them before.
    private TapEvent.Proof leastProof(BookId book, Card card) throws SQLException {
        return card.leastProof() == TapEvent.Proof.UID_ONLY
                        && !Scheme.takesUidCards(writing.sql(), book)
                ? TapEvent.Proof.NTAG_424
                : card.leastProof();
    }

    @SuppressWarnings("NullAway") // orElse(null) of an Optional is nullable, and so is the result
    private FeedRow.@Nullable OpenShift openShift(BookId book, MemberId member)
            throws SQLException {
        return writing.sql()
                .one(
                        "SELECT activity, since_micros FROM shift"
                                + " WHERE book_id = ? AND member = ? AND state = 'OPEN'",
                        row ->
                                new FeedRow.OpenShift(
                                        new ActivityId(row.getString("activity")),
                                        row.getLong("since_micros")),
                        book.value(),
                        member.value())
                .orElse(null);
    }
}
