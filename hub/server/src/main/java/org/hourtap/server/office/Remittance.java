package org.hourtap.server.office;

import java.sql.SQLException;
import org.hourtap.contract.BookId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.TransferId;
import org.hourtap.ledger.Account;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.Amount;
import org.hourtap.ledger.Known;
import org.hourtap.ledger.Ledger;
import org.hourtap.ledger.OpenDay;
import org.hourtap.ledger.PostOutcome;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Transfer;
import org.hourtap.runtime.Engine;
import org.hourtap.server.books.Books;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.Sql;
import org.hourtap.server.books.Statements;
import org.hourtap.server.books.Writing;

/// Hours that go from an account of one book to an account of another in the same database. Each
/// book has a transfer of the same id, to and from the account that mirrors the other. Where this
/// hub writes both books, both are one commit. Where another hub writes the second one, the hours
/// are on their way ([Remittances]) until that hub has taken them in.
public record Remittance(
        TransferId id, AccountId from, AccountId to, Credits amount, Operator operator) {
    public Remittance {
        Amount.of(amount).requireFor(from);
        if (from.book().equals(to.book())) {
            throw new IllegalArgumentException(
                    "Both accounts are in book " + from.book() + ". No other book is needed.");
        }
    }

    /// Posts it, once: both sides, or the one here.
    ///
    /// @return what came of it where the hours come from
    /// @throws RefusedException if the other book does not take them; then neither side is written
    public PostOutcome post(Writing writing) throws SQLException, RefusedException {
        Books books = writing.books();
        boolean isBoth = books.holds(to.book());
        if (!isBoth && books.recorded(from.book(), id).isEmpty()) {
            requireTaken(writing);
        }
        books.open(AccountId.mirror(from.book(), to.book()));
        PostOutcome sent = sending().post(writing);
        if (sent instanceof PostOutcome.Posted) {
            if (isBoth) {
                receiving().entry(receive(writing));
            } else {
                new Remittances(writing.sql()).put(this, writing.nowMicros(), null);
            }
        }
        return sent instanceof PostOutcome.AlreadyPosted already && !isSame(writing)
                ? new PostOutcome.Conflicting(already.entry())
                : sent;
    }

    /// Posts the other side, once, for whoever writes that book.
    ///
    /// @return what came of it there
    public PostOutcome receive(Writing writing) throws SQLException {
        writing.books().open(AccountId.mirror(to.book(), from.book()));
        return receiving().post(writing);
    }

    /// @return what tells the operator what came of it, by [Instruction#entry]
    public Instruction sending() {
        return side(from, AccountId.mirror(from.book(), to.book()));
    }

    /// @return the same of the other side
    public Instruction receiving() {
        return side(AccountId.mirror(to.book(), from.book()), to);
    }

    /// What takes the hours back where they came from.
    ///
    /// @param as its id
    public Instruction returning(TransferId as) {
        return new Instruction(
                as,
                Reason.REVERSAL,
                AccountId.mirror(from.book(), to.book()),
                from,
                amount,
                id,
                operator);
    }

    /// Hours that came from another book were taken back here, so they go back there.
    ///
    /// @param undoing what took them back
    static void sendBack(Writing writing, Transfer undoing, Operator operator) throws SQLException {
        TransferId id = undoing.corrects();
        BookId home = new BookId(undoing.credit().owner());
        if (id == null) {
            throw new IllegalArgumentException("takes nothing back: " + undoing);
        }
        AccountId from =
                writing.books()
                        .recorded(home, id)
                        .orElseThrow(() -> new SQLException("nothing left " + home + " as " + id))
                        .transfer()
                        .debit();
        new Remittances(writing.sql())
                .put(
                        new Remittance(
                                id, from, undoing.debit(), undoing.amount().credits(), operator),
                        writing.nowMicros(),
                        operator.name() + " gave it back: " + operator.note());
    }

    /// Another hub writes that book, so what stands there may change before it gets to this; mostly
    /// it does not, and then nothing has to come back.
    private void requireTaken(Writing writing) throws SQLException, RefusedException {
        BookId there = to.book();
        Sql sql = writing.sql();
        boolean isThere =
                sql.engine() == Engine.POSTGRESQL
                        && sql.number("SELECT COUNT(*) FROM book WHERE book_id = ?", there.value())
                                > 0;
        if (!isThere) {
            throw RefusedException.notFound(
                    "This hub does not keep a book "
                            + there
                            + ", and no other hub does in the same database. Agree a PARTNER with"
                            + " a time bank elsewhere, and move hours there by EXCHANGE.");
        }
        // Not what we remember: it is not ours to remember.
        Statements statements = new Statements(sql);
        AccountId mirror = AccountId.mirror(there, from.book());
        Known known =
                new Known(
                        writing.books().recorded(there, id).orElse(null),
                        statements.account(mirror).orElse(Account.open(mirror)),
                        statements.account(to).orElse(null),
                        null,
                        null,
                        statements.last(there) + 1,
                        OpenDay.EVER);
        Instruction receiving = receiving();
        receiving.entry(Ledger.post(receiving.transfer(writing.nowMicros()), known));
    }

    /// @return whether what stands under the id went where this one goes
    private boolean isSame(Writing writing) throws SQLException {
        AccountId went = new Remittances(writing.sql()).destination(this).orElse(null);
        return to.equals(
                went != null
                        ? went
                        : writing.books()
                                .recorded(to.book(), id)
                                .map(recorded -> recorded.transfer().credit())
                                .orElse(null));
    }

    private Instruction side(AccountId debit, AccountId credit) {
        return new Instruction(id, Reason.BETWEEN_BOOKS, debit, credit, amount, null, operator);
    }
}
