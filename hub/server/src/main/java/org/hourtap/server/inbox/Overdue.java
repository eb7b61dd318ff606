package org.hourtap.server.inbox;

import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.hourtap.contract.BookId;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TransferId;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.AccountKind;
import org.hourtap.ledger.Entry;
import org.hourtap.ledger.PostOutcome;
import org.hourtap.ledger.Stage;
import org.hourtap.ledger.TapOrigin;
import org.hourtap.ledger.Transfer;
import org.hourtap.server.books.Undecided;
import org.hourtap.server.books.Writing;
import org.hourtap.server.cards.CardFeed;

/// Pending transfers whose time is over are let go. One without an end waits on, whatever happens:
/// an hour that somebody worked does not vanish because nobody looked. But when it has waited for
/// two weeks, that is a finding, once.
public final class Overdue {
    /// A few milliseconds' work; taps wait meanwhile.
    public static final int MOST_AT_ONCE = 100;

    /// Changes bits that were random when the id was made.
    private static final long END_BITS = 0x0155_5555_5555_5550L;

    private final Writing writing;
    private final BookId book;

    public Overdue(Writing writing, BookId book) {
        this.writing = writing;
        this.book = book;
    }

    /// @return how many were looked at; there may be more if it is [#MOST_AT_ONCE]
    public int look() throws SQLException {
        Undecided undecided = new Undecided(writing.sql());
        List<Entry> due = undecided.due(book, writing.nowMicros(), MOST_AT_ONCE);
        for (Entry entry : due) {
            Long until = entry.transfer().stage().untilMicros();
            if (until == null) {
                undecided.remind(book, entry.transfer().id());
                find(
                        Finding.Kind.UNDECIDED,
                        entry,
                        "and nobody posted or voided it for two weeks.");
            } else {
                expire(entry, until, undecided);
            }
        }
        return due.size();
    }

    private void expire(Entry entry, long until, Undecided undecided) throws SQLException {
        Transfer pending = entry.transfer();
        PostOutcome outcome =
                writing.books()
                        .post(
                                new Transfer(
                                        endOf(pending.id()),
                                        pending.debit(),
                                        pending.credit(),
                                        pending.amount(),
                                        pending.reason(),
                                        null,
                                        null,
                                        until,
                                        Stage.expiring(pending.id())),
                                writing.nowMicros());
        switch (outcome) {
            case PostOutcome.Posted _, PostOutcome.AlreadyPosted _ -> {
                refresh(pending.debit());
                refresh(pending.credit());
            }
            case PostOutcome.Conflicting _ ->
                    notLetGo(entry, undecided, "an id that belongs to another transfer.");
            case PostOutcome.Rejected rejected ->
                    notLetGo(entry, undecided, rejected.rejection().sentence());
        }
    }

    /// It is not tried for ever: somebody has to look.
    private void notLetGo(Entry entry, Undecided undecided, String why) throws SQLException {
        undecided.remind(book, entry.transfer().id());
        find(Finding.Kind.NOT_POSTED, entry, "and its hours were not let go: " + why);
    }

    private void find(Finding.Kind kind, Entry entry, String note) throws SQLException {
        Transfer pending = entry.transfer();
        TapOrigin origin = pending.origin();
        new Findings(writing.sql())
                .keep(
                        book,
                        new Finding(
                                kind,
                                origin == null ? "" : origin.terminal().value(),
                                origin == null ? 0 : origin.sequence(),
                                "",
                                "%d minutes for %s are pending, %s transfer %s, %s"
                                        .formatted(
                                                pending.amount().units(),
                                                pending.credit().name(),
                                                pending.reason(),
                                                pending.id(),
                                                note),
                                "",
                                ""),
                        writing.nowMicros());
    }

    private void refresh(AccountId account) throws SQLException {
        if (account.kind() == AccountKind.MEMBER) {
            new CardFeed(writing).refresh(book, new MemberId(account.owner()));
        }
    }

    /// @return the id of what ends a transfer that nobody decided on: the same each time, so that
    ///   it ends once however often that is tried
    public static TransferId endOf(TransferId transfer) {
        UUID id = transfer.value();
        return new TransferId(
                new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() ^ END_BITS));
    }
}
