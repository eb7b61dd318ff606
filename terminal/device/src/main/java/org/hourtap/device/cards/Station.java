package org.hourtap.device.cards;

import org.hourtap.card.CardChannel;
import org.hourtap.card.CardLostException;
import org.hourtap.card.CardPersonaliser;
import org.hourtap.card.CardRefusedException;
import org.hourtap.card.KeyRing;
import org.hourtap.card.PersonalisedCard;
import org.hourtap.card.RandomBytes;
import org.hourtap.contract.CardId;

/// Makes blank cards ours, and finishes those that were taken away half-way.
final class Station implements CardMaker {
    private static final System.Logger LOG = System.getLogger(Station.class.getName());

    private final CardPersonaliser personaliser;

    /// @throws IllegalArgumentException if the ring lacks a key that a card has
    Station(KeyRing keys, RandomBytes random) {
        personaliser = new CardPersonaliser(keys, random);
    }

    /// A card that will not be made may be one that is made. It can prove that; if it cannot, the
    /// first refusal says why it was not taken.
    @Override
    public Made make(CardChannel card) throws CardLostException, CardRefusedException {
        try {
            return made(
                    personaliser.personalise(
                            card, step -> LOG.log(System.Logger.Level.DEBUG, "{0}", step)),
                    true);
        } catch (CardRefusedException refused) {
            try {
                return made(personaliser.verify(card), false);
            } catch (CardRefusedException unproved) {
                refused.addSuppressed(unproved);
                throw refused;
            }
        }
    }

    private static Made made(PersonalisedCard card, boolean isNew) {
        return new Made(new CardId(card.uid().hex()), isNew);
    }
}
