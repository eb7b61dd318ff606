package org.hourtap.ledger;

import org.hourtap.contract.Credits;
import org.hourtap.contract.TransferId;
import org.jspecify.annotations.Nullable;

/// The atomic movement: one debit account, one credit account, one amount, one reason.
///
/// @param id counts once per book, for ever
/// @param amount in what the debit account counts
/// @param corrects the transfer this one undoes; absent unless the reason is a correction
/// @param origin the tap it was posted for; absent when an operator or the hub posted it
/// @param eventMicros when it happened, by the best estimate, microseconds since 1970; entries are
///   never ordered by it
/// @param stage whether it moves hours at once
public record Transfer(
        TransferId id,
        AccountId debit,
        AccountId credit,
        Amount amount,
        Reason reason,
        @Nullable TransferId corrects,
        @Nullable TapOrigin origin,
        long eventMicros,
        Stage stage) {
    public Transfer {
        amount.requireFor(debit);
    }

    /// Hours.
    public Transfer(
            TransferId id,
            AccountId debit,
            AccountId credit,
            Credits hours,
            Reason reason,
            @Nullable TransferId corrects,
            @Nullable TapOrigin origin,
            long eventMicros,
            Stage stage) {
        this(id, debit, credit, Amount.of(hours), reason, corrects, origin, eventMicros, stage);
    }

    /// Hours move at once.
    public Transfer(
            TransferId id,
            AccountId debit,
            AccountId credit,
            Credits hours,
            Reason reason,
            @Nullable TransferId corrects,
            @Nullable TapOrigin origin,
            long eventMicros) {
        this(id, debit, credit, hours, reason, corrects, origin, eventMicros, Stage.PLAIN);
    }

    /// @return the earlier transfer that this one corrects or decides, if it does
    public @Nullable TransferId original() {
        return corrects == null ? stage.decides() : corrects;
    }

    /// @return whether the other has the same accounts and the same reason
    boolean isBetweenTheSame(Transfer other) {
        return debit.equals(other.debit) && credit.equals(other.credit) && reason == other.reason;
    }
}
