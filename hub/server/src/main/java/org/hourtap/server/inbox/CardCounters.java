package org.hourtap.server.inbox;

import java.sql.SQLException;
import java.util.Optional;
import org.hourtap.contract.BookId;
import org.hourtap.contract.CardId;
import org.hourtap.ledger.TapOrigin;
import org.hourtap.server.books.Writing;
import org.hourtap.server.cards.Card;
import org.hourtap.server.cards.CardMacs;
import org.hourtap.server.cards.CardRegister;
import org.hourtap.server.cards.Counted;

/// Notes which of a card's taps are in the books, so that terminals know which of the taps a card
/// carries are in its balance already.
final class CardCounters {
    /// How far beyond the newest counted tap a count is believed that the card did not sign. Far
    /// more than the sixteen taps a card carries, for doors that are long without a link; and one
    /// invented number does not make terminals take all taps of a card for counted.
    private static final int UNSIGNED_AHEAD_MAX = 64;

    private final Writing writing;
    private final BookId book;

    CardCounters(Writing writing, BookId book) {
        this.writing = writing;
        this.book = book;
    }

    /// Counts one tap. For a card nobody knows there is nothing to count on.
    ///
    /// @param origin the tap that counts
    void count(CardId id, long counter, CardMacs.Verdict mac, TapOrigin origin)
            throws SQLException {
        Optional<Card> card = new CardRegister(writing.sql()).card(book, id);
        if (card.isEmpty() || card.get().counted().contains(counter)) {
            return;
        }
        long newest = card.get().counted().newest();
        if (mac != CardMacs.Verdict.VERIFIED && counter - newest > UNSIGNED_AHEAD_MAX) {
            find(
                    Finding.Kind.COUNTER_JUMP,
                    id,
                    origin,
                    "Number "
                            + counter
                            + " for a tap of card "
                            + id
                            + " is too far beyond "
                            + newest
                            + " to be believed without the card's signature. Its numbering was not"
                            + " moved on.");
            return;
        }
        Counted.Step step = card.get().counted().plus(counter);
        CardRegister.count(writing, book, id, step.counted());
        if (step.missing() > 0) {
            find(Finding.Kind.CARD_GAP, id, origin, note(id, step));
        }
    }

    private void find(Finding.Kind kind, CardId id, TapOrigin origin, String note)
            throws SQLException {
        new Findings(writing.sql())
                .keep(
                        book,
                        new Finding(
                                kind,
                                origin.terminal().value(),
                                origin.sequence(),
                                id.value(),
                                note,
                                "",
                                ""),
                        writing.nowMicros());
    }

    private static String note(CardId id, Counted.Step step) {
        String which =
                step.missing() == 1
                        ? "Tap " + step.first() + " of card " + id + " has"
                        : step.missing()
                                + " taps of card "
                                + id
                                + ", of its numbers "
                                + step.first()
                                + " to "
                                + step.last()
                                + ", have";
        return which
                + " not come, and the card carries that no longer. The terminal may still send it.";
    }
}
