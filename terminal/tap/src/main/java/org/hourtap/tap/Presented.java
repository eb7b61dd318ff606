package org.hourtap.tap;

import org.hourtap.contract.CardId;
import org.hourtap.contract.TapEvent;

/// What came of asking a card who it is.
public sealed interface Presented {
    /// The card proved itself as far as its kind can.
    record Identified(CardId card, TapEvent.Proof proof) implements Presented {}

    /// The card claims to be ours and could not prove it: a clone, or keys of another scheme.
    record NotGenuine(CardId card) implements Presented {}

    /// The card left the field too soon; nobody knows which it was.
    record Torn() implements Presented {}
}
