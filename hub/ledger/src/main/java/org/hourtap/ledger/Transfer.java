package org.hourtap.ledger;

import org.hourtap.contract.Credits;
import org.hourtap.contract.TransferId;
import org.jspecify.annotations.Nullable;

/// The atomic movement: one debit account, one credit account, one amount, one reason.
///
/// @param id counts once per book, for ever
/// @param corrects the transfer this one undoes; absent unless the reason is a correction
/// @param origin the tap it was posted for; absent when an operator or the hub posted it
/// @param eventMicros when it happened, by the best estimate, microseconds since 1970; entries are
///   never ordered by it
public record Transfer(
        TransferId id,
        AccountId debit,
        AccountId credit,
        Credits amount,
        Reason reason,
        @Nullable TransferId corrects,
        @Nullable TapOrigin origin,
        long eventMicros) {}
