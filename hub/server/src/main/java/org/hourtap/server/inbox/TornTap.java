package org.hourtap.server.inbox;

import java.sql.SQLException;
import java.util.Optional;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TransferId;
import org.hourtap.ledger.Entry;
import org.hourtap.ledger.PostOutcome;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Transfer;
import org.hourtap.server.books.Writing;
import org.hourtap.server.cards.CardRegister;

/// A tap that a card carries and that was posted for it, and of which its terminal says now that
/// nobody was let in on it: what was posted goes back.
final class TornTap {
    /// A tap moves hours with legs 0 and 1; what takes leg n back is leg 8 + n.
    private static final int FIRST_LEG_BACK = 8;

    private static final int LEGS = 2;

    private final Writing writing;
    private final TapFacts facts;
    private final Review review;

    /// @param facts of the terminal's statement that the tap was torn
    TornTap(Writing writing, TapFacts facts) {
        this.writing = writing;
        this.facts = facts;
        this.review = new Review(writing, facts);
    }

    /// @return a note for staff
    String giveBack(TapEvent.Kind posted) throws SQLException {
        long minutes = 0;
        for (int leg = 0; leg < LEGS; leg++) {
            minutes += reverse(facts.event().id(), leg);
        }
        switch (posted) {
            case SPEND ->
                    CardRegister.useAllowance(
                            writing, facts.book(), facts.event().card(), -minutes);
            case SHIFT_IN -> new Shifts(writing, facts, review).undoBegin();
            case SHIFT_OUT -> new Shifts(writing, facts, review).undoEnd();
            case DECLINED, TORN -> {}
        }
        return review.isEmpty()
                ? "The card carried this tap; what it moved was given back."
                : review.note();
    }

    private long reverse(TransferId tap, int leg) throws SQLException {
        Optional<Entry> entry =
                writing.books()
                        .recorded(facts.book(), tap.withLeg(leg))
                        .filter(Entry.class::isInstance)
                        .map(Entry.class::cast);
        if (entry.isEmpty()) {
            return 0;
        }
        Transfer original = entry.get().transfer();
        PostOutcome outcome =
                writing.books()
                        .post(
                                new Transfer(
                                        tap.withLeg(FIRST_LEG_BACK + leg),
                                        original.credit(),
                                        original.debit(),
                                        original.amount(),
                                        Reason.REVERSAL,
                                        original.id(),
                                        facts.origin(),
                                        facts.eventMicros()),
                                writing.nowMicros());
        return switch (outcome) {
            case PostOutcome.Posted _, PostOutcome.AlreadyPosted _ -> original.amount().minutes();
            case PostOutcome.Conflicting _ -> notBack("its id is another transfer's.");
            case PostOutcome.Rejected rejected -> notBack(rejected.rejection().sentence());
        };
    }

    private long notBack(String why) throws SQLException {
        review.find(
                Finding.Kind.NOT_POSTED,
                "Nobody was let in, but its hours did not go back: " + why);
        return 0;
    }
}
