package org.hourtap.server.inbox;

/// Something at the hub that a person has to look at.
///
/// @param sequence the tap's position in its terminal's journal, 0 if it is about no single tap
/// @param card empty if it is about no single card
/// @param text the text as received, empty if there is none
/// @param otherText for a conflict, the text received first; for what a card carried, the tap known
///   by that id
public record Finding(
        Kind kind,
        String terminal,
        long sequence,
        String card,
        String note,
        String text,
        String otherText) {
    /// What was found.
    public enum Kind {
        /// The member no longer had the hours a welcomed tap spent.
        SHORTFALL,
        /// A shift beyond what the group that credits it was allocated.
        ALLOCATION_SPENT,
        /// A tap of a card no register knows.
        UNKNOWN_CARD,
        /// A tap of a card that was stopped before the tap arrived.
        STOPPED_CARD,
        /// A second tap-in while a shift was open.
        FORGOTTEN_TAP_OUT,
        /// A tap-out without a shift.
        NO_OPEN_SHIFT,
        /// Clocks do not say how long the shift was.
        SHIFT_LENGTH_UNKNOWN,
        /// Longer than anyone works.
        SHIFT_TOO_LONG,
        /// A shift at a time for which the member has hours already.
        SHIFTS_OVERLAP,
        /// A rule of the ledger refused what the tap asked for.
        NOT_POSTED,
        /// The same id came with other content.
        CONFLICTING,
        /// A card lent with a limit spent more than that.
        OVER_ALLOWANCE,
        /// Taps that a card counted, that nobody sent, and that it carries no longer.
        CARD_GAP,
        /// Said to be a card's, and not signed by it.
        WRONG_MAC,
        /// Carried by a card, and not readable as a tap.
        UNREADABLE_RECORD,
        /// Carried by a card from a terminal no register knows.
        UNKNOWN_ORIGIN,
        /// The start or end of a shift, carried by a card from a terminal without a clock.
        UNTIMED_SHIFT,
        /// The start or end of a shift that came after a later one of the same card.
        LATE_SHIFT,
        /// Of a card that signs its taps, and without its signature.
        UNSIGNED,
        /// A card's number for a tap, unsigned and too far beyond those known to be believed.
        COUNTER_JUMP,
        /// Carried by a card from a terminal that was shut out.
        REVOKED_TERMINAL,
        /// Hours that were held for two weeks, and nobody decided.
        UNDECIDED,
        /// Hours that were sent to another book, and came back.
        SENT_BACK,
        /// Nobody was let in on a tap that a later one built on.
        TORN_SHIFT,
        /// Not readable as a tap.
        UNREADABLE,
        /// Taps that no terminal holds any more.
        MISSING_TAPS,
        /// A terminal used positions again, as after a restored backup.
        SEQUENCE_REUSED,
        /// A message that is not in the protocol.
        MALFORMED_MESSAGE,
        /// A message under the name of a terminal no register knows, or of one shut out.
        UNKNOWN_TERMINAL
    }
}
