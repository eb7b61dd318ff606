package org.hourtap.card;

import java.util.Arrays;

/// AES-CMAC (NIST SP 800-38B, RFC 4493), which the JDK lacks, and the two variants the card needs:
/// one that goes on from an earlier CMAC (EV1), one with a least length (AN10922).
public final class Cmac {
    private static final int BLOCK = AesCbc.BLOCK;

    static final int TRUNCATED = 8;

    /// x^128 + x^7 + x^2 + x + 1, the polynomial of both standards.
    private static final int REDUCTION = 0x87;

    private Cmac() {}

    public static byte[] of(AesKey key, byte[] message) {
        return chained(key, AesCbc.zeroIv(), message);
    }

    /// Every second byte of the CMAC: the eight that EV2 sends and that make a transaction MAC.
    static byte[] truncated(AesKey key, byte[] message) {
        byte[] whole = of(key, message);
        byte[] sent = new byte[TRUNCATED];
        for (int i = 0; i < TRUNCATED; i++) {
            sent[i] = whole[2 * i + 1];
        }
        return sent;
    }

    /// The CMAC of an EV1 session: each one starts from the result of the one before.
    static byte[] chained(AesKey key, byte[] iv, byte[] message) {
        return atLeast(BLOCK, key, iv, message);
    }

    /// As if the message had to fill `length` bytes: a shorter one is padded up to there.
    static byte[] atLeast(int length, AesKey key, byte[] iv, byte[] message) {
        int wholeBlocks = (message.length + BLOCK - 1) / BLOCK * BLOCK;
        int padded = Math.max(length, wholeBlocks);
        byte[] blocks = Arrays.copyOf(message, padded);
        byte[] once = doubled(AesCbc.encrypt(key, AesCbc.zeroIv(), new byte[BLOCK]));
        byte[] subkey = once;
        if (message.length < padded) {
            blocks[message.length] = (byte) 0x80;
            subkey = doubled(once);
        }
        for (int i = 0; i < BLOCK; i++) {
            blocks[padded - BLOCK + i] ^= subkey[i];
        }
        byte[] mac = Bytes.last(AesCbc.encrypt(key, iv, blocks), BLOCK);
        Bytes.zero(once, subkey, blocks);
        return mac;
    }

    private static byte[] doubled(byte[] block) {
        byte[] result = new byte[BLOCK];
        int carry = 0;
        for (int i = BLOCK - 1; i >= 0; i--) {
            int shifted = ((block[i] & 0xFF) << 1) | carry;
            result[i] = (byte) shifted;
            carry = shifted >>> 8;
        }
        // No branch on a secret bit.
        result[BLOCK - 1] ^= (byte) (REDUCTION * carry);
        return result;
    }
}
