package org.hourtap.card.testing;

import static org.hourtap.card.testing.CardCrypto.bytes;
import static org.hourtap.card.testing.CardCrypto.cmacFrom;
import static org.hourtap.card.testing.CardCrypto.crc;
import static org.hourtap.card.testing.CardCrypto.decrypt;
import static org.hourtap.card.testing.CardCrypto.encrypt;
import static org.hourtap.card.testing.CardCrypto.join;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One key, and a vector that goes on from command to answer to command.
final class Ev1Session implements CardSession {
    private static final int MAC = 8;
    private static final int CRC = 4;
    private static final int KEY_AND_VERSION = 17;

    private final byte[] key;
    private byte[] iv = new byte[16];

    Ev1Session(byte[] a, byte[] b) {
        key =
                join(
                        Arrays.copyOf(a, 4),
                        Arrays.copyOf(b, 4),
                        Arrays.copyOfRange(a, 12, 16),
                        Arrays.copyOfRange(b, 12, 16));
    }

    @Override
    public int wireLength(Comm comm, int dataLength) {
        if (dataLength == 0) {
            return 0;
        }
        return switch (comm) {
            case PLAIN -> dataLength;
            case MAC -> dataLength + MAC;
            case FULL -> wholeBlocks(dataLength + CRC);
        };
    }

    @Override
    public byte @Nullable [] open(
            int instruction, Comm comm, byte[] header, byte[] wire, int dataLength) {
        if (comm == Comm.FULL && dataLength > 0) {
            byte[] clear = decipher(wire);
            byte[] data = Arrays.copyOf(clear, dataLength);
            byte[] sum = crc(join(bytes(instruction), header, data));
            return Arrays.equals(clear, filled(join(data, sum))) ? data : null;
        }
        byte[] data = Arrays.copyOf(wire, dataLength);
        // Also where no MAC is sent, both sides compute one: it is the next vector.
        iv = cmacFrom(key, iv, join(bytes(instruction), header, data));
        byte[] sent = Arrays.copyOfRange(wire, dataLength, wire.length);
        return Arrays.equals(sent, Arrays.copyOf(iv, sent.length)) ? data : null;
    }

    @Override
    public byte[] seal(Comm comm, byte[] answer) {
        if (comm == Comm.FULL && answer.length > 0) {
            byte[] clear = filled(join(answer, crc(join(answer, bytes(0)))));
            byte[] sealed = encrypt(key, iv, clear);
            iv = Arrays.copyOfRange(sealed, sealed.length - 16, sealed.length);
            return sealed;
        }
        iv = cmacFrom(key, iv, join(answer, bytes(0)));
        return join(answer, Arrays.copyOf(iv, MAC));
    }

    @Override
    public int keyWireLength(boolean own) {
        return wholeBlocks(KEY_AND_VERSION + CRC + (own ? 0 : CRC));
    }

    @Override
    public byte @Nullable [] openKey(int instruction, byte[] header, byte[] wire, boolean own) {
        byte[] clear = decipher(wire);
        byte[] material = Arrays.copyOf(clear, KEY_AND_VERSION);
        byte[] sum = crc(join(bytes(instruction), header, material));
        int end = KEY_AND_VERSION + CRC;
        byte[] newKeySum = own ? new byte[0] : Arrays.copyOfRange(clear, end, end + CRC);
        boolean intact = Arrays.equals(clear, filled(join(material, sum, newKeySum)));
        return intact ? join(material, newKeySum) : null;
    }

    private byte[] decipher(byte[] wire) {
        byte[] clear = decrypt(key, iv, wire);
        iv = Arrays.copyOfRange(wire, wire.length - 16, wire.length);
        return clear;
    }

    private static byte[] filled(byte[] message) {
        return Arrays.copyOf(message, wholeBlocks(message.length));
    }

    private static int wholeBlocks(int length) {
        return (length + 15) / 16 * 16;
    }
}
