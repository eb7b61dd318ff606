package org.hourtap.contract;

/// What the hub did with one tap.
///
/// @param sequence the tap's position in the terminal's journal
/// @param note a short sentence for staff, empty when all is well
public record EventOutcome(long sequence, Outcome outcome, String note) {
    /// From harmless to worth a look.
    public enum Outcome {
        /// In the ledger as the terminal decided.
        POSTED,
        /// Kept as a fact that moves no hours: a declined tap, the start of a shift.
        RECORDED,
        /// In the ledger, but someone at the hub has to look at it; `note` says why.
        POSTED_FOR_REVIEW,
        /// The same id came before with other content. Kept aside and shown, not posted.
        CONFLICTING,
        /// Not readable as a tap. Kept aside and shown, not posted.
        UNREADABLE
    }

    private static final int NOTE_LENGTH_MAX = 200;

    public EventOutcome {
        if (sequence < 1) {
            throw new IllegalArgumentException("a tap's sequence starts at 1: " + sequence);
        }
        if (note.length() > NOTE_LENGTH_MAX) {
            throw new IllegalArgumentException("a note has at most 200 characters");
        }
    }
}
