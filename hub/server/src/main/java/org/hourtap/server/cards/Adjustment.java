package org.hourtap.server.cards;

import java.sql.SQLException;
import java.util.Optional;
import org.hourtap.contract.BookId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TransferId;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.Entry;
import org.hourtap.ledger.PostOutcome;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Rejection;
import org.hourtap.ledger.Transfer;
import org.hourtap.server.books.Ids;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.Writing;

/// An operator's correction of a member's balance, or the balance someone starts with.
///
/// @param id made by whoever asks, so that asking twice posts once
/// @param minutes what the member gets; negative to take
/// @param operator who answers for it
/// @param note why
public record Adjustment(
        TransferId id, MemberId member, long minutes, String operator, String note) {
    private static final int OPERATOR_LENGTH_MAX = 60;
    private static final int NOTE_LENGTH_MAX = 200;

    public Adjustment {
        if (minutes == 0 || Math.abs(minutes) > Credits.MINUTES_MAX) {
            throw new IllegalArgumentException(
                    "An adjustment is at least one minute, given or (negative) taken.");
        }
        if (operator.isBlank() || operator.length() > OPERATOR_LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "An adjustment names its operator, in 1 to 60 characters.");
        }
        if (note.isBlank() || note.length() > NOTE_LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "An adjustment says why, in a note of 1 to 200 characters.");
        }
    }

    /// Posts it, once. What comes of it is a value, because a refusal has to be kept as well.
    public PostOutcome post(Writing writing, BookId book) throws SQLException {
        AccountId issuance = AccountId.issuance(book);
        AccountId account = AccountId.of(book, member);
        boolean gives = minutes > 0;
        Transfer transfer =
                new Transfer(
                        id,
                        gives ? issuance : account,
                        gives ? account : issuance,
                        new Credits(Math.abs(minutes)),
                        Reason.ADJUSTMENT,
                        null,
                        null,
                        idMicros());
        PostOutcome outcome = writing.books().post(transfer, writing.nowMicros());
        if (outcome instanceof PostOutcome.Posted) {
            keep(writing, book);
            new CardFeed(writing).refresh(book, member);
        }
        if (outcome instanceof PostOutcome.AlreadyPosted already && !isKept(writing, book)) {
            return new PostOutcome.Conflicting(already.entry());
        }
        return outcome;
    }

    /// @return the entry in the journal
    /// @throws RefusedException with a sentence for the operator if there is none
    public Entry entry(PostOutcome outcome) throws RefusedException {
        return switch (outcome) {
            case PostOutcome.Posted posted -> posted.entry();
            case PostOutcome.AlreadyPosted already -> already.entry();
            case PostOutcome.Conflicting _ -> throw conflict();
            case PostOutcome.Rejected rejected -> throw refused(rejected.rejection());
        };
    }

    /// The time in the id itself: the same however often it is asked for.
    private long idMicros() {
        return (id.value().getMostSignificantBits() >>> 16) * 1_000;
    }

    private RefusedException conflict() {
        return RefusedException.conflict(
                "The id " + id + " was already used for something else. Take a new one.");
    }

    private RefusedException refused(Rejection rejection) {
        return switch (rejection) {
            case DEBIT_ACCOUNT_UNKNOWN, CREDIT_ACCOUNT_UNKNOWN ->
                    RefusedException.notFound("There is no member " + member + ".");
            case EXCEEDS_BALANCE ->
                    RefusedException.conflict(
                            "Member "
                                    + member
                                    + " does not have that much time. Take less, under"
                                    + " a new id.");
            case NO_AMOUNT,
                    SAME_ACCOUNT,
                    DIFFERENT_BOOKS,
                    REASON_DOES_NOT_FIT,
                    ORIGINAL_NOT_NAMED,
                    ORIGINAL_NOT_EXPECTED,
                    ORIGINAL_UNKNOWN,
                    ORIGINAL_ALREADY_CORRECTED,
                    NOT_THE_ORIGINAL_REVERSED,
                    DEBIT_ACCOUNT_CLOSED,
                    CREDIT_ACCOUNT_CLOSED,
                    TOTALS_TOO_LARGE ->
                    RefusedException.conflict(rejection.sentence());
        };
    }

    private void keep(Writing writing, BookId book) throws SQLException {
        writing.sql()
                .update(
                        "INSERT INTO adjustment VALUES (?, ?, ?, ?, ?, ?, ?)",
                        book.value(),
                        Ids.bytes(id),
                        member.value(),
                        minutes,
                        operator,
                        note,
                        writing.nowMicros());
    }

    private boolean isKept(Writing writing, BookId book) throws SQLException {
        Optional<Adjustment> kept =
                writing.sql()
                        .one(
                                "SELECT * FROM adjustment WHERE book_id = ? AND id = ?",
                                row ->
                                        new Adjustment(
                                                id,
                                                new MemberId(row.getString("member")),
                                                row.getLong("minutes"),
                                                row.getString("operator"),
                                                row.getString("note")),
                                book.value(),
                                Ids.bytes(id));
        return kept.isPresent() && kept.get().equals(this);
    }
}
