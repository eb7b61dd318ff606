package org.hourtap.simulator.life;

/// What must hold after every step, whatever happens. Each names what it would mean to a person.
public enum Rule {
    /// Someone was welcomed by a terminal that had written nothing down.
    LIGHT_BEFORE_COMMIT,
    /// Someone was told "already welcomed" who never was.
    REPEAT_OF_NOTHING,
    /// A card that could not prove itself was taken.
    CLONE_WELCOMED,
    /// Hours were charged twice for one tap, or for one that nobody made.
    CHARGED_TWICE,
    /// Hours were charged for a tap that let nobody in.
    CHARGED_FOR_NOTHING,
    /// A tap that was welcomed is not in the books, with everything up again.
    TAP_LOST,
    /// A tap of a terminal's journal never reached the hub.
    TAP_NOT_RECORDED,
    /// The hub has another tap than the terminal wrote.
    TAP_CHANGED,
    /// More hours were earned than were worked, or fewer without a word to anyone.
    WRONG_LENGTH,
    /// The cash recorded with an entry is not what it costs beside the hours.
    CASH_WRONG,
    /// The sum of all accounts is not zero.
    OUT_OF_BALANCE,
    /// An account is not what its transfers make it.
    BALANCE_NOT_ITS_ENTRIES,
    /// What was committed is no longer there, or has changed.
    JOURNAL_CHANGED,
    /// A hash does not follow from its transfer and the hash before it.
    CHAIN_BROKEN,
    /// A terminal without a link let a card spend beyond the limit.
    OFFLINE_LIMIT_EXCEEDED,
    /// Doors let people spend more than they had by more than policy, doors and cards allow.
    OVERSPENT,
    /// Someone was charged another price than the door had been told.
    WRONG_PRICE,
    /// A door let someone in with a card that it knew was stopped.
    STOPPED_CARD_WELCOMED,
    /// A door let someone in for more than it had been told was there.
    WELCOMED_WITHOUT_HOURS,
    /// A lent card's allowance is not what was given less what was spent.
    ALLOWANCE_WRONG,
    /// A card of ours was taken for a copy.
    GENUINE_REFUSED,
    /// A tap that a card carried home from a terminal that is no more was not taken in.
    CARRIED_TAP_LOST,
    /// Someone who had the hours was refused by a terminal that could know.
    REFUSED_WRONGLY,
    /// A volunteer was refused.
    EARNING_REFUSED,
    /// With everything up again, a terminal still has taps to send or an open doubt.
    NOT_DELIVERED,
    /// With everything up again, a terminal believes something else than the hub.
    CACHE_DIFFERS,
    /// Hours were given back, or a transfer reversed, more than once or by more than there were.
    GIVEN_BACK_TWICE,
    /// A pending transfer was posted or let go more than once, or for more than it held.
    DECIDED_TWICE,
    /// A closed day is not what was printed, or something in it was voided.
    CLOSED_DAY_CHANGED,
    /// More of a venue's hours were settled than it had taken.
    SETTLED_TOO_MUCH,
    /// Somebody at the console was told that it is done, and it is not.
    ORDER_LOST,
    /// Messages go round and round and nothing gets done.
    NEVER_AT_REST,
    /// A program ended with an error nobody expected.
    UNEXPECTED_FAILURE
}
