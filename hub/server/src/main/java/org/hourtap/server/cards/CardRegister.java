package org.hourtap.server.cards;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
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

    /// Gives a card to a member. Doing it again changes nothing; a card in other hands is refused.
    public static void issue(Writing writing, BookId book, Card card)
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
            return;
        }
        writing.sql()
                .update(
                        "INSERT INTO card (book_id, id, member, status, least_proof)"
                                + " VALUES (?, ?, ?, ?, ?)",
                        book.value(),
                        card.id().value(),
                        card.member().value(),
                        card.status().name(),
                        card.leastProof().name());
        new CardFeed(writing).refresh(book, card.member());
    }

    /// Stops a card, or lets it be used again. Stopping is of the card, never of its member.
    public static Card change(Writing writing, BookId book, CardId id, FeedRow.Status status)
            throws SQLException, RefusedException {
        CardRegister register = new CardRegister(writing.sql());
        Card card =
                register.card(book, id)
                        .orElseThrow(
                                () -> RefusedException.notFound("There is no card " + id + "."));
        writing.sql()
                .update(
                        "UPDATE card SET status = ? WHERE book_id = ? AND id = ?",
                        status.name(),
                        book.value(),
                        id.value());
        new CardFeed(writing).refresh(book, card.member());
        return new Card(id, card.member(), status, card.leastProof());
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
                TapEvent.Proof.valueOf(row.getString("least_proof")));
    }
}
