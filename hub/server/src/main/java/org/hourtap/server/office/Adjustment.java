package org.hourtap.server.office;

import org.hourtap.contract.BookId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TransferId;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.Reason;

/// An operator's correction of a member's balance, or the balance someone starts with.
///
/// @param id made by whoever asks, so that asking twice posts once
/// @param minutes what the member gets; negative to take
public record Adjustment(TransferId id, MemberId member, long minutes, Operator operator) {
    public Adjustment {
        if (minutes == 0 || Math.abs(minutes) > Credits.MINUTES_MAX) {
            throw new IllegalArgumentException(
                    "An adjustment is at least one minute, given or (negative) taken.");
        }
    }

    public Instruction in(BookId book) {
        AccountId issuance = AccountId.issuance(book);
        AccountId account = AccountId.of(book, member);
        boolean gives = minutes > 0;
        return new Instruction(
                id,
                Reason.ADJUSTMENT,
                gives ? issuance : account,
                gives ? account : issuance,
                new Credits(Math.abs(minutes)),
                null,
                operator);
    }
}
