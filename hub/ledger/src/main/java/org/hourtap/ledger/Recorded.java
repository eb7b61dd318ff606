package org.hourtap.ledger;

/// What the books already hold under a transfer's id.
public sealed interface Recorded permits Entry, Recorded.Declined {
    Transfer transfer();

    /// A transfer that was refused. Its id stays refused, because the sender may have told someone.
    record Declined(Transfer transfer, Rejection rejection) implements Recorded {}
}
