package org.hourtap.server.inbox;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hourtap.contract.BookId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.TransferId;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.Amount;
import org.hourtap.ledger.Entry;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Stage;
import org.hourtap.ledger.Transfer;
import org.hourtap.server.books.Ids;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.Sql;
import org.hourtap.server.books.Undecided;
import org.hourtap.server.books.Writing;
import org.hourtap.server.office.Instruction;
import org.hourtap.server.office.Operator;
import org.jspecify.annotations.Nullable;

/// Shifts whose hours wait until a coordinator approves them.
public final class WaitingShifts {
    /// Out of the group's allocation, and what was issued beside it.
    private static final int LEGS = 2;

    private final Writing writing;
    private final BookId book;

    public WaitingShifts(Writing writing, BookId book) {
        this.writing = writing;
        this.book = book;
    }

    /// A shift that waits.
    ///
    /// @param id the tap that ended it
    /// @param holder whose hours these will be; SUSPENSE if the hub does not know the card
    /// @param sinceMicros when it began, by the best estimate
    /// @param untilMicros when it ended
    public record Waiting(
            TransferId id,
            AccountId holder,
            String activity,
            long sinceMicros,
            long untilMicros,
            long minutes) {}

    /// @return the oldest first
    public static List<Waiting> list(Sql sql, BookId book) throws SQLException {
        Map<TransferId, List<Transfer>> taps = new LinkedHashMap<>();
        for (Entry entry : new Undecided(sql).list(book)) {
            Transfer transfer = entry.transfer();
            if (transfer.reason() == Reason.SHIFT_EARNED && transfer.origin() != null) {
                taps.computeIfAbsent(transfer.id().withLeg(0), _ -> new ArrayList<>())
                        .add(transfer);
            }
        }
        List<Waiting> waiting = new ArrayList<>();
        for (Map.Entry<TransferId, List<Transfer>> tap : taps.entrySet()) {
            waiting.add(waiting(sql, book, tap.getKey(), tap.getValue()));
        }
        return waiting;
    }

    private static Waiting waiting(Sql sql, BookId book, TransferId tap, List<Transfer> legs)
            throws SQLException {
        AccountId holder = legs.getFirst().credit();
        long minutes = sum(legs).minutes();
        return sql.one(
                        "SELECT activity, since_micros, until_micros FROM shift"
                                + " WHERE book_id = ? AND closed_by = ?",
                        row ->
                                new Waiting(
                                        tap,
                                        holder,
                                        row.getString(1),
                                        row.getLong(2),
                                        row.getLong(3),
                                        minutes),
                        book.value(),
                        Ids.bytes(tap))
                .orElseGet(() -> {
                    long at = legs.getFirst().eventMicros();
                    return new Waiting(tap, holder, "", at, at, minutes);
                });
    }

    /// Makes hours of a shift count.
    ///
    /// @param tap as in [Waiting]
    /// @param minutes how much of it, the rest never counts; all of it if absent
    /// @return the last entry that was made
    /// @throws RefusedException if no such shift waits, or not with that many hours
    public Entry approve(
            TransferId tap, TransferId id, @Nullable Credits minutes, Operator operator)
            throws SQLException, RefusedException {
        List<Transfer> legs = legs(tap);
        Credits amount = minutes == null ? sum(legs) : minutes;
        if (amount.isNone() || amount.compareTo(sum(legs)) > 0) {
            throw RefusedException.invalid(
                    "The shift waits with "
                            + sum(legs).minutes()
                            + " minutes. Approve 1 to that many, or decline it.");
        }
        return decide(tap, legs, id, amount, operator);
    }

    /// Lets hours of a shift never count.
    public Entry decline(TransferId tap, TransferId id, Operator operator)
            throws SQLException, RefusedException {
        return decide(tap, legs(tap), id, Credits.NONE, operator);
    }

    private Entry decide(
            TransferId tap, List<Transfer> legs, TransferId id, Credits amount, Operator operator)
            throws SQLException, RefusedException {
        Credits left = amount;
        Entry entry = null;
        for (Transfer leg : legs) {
            Credits held = leg.amount().credits();
            Credits part = left.min(held);
            left = left.minusAtMost(part);
            Instruction decision =
                    Instruction.deciding(
                            id.withLeg(leg.id().leg()),
                            leg,
                            Amount.of(part.isNone() ? held : part),
                            operator,
                            part.isNone() ? Stage.voiding(leg.id()) : Stage.posting(leg.id()));
            entry = decision.entry(decision.post(writing));
        }
        // So that a later shift is not taken for one at a time that has hours already.
        writing.sql()
                .update(
                        "UPDATE shift SET minutes = ? WHERE book_id = ? AND closed_by = ?",
                        amount.minutes(),
                        book.value(),
                        Ids.bytes(tap));
        if (entry == null) {
            throw new IllegalStateException("a shift without hours does not wait");
        }
        return entry;
    }

    private List<Transfer> legs(TransferId tap) throws SQLException, RefusedException {
        List<Transfer> legs = new ArrayList<>();
        for (int leg = 0; leg < LEGS; leg++) {
            writing.books()
                    .recorded(book, tap.withLeg(leg))
                    .filter(Entry.class::isInstance)
                    .map(recorded -> recorded.transfer())
                    .filter(transfer ->
                            transfer.stage().kind() == Stage.Kind.PENDING
                                    && transfer.origin() != null)
                    .ifPresent(legs::add);
        }
        if (legs.isEmpty()) {
            throw RefusedException.notFound(
                    "No shift " + tap + " waits or waited. 'shifts waiting' lists those that do.");
        }
        return legs;
    }

    private static Credits sum(List<Transfer> legs) {
        return legs.stream().map(leg -> leg.amount().credits()).reduce(Credits.NONE, Credits::plus);
    }
}
