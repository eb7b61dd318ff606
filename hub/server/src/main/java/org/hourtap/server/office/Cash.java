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
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Stage;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.Writing;
import org.jspecify.annotations.Nullable;

/// Cash that venues take beside hours. The books only record it, in pence, in accounts that no hour
/// ever reaches.
public final class Cash {
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
