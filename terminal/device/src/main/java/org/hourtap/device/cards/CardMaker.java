package org.hourtap.device.cards;

import org.hourtap.card.CardChannel;
import org.hourtap.card.CardLostException;
import org.hourtap.card.CardRefusedException;
import org.hourtap.contract.CardId;

/// What is done with a card that is laid on the reader.
@FunctionalInterface
interface CardMaker {
    /// Makes a blank card one of ours and has it prove itself; has a card of ours prove itself.
    Made make(CardChannel card) throws CardLostException, CardRefusedException;

    /// A card that has proved itself.
    ///
    /// @param isNew whether it was blank before
    record Made(CardId card, boolean isNew) {}
}
