package org.hourtap.tap;

import org.hourtap.card.CardJournal;
import org.hourtap.contract.CardId;
import org.hourtap.contract.TapEvent;
import org.jspecify.annotations.Nullable;

/// What came of asking a card who it is.
public sealed interface Presented {
    /// The card proved itself as far as its kind can.
    ///
    /// @param journal the taps the card carries, open until the tap is answered; absent for a card
    ///   that is an identity and no more
    record Identified(CardId card, TapEvent.Proof proof, @Nullable CardJournal journal)
            implements Presented {
        /// A card that carries nothing.
        public Identified(CardId card, TapEvent.Proof proof) {
            this(card, proof, null);
        }
    }

    /// The card claims to be ours and could not prove it: a clone, or keys of another scheme.
    record NotGenuine(CardId card) implements Presented {}

    /// The card left the field too soon; nobody knows which it was.
    record Torn() implements Presented {}
}
