package org.hourtap.simulator.demo;

import java.util.HexFormat;
import org.hourtap.card.testing.VirtualDesfire;
import org.hourtap.smartcardio.testing.CardAnswer;

/// Someone with a card in their hand.
///
/// @param member the hub's id of the member
/// @param proof what the card is registered to prove at least
public record Person(String member, String firstName, String proof, VirtualDesfire card) {
    /// @return the card's number as the hub knows it
    public String cardId() {
        return HexFormat.of().withUpperCase().formatHex(card.uid());
    }

    /// @return the card as a virtual reader wants it
    public CardAnswer inHand() {
        return new CardAnswer() {
            @Override
            public byte[] answer(byte[] apdu) {
                return card.answer(apdu);
            }

            @Override
            public void reset() {
                card.reset();
            }
        };
    }
}
