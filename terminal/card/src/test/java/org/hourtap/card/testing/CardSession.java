package org.hourtap.card.testing;

import static org.hourtap.card.testing.CardCrypto.bytes;
import static org.hourtap.card.testing.CardCrypto.cmac;
import static org.hourtap.card.testing.CardCrypto.cmacFrom;
import static org.hourtap.card.testing.CardCrypto.crc;
import static org.hourtap.card.testing.CardCrypto.encrypt;
import static org.hourtap.card.testing.CardCrypto.join;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The card's side of a session after authentication. Each takes the wire bytes of one command
/// whose answer is enciphered, and gives the wire bytes of the answer, or null if the command is
/// not properly protected.
sealed interface CardSession {
    byte @Nullable [] enciphered(int instruction, byte[] wire, byte[] answer);

    final class Ev1 implements CardSession {
        private final byte[] key;
        private byte[] iv = new byte[16];

        Ev1(byte[] a, byte[] b) {
            key =
                    join(
                            Arrays.copyOf(a, 4),
                            Arrays.copyOf(b, 4),
                            Arrays.copyOfRange(a, 12, 16),
                            Arrays.copyOfRange(b, 12, 16));
        }

        @Override
        public byte @Nullable [] enciphered(int instruction, byte[] wire, byte[] answer) {
            if (wire.length != 0) {
                return null;
            }
            iv = cmacFrom(key, iv, bytes(instruction));
            byte[] clear = join(answer, crc(join(answer, bytes(0))));
            byte[] blocks = Arrays.copyOf(clear, (clear.length + 15) / 16 * 16);
            byte[] sealed = encrypt(key, iv, blocks);
            iv = Arrays.copyOfRange(sealed, sealed.length - 16, sealed.length);
            return sealed;
        }
    }

    final class Ev2 implements CardSession {
        private final byte[] encryption;
        private final byte[] mac;
        private final byte[] transaction;
        private int counter;

        Ev2(byte[] key, byte[] a, byte[] b, byte[] transaction) {
            byte[] context = join(a, b);
            byte[] vector = bytes(0, 0, 0, 1, 0, 0x80);
            byte[] mixed = new byte[6];
            for (int i = 0; i < 6; i++) {
                mixed[i] = (byte) (context[2 + i] ^ context[16 + i]);
            }
            byte[] sv =
                    join(
                            vector,
                            Arrays.copyOf(a, 2),
                            mixed,
                            Arrays.copyOfRange(b, 6, 16),
                            Arrays.copyOfRange(a, 8, 16));
            sv[0] = (byte) 0xA5;
            sv[1] = 0x5A;
            encryption = cmac(key, sv);
            sv[0] = 0x5A;
            sv[1] = (byte) 0xA5;
            mac = cmac(key, sv);
            this.transaction = transaction.clone();
        }

        @Override
        public byte @Nullable [] enciphered(int instruction, byte[] wire, byte[] answer) {
            if (!Arrays.equals(wire, shortMac(instruction, new byte[0]))) {
                return null;
            }
            counter++;
            byte[] padded = Arrays.copyOf(answer, (answer.length / 16 + 1) * 16);
            padded[answer.length] = (byte) 0x80;
            byte[] seed =
                    join(bytes(0x5A, 0xA5), transaction, bytes(counter, counter >> 8), new byte[8]);
            byte[] iv = encrypt(encryption, new byte[16], seed);
            byte[] sealed = encrypt(encryption, iv, padded);
            return join(sealed, shortMac(0, sealed));
        }

        private byte[] shortMac(int first, byte[] content) {
            byte[] whole =
                    cmac(mac, join(bytes(first, counter, counter >> 8), transaction, content));
            byte[] half = new byte[8];
            for (int i = 1; i < 16; i += 2) {
                half[i / 2] = whole[i];
            }
            return half;
        }
    }
}
