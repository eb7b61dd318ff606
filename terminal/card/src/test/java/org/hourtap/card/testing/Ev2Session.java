package org.hourtap.card.testing;

import static org.hourtap.card.testing.CardCrypto.bytes;
import static org.hourtap.card.testing.CardCrypto.cmac;
import static org.hourtap.card.testing.CardCrypto.decrypt;
import static org.hourtap.card.testing.CardCrypto.encrypt;
import static org.hourtap.card.testing.CardCrypto.join;
import static org.hourtap.card.testing.CardCrypto.oddBytes;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Two keys, a transaction id and a counter of commands.
final class Ev2Session implements CardSession {
    private static final int MAC = 8;
    private static final int KEY_AND_VERSION = 17;
    private static final int CRC = 4;

    private final byte[] encryption;
    private final byte[] mac;
    private final byte[] transaction;
    private int counter;

    Ev2Session(byte[] key, byte[] a, byte[] b, byte[] transaction, int counter) {
        byte[] context = join(a, b);
        byte[] mixed = new byte[6];
        for (int i = 0; i < 6; i++) {
            mixed[i] = (byte) (context[2 + i] ^ context[16 + i]);
        }
        byte[] sv =
                join(
                        bytes(0xA5, 0x5A, 0, 1, 0, 0x80),
                        Arrays.copyOf(a, 2),
                        mixed,
                        Arrays.copyOfRange(b, 6, 16),
                        Arrays.copyOfRange(a, 8, 16));
        encryption = cmac(key, sv);
        sv[0] = 0x5A;
        sv[1] = (byte) 0xA5;
        mac = cmac(key, sv);
        this.transaction = transaction.clone();
        this.counter = counter;
    }

    /// After AuthenticateEV2NonFirst: new keys, the same transaction, the count goes on.
    Ev2Session continued(byte[] key, byte[] a, byte[] b) {
        return new Ev2Session(key, a, b, transaction, counter);
    }

    @Override
    public int wireLength(Comm comm, int dataLength) {
        return switch (comm) {
            case PLAIN -> dataLength;
            case MAC -> dataLength + MAC;
            case FULL -> sealedLength(dataLength) + MAC;
        };
    }

    private static int sealedLength(int dataLength) {
        return dataLength == 0 ? 0 : (dataLength / 16 + 1) * 16;
    }

    @Override
    public byte @Nullable [] open(
            int instruction, Comm comm, byte[] header, byte[] wire, int dataLength) {
        if (comm == Comm.PLAIN) {
            counter++;
            return wire.clone();
        }
        byte[] body = Arrays.copyOf(wire, wire.length - MAC);
        byte[] sent = Arrays.copyOfRange(wire, wire.length - MAC, wire.length);
        if (!Arrays.equals(sent, shortMac(instruction, join(header, body)))) {
            return null;
        }
        byte @Nullable [] data =
                comm == Comm.FULL && dataLength > 0 ? deciphered(body, dataLength) : body;
        counter++;
        return data;
    }

    private byte @Nullable [] deciphered(byte[] body, int length) {
        byte[] clear = decrypt(encryption, iv(0xA5, 0x5A), body);
        byte[] data = Arrays.copyOf(clear, length);
        return Arrays.equals(clear, padded(data)) ? data : null;
    }

    @Override
    public byte[] seal(Comm comm, byte[] answer) {
        if (comm == Comm.PLAIN) {
            return answer.clone();
        }
        boolean secret = comm == Comm.FULL && answer.length > 0;
        byte[] body = secret ? encrypt(encryption, iv(0x5A, 0xA5), padded(answer)) : answer;
        return join(body, shortMac(0, body));
    }

    private static byte[] padded(byte[] message) {
        byte[] padded = Arrays.copyOf(message, sealedLength(message.length));
        padded[message.length] = (byte) 0x80;
        return padded;
    }

    private byte[] iv(int first, int second) {
        byte[] count = bytes(counter, counter >> 8);
        byte[] seed = join(bytes(first, second), transaction, count, new byte[8]);
        return encrypt(encryption, new byte[16], seed);
    }

    private byte[] shortMac(int first, byte[] content) {
        byte[] count = bytes(counter, counter >> 8);
        return oddBytes(cmac(mac, join(bytes(first), count, transaction, content)));
    }

    @Override
    public int keyWireLength(boolean own) {
        return wireLength(Comm.FULL, keyLength(own));
    }

    @Override
    public byte @Nullable [] openKey(int instruction, byte[] header, byte[] wire, boolean own) {
        return open(instruction, Comm.FULL, header, wire, keyLength(own));
    }

    private static int keyLength(boolean own) {
        return KEY_AND_VERSION + (own ? 0 : CRC);
    }
}
