package org.hourtap.ledger;

import static org.hourtap.ledger.AccountKind.GROUP;
import static org.hourtap.ledger.AccountKind.ISSUANCE;
import static org.hourtap.ledger.AccountKind.MEMBER;
import static org.hourtap.ledger.AccountKind.POT;
import static org.hourtap.ledger.AccountKind.RETIRED;
import static org.hourtap.ledger.AccountKind.SUSPENSE;
import static org.hourtap.ledger.AccountKind.VENUE;

/// Why hours move. Each reason fits certain accounts only, which is what keeps a slip of the
/// program from turning into a plausible entry.
public enum Reason {
    /// A shift was worked; to suspense when nobody knows yet by whom.
    SHIFT_EARNED,
    /// Hours spent at a venue; from suspense when nobody knows yet by whom.
    SPEND,
    /// The part of a late tap that the member no longer had.
    SHORTFALL,
    /// Hours given to another member or to a pot.
    GIFT,
    /// A venue's period is settled.
    SETTLEMENT,
    /// An operator's correction, with a name and a note.
    ADJUSTMENT,
    /// A transfer taken back before its business day is closed.
    VOID,
    /// Hours given back after settlement.
    REFUND,
    /// The system takes back a transfer of uncertain outcome.
    REVERSAL;

    boolean fits(AccountKind debit, AccountKind credit) {
        return switch (this) {
            case SHIFT_EARNED ->
                    (debit == ISSUANCE || debit == GROUP)
                            && (credit == MEMBER || credit == SUSPENSE);
            case SPEND -> (debit == MEMBER || debit == POT || debit == SUSPENSE) && credit == VENUE;
            case SHORTFALL -> (debit == SUSPENSE || debit == POT) && credit == VENUE;
            case GIFT -> debit == MEMBER && (credit == MEMBER || credit == POT);
            case SETTLEMENT -> debit == VENUE && credit == RETIRED;
            case ADJUSTMENT, VOID, REFUND, REVERSAL -> true;
        };
    }

    /// @return whether this undoes an earlier transfer, which it then has to name
    public boolean isCorrection() {
        return switch (this) {
            case VOID, REFUND, REVERSAL -> true;
            case SHIFT_EARNED, SPEND, SHORTFALL, GIFT, SETTLEMENT, ADJUSTMENT -> false;
        };
    }

    /// @return whether only the whole amount can be undone
    boolean isWhole() {
        return this == VOID || this == REVERSAL;
    }
}
