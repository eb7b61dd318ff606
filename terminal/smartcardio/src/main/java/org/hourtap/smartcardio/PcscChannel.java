package org.hourtap.smartcardio;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import javax.smartcardio.Card;
import javax.smartcardio.CardChannel;
import javax.smartcardio.CardException;
import javax.smartcardio.CommandAPDU;
import javax.smartcardio.ResponseAPDU;

/// The basic logical channel, number 0, the only one there is.
final class PcscChannel extends CardChannel {
    private static final int MANAGE_CHANNEL = 0x70;

    /// The status word, the least a card answers.
    private static final int MIN_ANSWER = 2;

    /// 256 bytes and the status word: no short answer is longer.
    private static final int MIN_BUFFER = 258;

    private final PcscCard card;

    PcscChannel(PcscCard card) {
        this.card = card;
    }

    @Override
    public Card getCard() {
        return card;
    }

    @Override
    public int getChannelNumber() {
        card.requireConnected();
        return 0;
    }

    @Override
    public ResponseAPDU transmit(CommandAPDU command) throws CardException {
        return new ResponseAPDU(transmit(command.getBytes()));
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // one object for both is what is forbidden
    public int transmit(ByteBuffer command, ByteBuffer response) throws CardException {
        if (response.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
        if (command == response) {
            throw new IllegalArgumentException("command and response must be two buffers");
        }
        if (response.remaining() < MIN_BUFFER) {
            throw new IllegalArgumentException(
                    "the response buffer needs room for "
                            + MIN_BUFFER
                            + " bytes, has "
                            + response.remaining());
        }
        var bytes = new byte[command.remaining()];
        command.get(bytes);
        // Parsed for its refusal of what is no APDU.
        var answer = transmit(new CommandAPDU(bytes).getBytes());
        if (answer.length > response.remaining()) {
            throw new IllegalArgumentException(
                    "the card answered " + answer.length + " bytes, too long for the buffer");
        }
        response.put(answer);
        return answer.length;
    }

    @Override
    public void close() {
        throw new IllegalStateException("the basic channel cannot be closed; disconnect the card");
    }

    private byte[] transmit(byte[] command) throws CardException {
        var cla = command[0] & 0xFF;
        var interindustry = cla < 0x80 && (cla & 0xE0) != 0x20;
        if (cla < 0x80 && command[1] == MANAGE_CHANNEL) {
            throw new IllegalArgumentException("MANAGE CHANNEL: there is only the basic channel");
        }
        if (interindustry) {
            // ISO 7816-4, 5.4.1: these bits are the channel number
            command[0] = (byte) (cla & 0xBC);
        }
        return card.exchange(connection -> {
            T0Exchange.Wire wire = bytes -> answered(connection, bytes);
            return card.protocol() == ConnectMode.T0
                    ? T0Exchange.run(wire, command)
                    : wire.transmit(command);
        });
    }

    /// A card pulled while it thinks may leave an answer of no bytes behind, with a success code.
    private static byte[] answered(CardConnection connection, byte[] command) throws CardException {
        var answer = connection.transmit(command);
        if (answer.length < MIN_ANSWER) {
            throw new CardException(
                    "the card broke off: " + answer.length + " bytes instead of an answer");
        }
        return answer;
    }
}
