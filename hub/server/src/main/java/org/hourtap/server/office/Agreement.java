package org.hourtap.server.office;

import java.sql.SQLException;
import java.util.Optional;
import org.hourtap.contract.ActivityId;
import org.hourtap.contract.BookId;
import org.hourtap.ledger.Account;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.AccountKind;
import org.hourtap.ledger.Limits;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.Sql;
import org.hourtap.server.books.Writing;
import org.hourtap.server.fleet.Fleet;

/// What was agreed with a group, a partner, or about a pot: that it has an account, what people
/// call it, and what its balance may not leave.
///
/// @param name 1 to 60 characters
public record Agreement(AccountId account, String name, Limits limits) {
    private static final int NAME_LENGTH_MAX = 60;

    public Agreement {
        AccountKind kind = account.kind();
        if (kind != AccountKind.POT && kind != AccountKind.GROUP && kind != AccountKind.PARTNER) {
            throw new IllegalArgumentException(
                    "Accounts for a POT, a GROUP or a PARTNER are opened by hand; "
                            + account.name()
                            + " is not.");
        }
        if (name.isBlank() || name.length() > NAME_LENGTH_MAX) {
            throw new IllegalArgumentException("A name has 1 to 60 characters.");
        }
        if (!limits.suit(kind)) {
            throw new IllegalArgumentException(
                    account.name() + " cannot go below zero. Set least to 0.");
        }
    }

    /// Opens the account, or changes name and limits of an open one.
    public void keep(Writing writing) throws SQLException, RefusedException {
        writing.books().open(account);
        requireOpen(writing, account);
        writing.books().limit(account, limits);
        writing.sql()
                .update(
                        "UPDATE account SET name = ? WHERE book_id = ? AND kind = ? AND owner = ?",
                        name,
                        account.book().value(),
                        account.kind().name(),
                        account.owner());
    }

    /// Ends it: the account stays in the books, and nothing moves there any more.
    ///
    /// @throws RefusedException if there is no such account, or it still holds or owes hours
    public static void end(Writing writing, AccountId account)
            throws SQLException, RefusedException {
        Account found = requireOpen(writing, account);
        long balance = found.carried();
        if (found.balance().pendingDebits() != 0 || found.balance().pendingCredits() != 0) {
            throw RefusedException.conflict(
                    "Transfers of "
                            + account.name()
                            + " are pending. Post or void them first, then close it.");
        }
        if (new Remittances(writing.sql()).mayReturnTo(account)) {
            throw RefusedException.conflict(
                    "Hours from "
                            + account.name()
                            + " are on their way to another book and may come back. Close it when"
                            + " they are there.");
        }
        if (balance != 0) {
            throw RefusedException.conflict(
                    account.name()
                            + " stands at "
                            + balance
                            + " minutes. Move them first, then close it.");
        }
        writing.books().close(account);
    }

    /// Says out of whose allocation shifts of an activity are credited.
    public static void credit(Writing writing, BookId book, ActivityId activity, AccountId group)
            throws SQLException, RefusedException {
        if (group.kind() != AccountKind.GROUP) {
            throw RefusedException.invalid("Shifts are credited by a GROUP, not " + group.name());
        }
        requireOpen(writing, group);
        if (new Fleet(writing.sql()).activity(book, activity).isEmpty()) {
            throw RefusedException.notFound("There is no activity " + activity + ".");
        }
        writing.sql()
                .update(
                        "INSERT INTO group_activity VALUES (?, ?, ?)"
                                + " ON CONFLICT (book_id, activity)"
                                + " DO UPDATE SET group_id = excluded.group_id",
                        book.value(),
                        activity.value(),
                        group.owner());
    }

    /// @return the group that credits shifts of the activity, if one does
    public static Optional<AccountId> group(Sql sql, BookId book, ActivityId activity)
            throws SQLException {
        return sql.one(
                "SELECT group_id FROM group_activity WHERE book_id = ? AND activity = ?",
                row -> new AccountId(book, AccountKind.GROUP, row.getString(1)),
                book.value(),
                activity.value());
    }

    private static Account requireOpen(Writing writing, AccountId account)
            throws SQLException, RefusedException {
        Account found =
                writing.books()
                        .account(account)
                        .orElseThrow(() ->
                                RefusedException.notFound(
                                        "There is no account " + account.name() + "."));
        if (found.isClosed()) {
            throw RefusedException.conflict(
                    account.name() + " is closed. Open another one under another id.");
        }
        return found;
    }
}
