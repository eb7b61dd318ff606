package org.hourtap.card;

import java.security.MessageDigest;
import java.util.Arrays;

/// EV1 secure messaging: one key, and an initial vector that goes on from command to answer to
/// command, so that a lost or foreign exchange breaks everything after it.
final class Ev1Channel implements SecureChannel {
    private static final int BLOCK = AesCbc.BLOCK;
    private static final int MAC_LENGTH = 8;
    private static final int CRC_LENGTH = 4;

    private final CardChannel card;
    private final AesKey key;
    private final byte[] iv = AesCbc.zeroIv();
    private boolean closed;

    /// Takes the key over.
    Ev1Channel(CardChannel card, AesKey key) {
        this.card = card;
        this.key = key;
    }

    /// ```
    /// session key = A0..3 | B0..3 | A12..15 | B12..15
    /// ```
    static AesKey sessionKey(byte[] randomA, byte[] randomB) {
        return AesKey.taking(
                Bytes.join(
                        Arrays.copyOf(randomA, 4),
                        Arrays.copyOf(randomB, 4),
                        Arrays.copyOfRange(randomA, 12, 16),
                        Arrays.copyOfRange(randomB, 12, 16)));
    }

    @Override
    public CardClass cardClass() {
        return CardClass.DESFIRE_EV1;
    }

    @Override
    public byte[] exchange(
            CommMode mode, int instruction, byte[] header, byte[] data, int answerLength)
            throws CardLostException, CardRefusedException {
        requireOpen();
        boolean complete = false;
        try {
            CommandApdu command = protect(mode, instruction, header, data);
            ResponseApdu response = command.sendTo(card);
            byte[] answer =
                    mode == CommMode.FULL && answerLength > 0
                            ? deciphered(response, answerLength)
                            : verified(response, answerLength);
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

    private CommandApdu protect(CommMode mode, int instruction, byte[] header, byte[] data) {
        byte[] clear = Bytes.join(Bytes.of(instruction), header, data);
        if (mode == CommMode.FULL && data.length > 0) {
            byte[] withCrc = Bytes.join(data, Bytes.lsbFirst(Crc32.of(clear), CRC_LENGTH));
            byte[] blocks = Arrays.copyOf(withCrc, wholeBlocks(withCrc.length));
            byte[] body = AesCbc.encrypt(key, iv, blocks);
            goOnFrom(Bytes.last(body, BLOCK));
            // It may have been a key.
            Bytes.zero(clear, withCrc, blocks);
            return CommandApdu.wrapped(instruction, header, body);
        }
        // Also where no MAC is sent, both sides compute one: it is the next initial vector.
        goOnFrom(Cmac.chained(key, iv, clear));
        byte[] mac = mode == CommMode.MAC ? Arrays.copyOf(iv, MAC_LENGTH) : Bytes.NONE;
        return CommandApdu.wrapped(instruction, header, data, mac);
    }

    private byte[] verified(ResponseApdu response, int answerLength) throws CardRefusedException {
        int expected = answerLength + MAC_LENGTH;
        byte[] answer = response.dataOf(CardStep.SESSION, StatusWord.DONE, expected);
        byte[] clear = Arrays.copyOf(answer, answerLength);
        goOnFrom(Cmac.chained(key, iv, Bytes.join(clear, Bytes.of(0x00))));
        if (!MessageDigest.isEqual(Arrays.copyOf(iv, MAC_LENGTH), Bytes.last(answer, MAC_LENGTH))) {
            throw new CardRefusedException(CardStep.SESSION, "the answer's MAC is wrong");
        }
        return clear;
    }

    private byte[] deciphered(ResponseApdu response, int answerLength) throws CardRefusedException {
        int expected = wholeBlocks(answerLength + CRC_LENGTH);
        byte[] body = response.dataOf(CardStep.SESSION, StatusWord.DONE, expected);
        byte[] padded = AesCbc.decrypt(key, iv, body);
        goOnFrom(Bytes.last(body, BLOCK));
        byte[] clear = Arrays.copyOf(padded, answerLength);
        long crc = Crc32.of(Bytes.join(clear, Bytes.of(0x00)));
        byte[] whole = Bytes.join(clear, Bytes.lsbFirst(crc, CRC_LENGTH));
        if (!MessageDigest.isEqual(Arrays.copyOf(whole, padded.length), padded)) {
            throw new CardRefusedException(CardStep.SESSION, "the answer's checksum is wrong");
        }
        return clear;
    }

    private static int wholeBlocks(int length) {
        return (length + BLOCK - 1) / BLOCK * BLOCK;
    }

    private void goOnFrom(byte[] block) {
        System.arraycopy(block, 0, iv, 0, BLOCK);
    }

    AesKey key() {
        return key;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        key.close();
        Bytes.zero(iv);
    }
}
