package org.hourtap.server.office;

import java.sql.SQLException;
import java.util.Optional;
import org.hourtap.contract.BookId;
import org.hourtap.contract.TransferId;
import org.hourtap.contract.VenueId;
import org.hourtap.ledger.Account;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.Amount;
import org.hourtap.ledger.Asset;
import org.hourtap.ledger.Entry;
import org.hourtap.ledger.PostOutcome;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Stage;
import org.hourtap.ledger.Transfer;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.Writing;
import org.jspecify.annotations.Nullable;

/// Cash that venues take beside hours. The books only record it, in pence, in accounts that no hour
/// ever reaches.
public final class Cash {
    /// Of a tap for an activity that costs cash as well; its hours have legs 0 to 2.
    public static final int TAP_LEG = 3;

    /// What takes that back, whoever does.
    private static final int TAP_LEG_BACK = 11;

    private Cash() {}

    /// A venue took so much.
    ///
    /// @throws RefusedException if there is no such venue
    public static Instruction taken(
            Writing writing,
            BookId book,
            VenueId venue,
            TransferId id,
            Amount amount,
            Operator operator)
            throws SQLException, RefusedException {
        AccountId till = till(writing, book, venue);
        return instruction(id, Reason.CASH_TAKEN, AccountId.payers(book), till, amount, operator);
    }

    /// A venue handed cash over, to the bank or to whoever runs it.
    ///
    /// @param part so much and no more; all that it has if absent
    /// @throws RefusedException if there is no such venue, or it has less
    public static Instruction banked(
            Writing writing,
            BookId book,
            VenueId venue,
            TransferId id,
            @Nullable Amount part,
            Operator operator)
            throws SQLException, RefusedException {
        AccountId till = till(writing, book, venue);
        AccountId banked = AccountId.banked(book);
        Optional<Amount> before =
                writing.books()
                        .recorded(book, id)
                        .map(recorded -> recorded.transfer().amount())
                        .filter(recorded -> recorded.asset() == Asset.PENCE);
        long held = writing.books().account(till).map(Account::carried).orElse(0L);
        Amount all = Amount.pence(Math.clamp(held, 0, Amount.PENCE_MAX));
        Amount amount = part == null ? before.orElse(all) : part;
        // Asked again, what is there now is what it left.
        if (before.isEmpty() && (amount.isNone() || amount.units() > held)) {
            throw RefusedException.conflict(
                    "The books know of "
                            + all
                            + " at "
                            + venue
                            + ". Record first what else it took.");
        }
        return instruction(id, Reason.CASH_BANKED, till, banked, amount, operator);
    }

    /// Cash that was recorded with a tap goes back with the last of its hours: whoever voids all of
    /// them says that nobody came in.
    ///
    /// @param voided a transfer that was taken back just now
    static void giveBack(Writing writing, BookId book, TransferId voided, Operator operator)
            throws SQLException {
        Entry cash =
                entry(writing, book, voided.withLeg(TAP_LEG))
                        .filter(entry -> entry.transfer().origin() != null)
                        .orElse(null);
        if (cash == null
                || voided.leg() == TAP_LEG
                || writing.books().followerOf(book, cash).isPresent()) {
            return;
        }
        for (int leg = 0; leg < TAP_LEG; leg++) {
            Entry hours = entry(writing, book, voided.withLeg(leg)).orElse(null);
            if (hours != null && !isVoided(writing, book, hours)) {
                return;
            }
        }
        Transfer taken = cash.transfer();
        Instruction back =
                new Instruction(
                        voided.withLeg(TAP_LEG_BACK),
                        Reason.VOID,
                        /* debit= */ taken.credit(),
                        /* credit= */ taken.debit(),
                        taken.amount(),
                        taken.id(),
                        operator,
                        Stage.PLAIN);
        PostOutcome _ = back.post(writing);
    }

    private static boolean isVoided(Writing writing, BookId book, Entry hours) throws SQLException {
        Optional<TransferId> follower = writing.books().followerOf(book, hours);
        return follower.isPresent()
                && entry(writing, book, follower.get())
                        .filter(entry -> entry.transfer().reason() == Reason.VOID)
                        .isPresent();
    }

    private static Optional<Entry> entry(Writing writing, BookId book, TransferId id)
            throws SQLException {
        return writing.books()
                .recorded(book, id)
                .filter(Entry.class::isInstance)
                .map(Entry.class::cast);
    }

    private static AccountId till(Writing writing, BookId book, VenueId venue)
            throws SQLException, RefusedException {
        if (writing.books().account(AccountId.of(book, venue)).isEmpty()) {
            throw RefusedException.notFound("There is no venue " + venue + ".");
        }
        AccountId till = AccountId.till(book, venue);
        writing.books().open(till);
        return till;
    }

    private static Instruction instruction(
            TransferId id,
            Reason reason,
            AccountId debit,
            AccountId credit,
            Amount amount,
            Operator operator) {
        return new Instruction(id, reason, debit, credit, amount, null, operator, Stage.PLAIN);
    }
}
