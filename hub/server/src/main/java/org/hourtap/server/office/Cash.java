package org.hourtap.server.office;

import java.sql.SQLException;
import java.util.Optional;
import org.hourtap.contract.BookId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.TransferId;
import org.hourtap.contract.VenueId;
import org.hourtap.ledger.Account;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.AccountKind;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Recorded;
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
    /// @param pence counted in pence
    /// @throws RefusedException if there is no such venue
    public static Instruction taken(
            Writing writing,
            BookId book,
            VenueId venue,
            TransferId id,
            Credits pence,
            Operator operator)
            throws SQLException, RefusedException {
        AccountId till = till(writing, book, venue);
        return instruction(
                id, Reason.CASH_TAKEN, single(book, AccountKind.PAYERS), till, pence, operator);
    }

    /// A venue handed cash over, to the bank or to whoever runs it.
    ///
    /// @param pence counted in pence; all that it has if absent
    /// @throws RefusedException if there is no such venue, or it has less
    public static Instruction banked(
            Writing writing,
            BookId book,
            VenueId venue,
            TransferId id,
            @Nullable Credits pence,
            Operator operator)
            throws SQLException, RefusedException {
        AccountId till = till(writing, book, venue);
        AccountId banked = single(book, AccountKind.BANKED);
        Optional<Recorded> recorded = writing.books().recorded(book, id);
        if (recorded.isPresent()) {
            // Asked again: what is there now is what it left.
            Credits before = recorded.get().transfer().amount();
            return instruction(
                    id, Reason.CASH_BANKED, till, banked, pence == null ? before : pence, operator);
        }
        long held = writing.books().account(till).map(Account::carried).orElse(0L);
        Credits amount = pence == null ? new Credits(Math.max(0, held)) : pence;
        if (amount.isNone() || amount.minutes() > held) {
            throw RefusedException.conflict(
                    "The books know of "
                            + Math.max(0, held)
                            + " pence at "
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
        AccountId till = new AccountId(book, AccountKind.TILL, venue.value());
        writing.books().open(till);
        return till;
    }

    private static AccountId single(BookId book, AccountKind kind) {
        return new AccountId(book, kind, "");
    }

    private static Instruction instruction(
            TransferId id,
            Reason reason,
            AccountId debit,
            AccountId credit,
            Credits pence,
            Operator operator) {
        return new Instruction(id, reason, debit, credit, pence, null, operator, Stage.PLAIN);
    }
}
