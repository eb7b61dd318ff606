package org.hourtap.server.inbox;

import java.sql.SQLException;
import java.util.Optional;
import org.hourtap.contract.ActivityId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.EventOutcome;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TapEvent;
import org.hourtap.ledger.Account;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.Amount;
import org.hourtap.ledger.PostOutcome;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Stage;
import org.hourtap.ledger.Transfer;
import org.hourtap.server.books.Writing;
import org.hourtap.server.cards.Card;
import org.hourtap.server.cards.CardMacs;
import org.hourtap.server.cards.CardRegister;
import org.hourtap.server.fleet.Activity;
import org.hourtap.server.fleet.Fleet;
import org.hourtap.server.office.Agreement;
import org.hourtap.server.office.Cash;
import org.hourtap.server.office.Pots;

/// What one new tap does to the books. A tap is a fact: whatever is wrong with it, it is recorded,
/// and hours that cannot come from where they should come from suspense.
final class TapPosting {
    private final Writing writing;
    private final TapFacts facts;
    private final Review review;

    TapPosting(Writing writing, TapFacts facts) {
        this.writing = writing;
        this.facts = facts;
        this.review = new Review(writing, facts);
    }

    /// What became of a tap.
    record Verdict(EventOutcome.Outcome outcome, String note) {}

    Verdict post() throws SQLException {
        TapEvent event = facts.event();
        boolean moves =
                switch (event.kind()) {
                    case SPEND -> {
                        boolean posted = spend();
                        if (posted) {
                            recordCash();
                        }
                        yield posted;
                    }
                    case SHIFT_IN -> {
                        lookAtCard();
                        Shifts shifts = new Shifts(writing, facts, review);
                        if (!shifts.isLate()) {
                            shifts.begin();
                        }
                        yield false;
                    }
                    case SHIFT_OUT -> {
                        lookAtCard();
                        yield earn();
                    }
                    case DECLINED, TORN -> false;
                };
        EventOutcome.Outcome outcome =
                !moves
                        ? EventOutcome.Outcome.RECORDED
                        : review.isEmpty()
                                ? EventOutcome.Outcome.POSTED
                                : EventOutcome.Outcome.POSTED_FOR_REVIEW;
        return new Verdict(outcome, review.note());
    }

    private boolean spend() throws SQLException {
        lookAtCard();
        Credits price = facts.event().minutes();
        useAllowance(price);
        Card card = facts.card();
        if (card == null) {
            return transfer(0, facts.suspense(), facts.venueAccount(), price, Reason.SPEND);
        }
        Credits there =
                writing.books()
                        .account(facts.holder())
                        .map(Account::available)
                        .orElse(Credits.NONE)
                        .min(price);
        Credits lacking = price.minusAtMost(there);
        boolean posted =
                !there.isNone()
                        && transfer(0, facts.holder(), facts.venueAccount(), there, Reason.SPEND);
        return lacking.isNone()
                ? posted
                : bear(lacking, price, card.member(), there.isNone() ? 0 : 1) || posted;
    }

    /// What the member no longer has is borne by a pot as far as the scheme's rules say so, and
    /// else by suspense until someone decides.
    private boolean bear(Credits lacking, Credits price, MemberId member, int firstLeg)
            throws SQLException {
        Pots pots = new Pots(writing, facts.book());
        int leg = firstLeg;
        Credits left = lacking;
        boolean posted = false;
        ActivityId activity = facts.event().activity();
        Pots.Cover cover =
                activity == null ? null : pots.cover(member, activity, lacking).orElse(null);
        if (cover != null
                && transfer(
                        leg, cover.pot(), facts.venueAccount(), cover.amount(), Reason.SHORTFALL)) {
            pots.drew(facts.event().id().withLeg(leg), cover, member);
            leg++;
            left = left.minusAtMost(cover.amount());
            posted = true;
        }
        if (!left.isNone()) {
            review.find(
                    Finding.Kind.SHORTFALL,
                    left.minutes() + " of " + price.minutes() + " minutes were not there.");
            posted |= transfer(leg, facts.suspense(), facts.venueAccount(), left, Reason.SHORTFALL);
        }
        return posted;
    }

    /// What an entry costs beside the hours at the time it is posted.
    private void recordCash() throws SQLException {
        ActivityId id = facts.event().activity();
        Activity activity =
                id == null
                        ? null
                        : new Fleet(writing.sql()).activity(facts.book(), id).orElse(null);
        if (activity == null || activity.cash().isNone()) {
            return;
        }
        AccountId till = AccountId.till(facts.book(), facts.venue());
        writing.books().open(till);
        boolean _ =
                post(
                        Cash.TAP_LEG,
                        AccountId.payers(facts.book()),
                        till,
                        activity.cash(),
                        Reason.CASH_TAKEN,
                        Stage.PLAIN);
    }

    private boolean earn() throws SQLException {
        Shifts shifts = new Shifts(writing, facts, review);
        if (shifts.isLate()) {
            return false;
        }
        Optional<Shifts.Earned> earned = shifts.end();
        return earned.isPresent()
                && !earned.get().credits().isNone()
                && credit(
                        earned.get().activity(),
                        earned.get().credits(),
                        earned.get().isWaiting() ? Stage.PENDING : Stage.PLAIN);
    }

    /// Out of the group's allocation if one has the activity. Nobody who worked goes without: what
    /// the allocation no longer holds is issued, and someone looks at it.
    private boolean credit(ActivityId activity, Credits earned, Stage stage) throws SQLException {
        AccountId group = Agreement.group(writing.sql(), facts.book(), activity).orElse(null);
        AccountId issuance = AccountId.issuance(facts.book());
        if (group == null) {
            return transfer(0, issuance, facts.holder(), earned, Reason.SHIFT_EARNED, stage);
        }
        Credits allocated =
                writing.books()
                        .account(group)
                        .filter(account -> !account.isClosed())
                        .map(Account::available)
                        .orElse(Credits.NONE)
                        .min(earned);
        Credits beyond = earned.minusAtMost(allocated);
        boolean posted =
                !allocated.isNone()
                        && transfer(
                                0, group, facts.holder(), allocated, Reason.SHIFT_EARNED, stage);
        if (!beyond.isNone()) {
            review.find(
                    Finding.Kind.ALLOCATION_SPENT,
                    group.name()
                            + " had no more hours allocated for "
                            + beyond.minutes()
                            + " of "
                            + earned.minutes()
                            + " minutes; they were issued beside it.");
            int leg = allocated.isNone() ? 0 : 1;
            posted |= transfer(leg, issuance, facts.holder(), beyond, Reason.SHIFT_EARNED, stage);
        }
        return posted;
    }

    private void useAllowance(Credits price) throws SQLException {
        Card card = facts.card();
        Long allowance = card == null ? null : card.allowance();
        if (card == null || allowance == null) {
            return;
        }
        CardRegister.useAllowance(writing, facts.book(), card.id(), price.minutes());
        if (price.minutes() > allowance) {
            review.find(
                    Finding.Kind.OVER_ALLOWANCE,
                    "Card "
                            + card.id()
                            + " was allowed "
                            + Math.max(0, allowance)
                            + " minutes and spent "
                            + price.minutes()
                            + ".");
        }
    }

    private void lookAtCard() throws SQLException {
        if (facts.mac() == CardMacs.Verdict.WRONG) {
            review.find(
                    Finding.Kind.WRONG_MAC,
                    "The terminal says card "
                            + facts.event().card()
                            + " took this tap in, and the card did not sign it.");
        }
        if (facts.isUnsigned()) {
            review.find(
                    Finding.Kind.UNSIGNED,
                    "Card "
                            + facts.event().card()
                            + " signs its taps, and this one came without its signature.");
        }
        Card card = facts.card();
        if (card == null) {
            review.find(
                    Finding.Kind.UNKNOWN_CARD,
                    "Card " + facts.event().card() + " is nobody's; hours wait in suspense.");
        } else if (card.status() == FeedRow.Status.STOPPED) {
            review.find(
                    Finding.Kind.STOPPED_CARD,
                    "Card " + card.id() + " was stopped when this tap arrived.");
        }
    }

    private boolean transfer(
            int leg, AccountId debit, AccountId credit, Credits amount, Reason reason)
            throws SQLException {
        return transfer(leg, debit, credit, amount, reason, Stage.PLAIN);
    }

    private boolean transfer(
            int leg, AccountId debit, AccountId credit, Credits amount, Reason reason, Stage stage)
            throws SQLException {
        return post(leg, debit, credit, Amount.of(amount), reason, stage);
    }

    private boolean post(
            int leg, AccountId debit, AccountId credit, Amount amount, Reason reason, Stage stage)
            throws SQLException {
        Transfer transfer =
                new Transfer(
                        facts.event().id().withLeg(leg),
                        debit,
                        credit,
                        amount,
                        reason,
                        null,
                        facts.origin(),
                        facts.eventMicros(),
                        stage);
        PostOutcome outcome = writing.books().post(transfer, writing.nowMicros());
        switch (outcome) {
            case PostOutcome.Posted _, PostOutcome.AlreadyPosted _ -> {
                return true;
            }
            case PostOutcome.Conflicting _ ->
                    review.find(
                            Finding.Kind.NOT_POSTED,
                            "The id " + transfer.id() + " is another transfer's.");
            case PostOutcome.Rejected rejected ->
                    review.find(
                            Finding.Kind.NOT_POSTED,
                            "Not posted: " + rejected.rejection().sentence());
        }
        return false;
    }
}
