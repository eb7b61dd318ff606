package org.hourtap.server.inbox;

import java.sql.SQLException;
import java.util.Optional;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TransferId;
import org.hourtap.ledger.Entry;
import org.hourtap.ledger.PostOutcome;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Stage;
import org.hourtap.ledger.Transfer;
import org.hourtap.server.books.Writing;
import org.hourtap.server.cards.CardRegister;
import org.hourtap.server.office.Cash;

/// A tap that a card carries and that was posted for it, and of which its terminal says now that
/// nobody was let in on it: what was posted goes back.
final class TornTap {
    /// A tap moves hours with legs 0 to 2, and cash was recorded with one more; what takes leg n
    /// back is leg 8 + n.
    private static final int FIRST_LEG_BACK = 8;

    private static final int LEGS = 3;

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
        long _ = reverse(facts.event().id(), Cash.TAP_LEG);
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
        Optional<Entry> entry = entry(tap.withLeg(leg));
        if (entry.isPresent() && isPending(entry.get())) {
            Optional<TransferId> decision = writing.books().followerOf(facts.book(), entry.get());
            if (decision.isPresent()) {
                entry = entry(decision.get()).filter(decided -> decided.transfer().stage().moves());
            }
        }
        if (entry.isEmpty()) {
            return 0;
        }
        Transfer original = entry.get().transfer();
        TransferId back = tap.withLeg(FIRST_LEG_BACK + leg);
        PostOutcome outcome =
                writing.books()
                        .post(
                                isPending(entry.get())
                                        ? letGo(back, original)
                                        : moveBack(back, original),
                                writing.nowMicros());
        return switch (outcome) {
            case PostOutcome.Posted _, PostOutcome.AlreadyPosted _ -> original.amount().units();
            case PostOutcome.Conflicting _ -> notBack("its id is another transfer's.");
            case PostOutcome.Rejected rejected -> notBack(rejected.rejection().sentence());
        };
    }

    private Optional<Entry> entry(TransferId id) throws SQLException {
        return writing.books()
                .recorded(facts.book(), id)
                .filter(Entry.class::isInstance)
                .map(Entry.class::cast);
    }

    private static boolean isPending(Entry entry) {
        return entry.transfer().stage().kind() == Stage.Kind.PENDING;
    }

    private Transfer letGo(TransferId id, Transfer pending) {
        return new Transfer(
                id,
                pending.debit(),
                pending.credit(),
                pending.amount(),
                pending.reason(),
                null,
                facts.origin(),
                facts.eventMicros(),
                Stage.voiding(pending.id()));
    }

    private Transfer moveBack(TransferId id, Transfer original) {
        return new Transfer(
                id,
                original.credit(),
                original.debit(),
                original.amount(),
                Reason.REVERSAL,
                original.id(),
                facts.origin(),
                facts.eventMicros(),
                Stage.PLAIN);
    }

    private long notBack(String why) throws SQLException {
        review.find(
                Finding.Kind.NOT_POSTED,
                "Nobody was let in, but what it moved did not go back: " + why);
        return 0;
    }
}
