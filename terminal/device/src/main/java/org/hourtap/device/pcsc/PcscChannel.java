package org.hourtap.device.pcsc;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import javax.smartcardio.Card;
import javax.smartcardio.CardException;
import org.hourtap.card.CardChannel;
import org.hourtap.card.CardLostException;

/// One card in the field, as bytes in and bytes out.
final class PcscChannel implements CardChannel {
    /// The longest short answer: 256 bytes and a status.
    private static final int ANSWER_MAX = 258;

    private final Card card;

    PcscChannel(Card card) {
        this.card = card;
    }

    /// A pulled card shows itself in many ways, some of them unchecked (an answer of no bytes is an
    /// IllegalArgumentException). For the member they are all the same.
    @Override
    public byte[] transceive(byte[] command) throws CardLostException {
        try {
            ByteBuffer answer = ByteBuffer.allocate(ANSWER_MAX);
            int length = card.getBasicChannel().transmit(ByteBuffer.wrap(command), answer);
            if (length < 2) {
                throw new CardLostException("the card gave no answer");
            }
            byte[] bytes = new byte[length];
            answer.get(0, bytes);
            return bytes;
        } catch (CardException | RuntimeException e) {
            throw new CardLostException("the card left the field", e);
        }
    }

    /// Lets somebody speak to the reader over this card's connection, when the card has had its
    /// say.
    void afterAnswer(Consumer<Card> speaker) {
        speaker.accept(card);
    }

    /// Lets go without a reset. The session ends with the field's power, and nobody is talked to
    /// before the card has left; whereas pcscd gives a slot up when it is told to reset a card that
    /// is leaving at that moment, as most do.
    void disconnect() {
        try {
            card.disconnect(false);
        } catch (CardException | RuntimeException e) {
            System.getLogger(PcscChannel.class.getName())
                    .log(System.Logger.Level.DEBUG, "disconnect after the card had gone", e);
        }
    }
}
