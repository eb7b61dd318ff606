package org.hourtap.server.cards;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.hourtap.contract.BookId;
import org.hourtap.contract.CardId;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TapEvent;
import org.hourtap.ledger.AccountId;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.Sql;
import org.hourtap.server.books.Writing;
import org.jspecify.annotations.Nullable;

/// Members and their cards. Confined to whoever holds the connection.
public final class CardRegister {
    /// More on one screen helps nobody; lists go on after the last id.
    public static final int LIST_MAX = 500;

    private final Sql sql;

    public CardRegister(Sql sql) {
        this.sql = sql;
    }

    /// Registers a member and opens an account. Doing it again with the same content changes
    /// nothing.
    public static void register(Writing writing, BookId book, Member member)
            throws SQLException, RefusedException {
        CardRegister register = new CardRegister(writing.sql());
        Optional<Member> known = register.member(book, member.id());
        if (known.isPresent()) {
            if (!known.get().equals(member)) {
                throw RefusedException.conflict(
                        "There is already another member with the id " + member.id() + ".");
            }
            return;
        }
        writing.sql()
                .update(
                        "INSERT INTO member VALUES (?, ?, ?, ?)",
                        book.value(),
                        member.id().value(),
                        member.firstName(),
                        member.language());
        writing.books().open(AccountId.of(book, member.id()));
    }

    /// Gives a card to a member. Doing it again changes nothing; if it was issued otherwise, that
    /// is refused.
    public static Card issue(Writing writing, BookId book, Card card)
            throws SQLException, RefusedException {
        CardRegister register = new CardRegister(writing.sql());
        if (register.member(book, card.member()).isEmpty()) {
            throw RefusedException.notFound("There is no member " + card.member() + ".");
        }
        Optional<Card> known = register.card(book, card.id());
        if (known.isPresent()) {
            if (!known.get().member().equals(card.member())
                    || known.get().leastProof() != card.leastProof()) {
                throw RefusedException.conflict(
                        "Card " + card.id() + " was already issued, otherwise than asked now.");
            }
            if (!Objects.equals(known.get().allowance(), card.allowance())) {
                throw RefusedException.conflict(
                        "Card "
                                + card.id()
                                + " was already issued and has another allowance now. To change"
                                + " it: hourtap-hub cards allowance "
                                + card.id()
                                + " "
                                + (card.allowance() == null ? "none" : card.allowance()));
            }
            return known.get();
        }
        if (card.leastProof() == TapEvent.Proof.UID_ONLY
                && !Scheme.takesUidCards(writing.sql(), book)) {
            throw RefusedException.conflict(
                    "This scheme takes no cards that show nothing but a number, because anyone can"
                            + " copy one. To take them all the same: hourtap-hub scheme uid-cards"
                            + " on");
        }
        writing.sql()
                .update(
                        "INSERT INTO card (book_id, id, member, status, least_proof, counter,"
                                + " ahead, allowance)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                        book.value(),
                        card.id().value(),
                        card.member().value(),
                        card.status().name(),
                        card.leastProof().name(),
                        card.counted().counter(),
                        card.counted().ahead(),
                        card.allowance());
        new CardFeed(writing).refresh(book, card.member());
        return card;
    }

    /// Stops a card, or lets it be used again. Stopping is of the card, never of its member.
    public static Card change(Writing writing, BookId book, CardId id, FeedRow.Status status)
            throws SQLException, RefusedException {
        CardRegister register = new CardRegister(writing.sql());
        register.issued(book, id);
        writing.sql()
                .update(
                        "UPDATE card SET status = ? WHERE book_id = ? AND id = ?",
                        status.name(),
                        book.value(),
                        id.value());
        return register.refreshed(writing, book, id);
    }

    /// Gives a member a new card for one that is lost or broken, and stops that. The hours are the
    /// member's and stay; an allowance goes over to the new card. Doing it again changes nothing; a
    /// new card that was issued otherwise is refused.
    public static Card replace(
            Writing writing, BookId book, CardId old, CardId by, TapEvent.Proof leastProof)
            throws SQLException, RefusedException {
        if (old.equals(by)) {
            throw RefusedException.invalid(
                    "A card cannot replace itself. Terminals turn back a card that was made anew"
                            + " under its old number; replace it with another card.");
        }
        CardRegister register = new CardRegister(writing.sql());
        Card stopped = register.issued(book, old);
        Optional<Card> known = register.card(book, by);
        if (known.isPresent()) {
            if (!register.isReplaced(book, old, by) || known.get().leastProof() != leastProof) {
                throw RefusedException.conflict(
                        "Card "
                                + by
                                + " was already issued and cannot replace card "
                                + old
                                + ". Take one that nobody has had yet.");
            }
            change(writing, book, old, FeedRow.Status.STOPPED);
            return known.get();
        }
        Card issued =
                issue(
                        writing,
                        book,
                        new Card(
                                by,
                                stopped.member(),
                                FeedRow.Status.ACTIVE,
                                leastProof,
                                Counted.NONE,
                                stopped.allowance()));
        writing.sql()
                .update(
                        "UPDATE card SET replaced_by = ? WHERE book_id = ? AND id = ?",
                        by.value(),
                        book.value(),
                        old.value());
        change(writing, book, old, FeedRow.Status.STOPPED);
        return issued;
    }

    /// Sets what a card may still spend.
    ///
    /// @param minutes absent for no limit but the balance
    public static Card allow(Writing writing, BookId book, CardId id, @Nullable Long minutes)
            throws SQLException, RefusedException {
        if (!Card.isAllowance(minutes)) {
            throw RefusedException.invalid(Card.NO_ALLOWANCE);
        }
        CardRegister register = new CardRegister(writing.sql());
        register.issued(book, id);
        writing.sql()
                .update(
                        "UPDATE card SET allowance = ? WHERE book_id = ? AND id = ?",
                        minutes,
                        book.value(),
                        id.value());
        return register.refreshed(writing, book, id);
    }

    /// Keeps which of a card's taps are in the books. The caller refreshes the feed.
    public static void count(Writing writing, BookId book, CardId id, Counted counted)
            throws SQLException {
        writing.sql()
                .update(
                        "UPDATE card SET counter = ?, ahead = ? WHERE book_id = ? AND id = ?",
                        counted.counter(),
                        counted.ahead(),
                        book.value(),
                        id.value());
    }

    /// Takes minutes off what a card may still spend, if there is such a limit. The caller
    /// refreshes the feed.
    ///
    /// @param minutes negative to give some back
    public static void useAllowance(Writing writing, BookId book, CardId id, long minutes)
            throws SQLException {
        writing.sql()
                .update(
                        "UPDATE card SET allowance = allowance - ?"
                                + " WHERE book_id = ? AND id = ? AND allowance IS NOT NULL",
                        minutes,
                        book.value(),
                        id.value());
    }

    private boolean isReplaced(BookId book, CardId old, CardId by) throws SQLException {
        return sql.one(
                        "SELECT id FROM card WHERE book_id = ? AND id = ? AND replaced_by = ?",
                        row -> row.getString("id"),
                        book.value(),
                        old.value(),
                        by.value())
                .isPresent();
    }

    private Card issued(BookId book, CardId id) throws SQLException, RefusedException {
        return card(book, id)
                .orElseThrow(() -> RefusedException.notFound("There is no card " + id + "."));
    }

    private Card refreshed(Writing writing, BookId book, CardId id)
            throws SQLException, RefusedException {
        Card card = issued(book, id);
        new CardFeed(writing).refresh(book, card.member());
        return card;
    }

    public Optional<Member> member(BookId book, MemberId id) throws SQLException {
        return sql.one(
                "SELECT * FROM member WHERE book_id = ? AND id = ?",
                CardRegister::readMember,
                book.value(),
                id.value());
    }

    public List<Member> members(BookId book, String after) throws SQLException {
        return sql.list(
                "SELECT * FROM member WHERE book_id = ? AND id > ? ORDER BY id LIMIT ?",
                CardRegister::readMember,
                book.value(),
                after,
                LIST_MAX);
    }

    public Optional<Card> card(BookId book, CardId id) throws SQLException {
        return sql.one(
                "SELECT * FROM card WHERE book_id = ? AND id = ?",
                CardRegister::readCard,
                book.value(),
                id.value());
    }

    public List<Card> cards(BookId book, String after) throws SQLException {
        return sql.list(
                "SELECT * FROM card WHERE book_id = ? AND id > ? ORDER BY id LIMIT ?",
                CardRegister::readCard,
                book.value(),
                after,
                LIST_MAX);
    }

    public List<Card> cardsOf(BookId book, MemberId member) throws SQLException {
        return sql.list(
                "SELECT * FROM card WHERE book_id = ? AND member = ? ORDER BY id",
                CardRegister::readCard,
                book.value(),
                member.value());
    }

    private static Member readMember(ResultSet row) throws SQLException {
        return new Member(
                new MemberId(row.getString("id")),
                row.getString("first_name"),
                row.getString("language"));
    }

    private static Card readCard(ResultSet row) throws SQLException {
        return new Card(
                new CardId(row.getString("id")),
                new MemberId(row.getString("member")),
                FeedRow.Status.valueOf(row.getString("status")),
                TapEvent.Proof.valueOf(row.getString("least_proof")),
                new Counted(row.getLong("counter"), row.getInt("ahead")),
                allowance(row));
    }

    private static @Nullable Long allowance(ResultSet row) throws SQLException {
        long minutes = row.getLong("allowance");
        return row.wasNull() ? null : Long.valueOf(minutes);
    }
}
