package org.hourtap.ledger;

/// What an account counts. Nothing turns one into the other: hours have no price in money.
public enum Asset {
    /// Minutes of time given and spent.
    MINUTES,
    /// Pence of cash taken beside hours, which the books only record.
    PENCE
}
