package org.hourtap.ledger;

/// What became of a transfer.
public sealed interface PostOutcome {
    /// It is a new entry, and this is how both accounts stand after it.
    record Posted(Entry entry, Account debit, Account credit) implements PostOutcome {}

    /// The same transfer was posted before; nothing changes.
    record AlreadyPosted(Entry entry) implements PostOutcome {}

    /// Another transfer has this id. Not posted; someone has to look.
    record Conflicting(Recorded recorded) implements PostOutcome {}

    /// A rule forbids it.
    record Rejected(Rejection rejection) implements PostOutcome {}
}
