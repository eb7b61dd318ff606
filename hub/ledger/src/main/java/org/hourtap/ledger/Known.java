package org.hourtap.ledger;

import org.hourtap.contract.TransferId;
import org.jspecify.annotations.Nullable;

/// What the books know that matters to one transfer, read before it is decided.
///
/// @param recorded what already stands under its id
/// @param debit the account to be debited, absent if never opened
/// @param credit the account to be credited, absent if never opened
/// @param original the entry it corrects or decides, absent if it names none or none such exists
/// @param followedBy the correction or decision the original already has
/// @param nextSequence the position its entry would take
/// @param openDay what is not yet closed
public record Known(
        @Nullable Recorded recorded,
        @Nullable Account debit,
        @Nullable Account credit,
        @Nullable Entry original,
        @Nullable TransferId followedBy,
        long nextSequence,
        OpenDay openDay) {
    public Known {
        if (nextSequence < 1) {
            throw new IllegalArgumentException("sequences start at 1: " + nextSequence);
        }
    }

    /// The common case: nothing recorded under the id, no other transfer named.
    public static Known accounts(
            @Nullable Account debit, @Nullable Account credit, long nextSequence) {
        return new Known(null, debit, credit, null, null, nextSequence, OpenDay.EVER);
    }
}
