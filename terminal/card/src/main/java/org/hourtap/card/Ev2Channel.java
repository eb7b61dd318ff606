package org.hourtap.card;

import java.security.MessageDigest;
import java.util.Arrays;

/// EV2 secure messaging: every command and answer is bound to the transaction identifier and to a
/// counter, so nothing can be replayed, dropped or moved between sessions.
final class Ev2Channel implements SecureChannel {
    static final int TRANSACTION_ID_LENGTH = 4;

    /// The counter has two bytes. No tap comes near; a card that got there must be asked anew.
    private static final int MAX_COMMANDS = 0xFFFF;

    private static final int BLOCK = AesCbc.BLOCK;
    private static final int MAC_LENGTH = Cmac.TRUNCATED;

    private final CardChannel card;
    private final SessionKeys keys;
    private final byte[] transactionId;
    private int counter;
    private boolean closed;

    /// Takes the keys over. `counter` is 0 after a first authentication.
    Ev2Channel(CardChannel card, SessionKeys keys, byte[] transactionId, int counter) {
        this.card = card;
        this.keys = keys;
        this.transactionId = transactionId.clone();
        this.counter = counter;
    }

    @Override
    public CardClass cardClass() {
        return CardClass.DESFIRE_EV2;
    }

    @Override
    public byte[] exchange(
            CommMode mode, int instruction, byte[] header, byte[] data, int answerLength)
            throws CardLostException, CardRefusedException {
        requireOpen();
        boolean complete = false;
        try {
            CommandApdu command = protect(mode, instruction, header, data);
            counter++;
            byte[] answer = unprotect(mode, command.sendTo(card), answerLength);
            complete = true;
            return answer;
        } finally {
            if (!complete) {
                close();
            }
        }
    }

    @Override
    public void exchangeLast(CommMode mode, int instruction, byte[] header, byte[] data)
            throws CardLostException, CardRefusedException {
        requireOpen();
        try {
            protect(mode, instruction, header, data)
                    .sendTo(card)
                    .dataOf(CardStep.SESSION, StatusWord.DONE, 0);
        } finally {
            close();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this session is over");
        }
    }

    private CommandApdu protect(CommMode mode, int instruction, byte[] header, byte[] data)
            throws CardRefusedException {
        if (counter >= MAX_COMMANDS) {
            throw new CardRefusedException(CardStep.SESSION, "the session has used its counter up");
        }
        byte[] body = mode == CommMode.FULL && data.length > 0 ? enciphered(data) : data;
        byte[] mac =
                switch (mode) {
                    case PLAIN -> Bytes.NONE;
                    case MAC, FULL -> mac(instruction, Bytes.join(header, body));
                };
        return CommandApdu.wrapped(instruction, header, body, mac);
    }

    private byte[] unprotect(CommMode mode, ResponseApdu response, int answerLength)
            throws CardRefusedException {
        int expected =
                switch (mode) {
                    case PLAIN -> answerLength;
                    case MAC -> answerLength + MAC_LENGTH;
                    case FULL -> paddedLength(answerLength) + MAC_LENGTH;
                };
        byte[] protectedAnswer = response.dataOf(CardStep.SESSION, StatusWord.DONE, expected);
        if (mode == CommMode.PLAIN) {
            return protectedAnswer;
        }
        byte[] body = Arrays.copyOf(protectedAnswer, expected - MAC_LENGTH);
        if (!MessageDigest.isEqual(mac(0x00, body), Bytes.last(protectedAnswer, MAC_LENGTH))) {
            throw new CardRefusedException(CardStep.SESSION, "the answer's MAC is wrong");
        }
        return mode == CommMode.FULL && answerLength > 0 ? deciphered(body, answerLength) : body;
    }

    /// Padding is always added, a whole block if need be; no data at all stays nothing.
    private static int paddedLength(int length) {
        return length == 0 ? 0 : (length / BLOCK + 1) * BLOCK;
    }

    private byte[] enciphered(byte[] data) {
        byte[] padded = Arrays.copyOf(data, paddedLength(data.length));
        padded[data.length] = (byte) 0x80;
        byte[] body = AesCbc.encrypt(keys.encryption(), iv(0xA5, 0x5A), padded);
        // It may have been a key.
        Bytes.zero(padded);
        return body;
    }

    private byte[] deciphered(byte[] body, int length) throws CardRefusedException {
        byte[] padded = AesCbc.decrypt(keys.encryption(), iv(0x5A, 0xA5), body);
        byte[] answer = Arrays.copyOf(padded, length);
        byte[] expected = Arrays.copyOf(answer, padded.length);
        expected[length] = (byte) 0x80;
        if (!MessageDigest.isEqual(expected, padded)) {
            throw new CardRefusedException(CardStep.SESSION, "the answer's padding is wrong");
        }
        return answer;
    }

    /// A fresh initial vector for each direction of each command.
    private byte[] iv(int first, int second) {
        byte[] plain =
                Bytes.join(
                        Bytes.of(first, second),
                        transactionId,
                        Bytes.lsbFirst(counter, 2),
                        new byte[8]);
        return AesCbc.encrypt(keys.encryption(), AesCbc.zeroIv(), plain);
    }

    /// The MAC over instruction or status, counter, transaction and content.
    private byte[] mac(int first, byte[] content) {
        return Cmac.truncated(
                keys.mac(),
                Bytes.join(Bytes.of(first), Bytes.lsbFirst(counter, 2), transactionId, content));
    }

    byte[] transactionId() {
        return transactionId.clone();
    }

    SessionKeys keys() {
        return keys;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        keys.close();
        Bytes.zero(transactionId);
    }
}
