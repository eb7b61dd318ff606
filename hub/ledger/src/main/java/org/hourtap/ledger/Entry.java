package org.hourtap.ledger;

/// One line of the journal: a transfer that was posted, with what a reader needs to walk either
/// account's history backwards without an index.
///
/// @param sequence position in the book's journal, from 1, without gaps
/// @param debitPrevious the entry that touched the debit account before, 0 if none
/// @param creditPrevious the entry that touched the credit account before, 0 if none
/// @param debitBalance the debit account's balance after this, on the side it carries
/// @param creditBalance the credit account's balance after this, on the side it carries
public record Entry(
        long sequence,
        Transfer transfer,
        long debitPrevious,
        long creditPrevious,
        long debitBalance,
        long creditBalance)
        implements Recorded {
    public Entry {
        if (sequence < 1 || debitPrevious >= sequence || creditPrevious >= sequence) {
            throw new IllegalArgumentException(
                    "an entry points backwards: "
                            + sequence
                            + " to "
                            + debitPrevious
                            + " and "
                            + creditPrevious);
        }
    }
}
