package org.hourtap.ledger;

import static org.hourtap.ledger.AccountKind.BANKED;
import static org.hourtap.ledger.AccountKind.GROUP;
import static org.hourtap.ledger.AccountKind.ISSUANCE;
import static org.hourtap.ledger.AccountKind.MEMBER;
import static org.hourtap.ledger.AccountKind.MIRROR;
import static org.hourtap.ledger.AccountKind.PARTNER;
import static org.hourtap.ledger.AccountKind.PAYERS;
import static org.hourtap.ledger.AccountKind.POT;
import static org.hourtap.ledger.AccountKind.RETIRED;
import static org.hourtap.ledger.AccountKind.SUSPENSE;
import static org.hourtap.ledger.AccountKind.TILL;
import static org.hourtap.ledger.AccountKind.VENUE;

import java.util.Set;

/// Why hours move. Each reason fits certain accounts only, which is what keeps a slip of the
/// program from turning into a plausible entry.
public enum Reason {
    /// A shift was worked; to suspense when nobody knows yet by whom.
    SHIFT_EARNED,
    /// Hours spent at a venue; from a pot for an outing it pays, from suspense when nobody knows
    /// yet by whom.
    SPEND,
    /// The part of a late tap that the member no longer had.
    SHORTFALL,
    /// Hours given to another member or to a pot.
    GIFT,
    /// A pot gives to a member.
    GRANT,
    /// What a group may hand out, or a pot holds for its purpose.
    ALLOCATION,
    /// A fact in suspense finds whose it is, or who bears it.
    CLEARING,
    /// A member's hours go to another time bank, or come from there.
    EXCHANGE,
    /// Hours go to another book, or come from there; the other book has the same transfer.
    BETWEEN_BOOKS,
    /// A venue's period is settled.
    SETTLEMENT,
    /// An operator's correction, with a name and a note.
    ADJUSTMENT,
    /// A venue took cash beside hours.
    CASH_TAKEN,
    /// A venue handed cash over.
    CASH_BANKED,
    /// A transfer taken back before its business day is closed.
    VOID,
    /// Hours given back later.
    REFUND,
    /// The system takes back a transfer of uncertain outcome.
    REVERSAL;

    private static final Set<AccountKind> HOLDERS = Set.of(MEMBER, POT, GROUP);

    /// @return whether hours move between such accounts for this reason
    public boolean fits(AccountKind debit, AccountKind credit) {
        return switch (this) {
            case SHIFT_EARNED ->
                    (debit == ISSUANCE || debit == GROUP)
                            && (credit == MEMBER || credit == SUSPENSE);
            case SPEND -> (debit == MEMBER || debit == POT || debit == SUSPENSE) && credit == VENUE;
            case SHORTFALL -> (debit == SUSPENSE || debit == POT) && credit == VENUE;
            case GIFT -> debit == MEMBER && (credit == MEMBER || credit == POT);
            case GRANT -> debit == POT && credit == MEMBER;
            case ALLOCATION -> debit == ISSUANCE && (credit == GROUP || credit == POT);
            case CLEARING ->
                    (debit == SUSPENSE && credit == MEMBER)
                            || ((debit == MEMBER || debit == POT) && credit == SUSPENSE);
            case EXCHANGE ->
                    (debit == MEMBER && credit == PARTNER)
                            || (debit == PARTNER && credit == MEMBER);
            case BETWEEN_BOOKS ->
                    ((debit == MEMBER || debit == POT) && credit == MIRROR)
                            || (debit == MIRROR
                                    && (credit == MEMBER || credit == POT || credit == VENUE));
            case SETTLEMENT -> debit == VENUE && credit == RETIRED;
            case ADJUSTMENT ->
                    (debit == ISSUANCE && HOLDERS.contains(credit))
                            || (HOLDERS.contains(debit) && credit == ISSUANCE);
            case CASH_TAKEN -> debit == PAYERS && credit == TILL;
            case CASH_BANKED -> debit == TILL && credit == BANKED;
            case VOID, REFUND, REVERSAL -> true;
        };
    }

    /// @return whether this undoes an earlier transfer, which it then has to name
    public boolean isCorrection() {
        return switch (this) {
            case VOID, REFUND, REVERSAL -> true;
            case SHIFT_EARNED,
                    SPEND,
                    SHORTFALL,
                    GIFT,
                    GRANT,
                    ALLOCATION,
                    CLEARING,
                    EXCHANGE,
                    BETWEEN_BOOKS,
                    SETTLEMENT,
                    ADJUSTMENT,
                    CASH_TAKEN,
                    CASH_BANKED ->
                    false;
        };
    }

    /// @return whether hours may be held first and moved when somebody decides. Not what undoes
    ///   another transfer, what has a second half in another book, what retires hours, or cash that
    ///   has changed hands: there is nothing to wait for
    boolean mayWait() {
        return !isCorrection()
                && this != BETWEEN_BOOKS
                && this != SETTLEMENT
                && this != CASH_TAKEN
                && this != CASH_BANKED;
    }

    /// @return whether only the whole amount can be undone
    boolean isWhole() {
        return this == VOID || this == REVERSAL;
    }
}
