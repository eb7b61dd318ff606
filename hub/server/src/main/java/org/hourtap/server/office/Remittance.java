package org.hourtap.server.office;

import java.sql.SQLException;
import org.hourtap.contract.BookId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.TransferId;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.PostOutcome;
import org.hourtap.ledger.Reason;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.Writing;

/// Hours that go from an account of one book to an account of another that the same hub writes.
/// Each book has a transfer of the same id, to and from the account that mirrors the other; both
/// are written in one commit.
public record Remittance(
        TransferId id, AccountId from, AccountId to, Credits amount, Operator operator) {
    public Remittance {
        if (from.book().equals(to.book())) {
            throw new IllegalArgumentException(
                    "Both accounts are in book " + from.book() + ". No other book is needed.");
        }
    }

    /// Posts both sides, once.
    ///
    /// @return what came of it where the hours come from
    /// @throws RefusedException if the other book does not take them; then neither side is written
    public PostOutcome post(Writing writing) throws SQLException, RefusedException {
        BookId here = from.book();
        BookId there = to.book();
        if (!writing.books().holds(there)) {
            throw RefusedException.notFound("This hub does not keep a book " + there + ".");
        }
        AccountId mirrorHere = AccountId.mirror(here, there);
        AccountId mirrorThere = AccountId.mirror(there, here);
        writing.books().open(mirrorHere);
        writing.books().open(mirrorThere);
        PostOutcome sent = side(from, mirrorHere).post(writing);
        boolean isSent =
                sent instanceof PostOutcome.Posted || sent instanceof PostOutcome.AlreadyPosted;
        if (isSent) {
            Instruction received = side(mirrorThere, to);
            received.entry(received.post(writing));
        }
        return sent;
    }

    /// @return what tells the operator what came of it, by [Instruction#entry]
    public Instruction sending() {
        return side(from, AccountId.mirror(from.book(), to.book()));
    }

    private Instruction side(AccountId debit, AccountId credit) {
        return new Instruction(id, Reason.BETWEEN_BOOKS, debit, credit, amount, null, operator);
    }
}
