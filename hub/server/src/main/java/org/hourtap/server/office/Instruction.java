package org.hourtap.server.office;

import java.sql.SQLException;
import java.util.Optional;
import org.hourtap.contract.BookId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TransferId;
import org.hourtap.ledger.Account;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.AccountKind;
import org.hourtap.ledger.Amount;
import org.hourtap.ledger.Entry;
import org.hourtap.ledger.PostOutcome;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Recorded;
import org.hourtap.ledger.Stage;
import org.hourtap.ledger.Transfer;
import org.hourtap.server.books.Ids;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.Statements;
import org.hourtap.server.books.Writing;
import org.hourtap.server.cards.CardFeed;
import org.jspecify.annotations.Nullable;

/// Hours that an operator tells the books to move, or cash to record.
///
/// @param id made by whoever asks, so that asking twice moves hours once
/// @param corrects the transfer it undoes; absent if it undoes none
/// @param stage whether the hours move at once
public record Instruction(
        TransferId id,
        Reason reason,
        AccountId debit,
        AccountId credit,
        Amount amount,
        @Nullable TransferId corrects,
        Operator operator,
        Stage stage) {
    public Instruction {
        amount.requireFor(debit);
    }

    /// Hours move at once.
    public Instruction(
            TransferId id,
            Reason reason,
            AccountId debit,
            AccountId credit,
            Credits hours,
            @Nullable TransferId corrects,
            Operator operator) {
        this(id, reason, debit, credit, Amount.of(hours), corrects, operator, Stage.PLAIN);
    }

    /// What takes back a transfer. One that is pending is let go.
    ///
    /// @param part how much of it; all of it if absent
    /// @throws RefusedException if there is no such transfer, or it moved something else
    public static Instruction undoing(
            Writing writing,
            BookId book,
            TransferId id,
            TransferId original,
            Reason reason,
            @Nullable Amount part,
            Operator operator)
            throws SQLException, RefusedException {
        Transfer undone = named(writing, book, original);
        if (undone.reason() == Reason.BETWEEN_BOOKS) {
            requireGoesBack(undone, part);
        }
        if (reason == Reason.VOID && undone.stage().kind() == Stage.Kind.PENDING) {
            return deciding(id, undone, undone.amount(), operator, Stage.voiding(original));
        }
        return new Instruction(
                id,
                reason,
                /* debit= */ undone.credit(),
                /* credit= */ undone.debit(),
                part(undone, part),
                original,
                operator,
                Stage.PLAIN);
    }

    /// Taken back on one side alone, hours would be in both books, or in none.
    private static void requireGoesBack(Transfer undone, @Nullable Amount part)
            throws RefusedException {
        if (undone.credit().kind() == AccountKind.MIRROR) {
            throw RefusedException.conflict(
                    "Hours that went to another book come back from there: void or refund transfer "
                            + undone.id()
                            + " in book "
                            + undone.credit().owner()
                            + ".");
        }
        if (part != null && !part.equals(undone.amount())) {
            throw RefusedException.conflict(
                    "Hours that came from another book go back whole. For a part, send it by"
                            + " BETWEEN_BOOKS.");
        }
    }

    /// What makes a pending transfer happen.
    ///
    /// @param minutes how much of it, the rest is let go; all of it if absent
    /// @throws RefusedException if there is no such transfer
    public static Instruction posting(
            Writing writing,
            BookId book,
            TransferId id,
            TransferId pending,
            @Nullable Credits minutes,
            Operator operator)
            throws SQLException, RefusedException {
        Transfer named = named(writing, book, pending);
        Amount amount = part(named, minutes == null ? null : Amount.of(minutes));
        return deciding(id, named, amount, operator, Stage.posting(pending));
    }

    /// @param stage posts the pending transfer or voids it
    public static Instruction deciding(
            TransferId id, Transfer pending, Amount amount, Operator operator, Stage stage) {
        return new Instruction(
                id,
                pending.reason(),
                pending.debit(),
                pending.credit(),
                amount,
                null,
                operator,
                stage);
    }

    private static Amount part(Transfer whole, @Nullable Amount part) throws RefusedException {
        if (part != null && part.asset() != whole.amount().asset()) {
            throw RefusedException.invalid(
                    "Transfer "
                            + whole.id()
                            + " is of "
                            + whole.amount()
                            + ", not of "
                            + part.asset().unit()
                            + ".");
        }
        return part == null ? whole.amount() : part;
    }

    private static Transfer named(Writing writing, BookId book, TransferId id)
            throws SQLException, RefusedException {
        return writing.books()
                .recorded(book, id)
                .map(Recorded::transfer)
                .orElseThrow(() ->
                        RefusedException.notFound("There is no transfer " + id + " in the books."));
    }

    /// What a venue took up to the last closed day and was not settled yet, taken out of
    /// circulation.
    ///
    /// @param minutes so much and no more; all of it if absent
    /// @throws RefusedException if there is no such venue, no day was closed yet, or less is open
    public static Instruction settling(
            Writing writing,
            AccountId venue,
            TransferId id,
            @Nullable Credits minutes,
            Operator operator)
            throws SQLException, RefusedException {
        BookId book = venue.book();
        Account account = writing.books().account(venue).orElseThrow(() -> unknown(venue));
        Recorded recorded = writing.books().recorded(book, id).orElse(null);
        if (recorded != null) {
            // Asked again: what is open now is what it left.
            return settling(venue, id, recorded.transfer().amount().credits(), operator);
        }
        DayClose day =
                DayClose.newest(writing.sql(), book)
                        .orElseThrow(() ->
                                RefusedException.conflict(
                                        "No day was closed yet. Close one, then settle."));
        long open = Math.min(unsettled(writing, venue, day), account.carried());
        Credits amount = minutes == null ? new Credits(Math.max(0, open)) : minutes;
        if (amount.isNone() || amount.minutes() > open) {
            throw RefusedException.conflict(
                    venue.name()
                            + " has "
                            + Math.max(0, open)
                            + " minutes to settle up to the close of "
                            + day.day()
                            + ".");
        }
        return settling(venue, id, amount, operator);
    }

    /// @return what the venue held at the close of the day, less what was settled since
    private static long unsettled(Writing writing, AccountId venue, DayClose day)
            throws SQLException {
        Statements statements = new Statements(writing.sql());
        BookId book = venue.book();
        long then =
                statements.standings(book, day.lastSequence()).stream()
                        .filter(standing -> standing.account().equals(venue))
                        .mapToLong(Statements.Standing::carried)
                        .sum();
        long since =
                statements
                        .turnover(book, AccountKind.VENUE, day.lastSequence(), Long.MAX_VALUE)
                        .stream()
                        .filter(turnover ->
                                turnover.venue().equals(venue.owner())
                                        && turnover.reason() == Reason.SETTLEMENT)
                        .mapToLong(Statements.Turnover::minutes)
                        .sum();
        return then - since;
    }

    private static Instruction settling(
            AccountId venue, TransferId id, Credits amount, Operator operator) {
        return new Instruction(
                id,
                Reason.SETTLEMENT,
                venue,
                AccountId.retired(venue.book()),
                amount,
                null,
                operator);
    }

    /// Posts it, once. What comes of it is a value, because a refusal has to be kept as well.
    public PostOutcome post(Writing writing) throws SQLException {
        BookId book = debit.book();
        Transfer transfer = transfer(when(writing, book));
        PostOutcome outcome = writing.books().post(transfer, writing.nowMicros());
        if (outcome instanceof PostOutcome.Posted) {
            keep(writing, book);
            refresh(writing, debit);
            refresh(writing, credit);
            if (corrects != null && credit.kind() == AccountKind.MIRROR) {
                Remittance.sendBack(writing, transfer, operator);
            }
            if (corrects != null && reason == Reason.VOID) {
                Cash.giveBack(writing, book, corrects, operator);
            }
        }
        if (outcome instanceof PostOutcome.AlreadyPosted already && !isKept(writing, book)) {
            return new PostOutcome.Conflicting(already.entry());
        }
        return outcome;
    }

    /// @return what would come of it now; nothing is written
    public PostOutcome foresee(Writing writing) throws SQLException {
        return writing.books().foresee(transfer(when(writing, debit.book())));
    }

    Transfer transfer(long eventMicros) {
        return new Transfer(id, debit, credit, amount, reason, corrects, null, eventMicros, stage);
    }

    /// @return the entry in the journal
    /// @throws RefusedException with a sentence for the operator if there is none
    public Entry entry(PostOutcome outcome) throws RefusedException {
        return switch (outcome) {
            case PostOutcome.Posted posted -> posted.entry();
            case PostOutcome.AlreadyPosted already -> already.entry();
            case PostOutcome.Conflicting _ ->
                    throw RefusedException.conflict(
                            "The id "
                                    + id
                                    + " was already used for something else. Take a new one.");
            case PostOutcome.Rejected rejected ->
                    throw switch (rejected.rejection()) {
                        case DEBIT_ACCOUNT_UNKNOWN -> unknown(debit);
                        case CREDIT_ACCOUNT_UNKNOWN -> unknown(credit);
                        case EXCEEDS_BALANCE ->
                                RefusedException.conflict(
                                        shown(debit)
                                                + " does not have that much time. Take less, under"
                                                + " a new id.");
                        default -> RefusedException.conflict(rejected.rejection().sentence());
                    };
        };
    }

    /// It happens when it is first asked for; a repeat says the same, whatever the time.
    private long when(Writing writing, BookId book) throws SQLException {
        Optional<Recorded> recorded = writing.books().recorded(book, id);
        return recorded.isPresent()
                ? recorded.get().transfer().eventMicros()
                : Math.max(writing.nowMicros(), writing.books().openDay(book).sinceMicros());
    }

    private static RefusedException unknown(AccountId account) {
        return RefusedException.notFound("There is no " + shown(account) + ".");
    }

    private static String shown(AccountId account) {
        return account.kind() == AccountKind.MEMBER
                ? "member " + account.owner()
                : "account " + account.name();
    }

    private static void refresh(Writing writing, AccountId account) throws SQLException {
        if (account.kind() == AccountKind.MEMBER) {
            new CardFeed(writing).refresh(account.book(), new MemberId(account.owner()));
        }
    }

    private void keep(Writing writing, BookId book) throws SQLException {
        writing.sql()
                .update(
                        "INSERT INTO instruction VALUES (?, ?, ?, ?, ?)",
                        book.value(),
                        Ids.bytes(id),
                        operator.name(),
                        operator.note(),
                        writing.nowMicros());
    }

    private boolean isKept(Writing writing, BookId book) throws SQLException {
        return writing.sql()
                .one(
                        "SELECT operator, note FROM instruction WHERE book_id = ? AND id = ?",
                        row -> new Operator(row.getString(1), row.getString(2)),
                        book.value(),
                        Ids.bytes(id))
                .filter(operator::equals)
                .isPresent();
    }
}
