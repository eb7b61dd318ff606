package org.hourtap.card.testing;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.zip.CRC32;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.macs.CMac;
import org.bouncycastle.crypto.modes.CBCBlockCipher;
import org.bouncycastle.crypto.modes.CBCModeCipher;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/// The card's own arithmetic, on BouncyCastle.
final class CardCrypto {
    static final int BLOCK = 16;

    private CardCrypto() {}

    static byte[] encrypt(byte[] key, byte[] iv, byte[] blocks) {
        return cbc(true, key, iv, blocks);
    }

    static byte[] decrypt(byte[] key, byte[] iv, byte[] blocks) {
        return cbc(false, key, iv, blocks);
    }

    private static byte[] cbc(boolean encrypting, byte[] key, byte[] iv, byte[] blocks) {
        CBCModeCipher cipher = CBCBlockCipher.newInstance(AESEngine.newInstance());
        cipher.init(encrypting, new ParametersWithIV(new KeyParameter(key), iv));
        byte[] result = new byte[blocks.length];
        for (int at = 0; at < blocks.length; at += BLOCK) {
            cipher.processBlock(blocks, at, result, at);
        }
        return result;
    }

    static byte[] cmac(byte[] key, byte[] message) {
        CMac mac = new CMac(AESEngine.newInstance());
        mac.init(new KeyParameter(key));
        mac.update(message, 0, message.length);
        byte[] result = new byte[BLOCK];
        mac.doFinal(result, 0);
        return result;
    }

    /// A CMAC that goes on from `iv`: the vector is the same as one more thing added to the first
    /// block, and where that block is also the last, the addition commutes with the subkey.
    static byte[] cmacFrom(byte[] key, byte[] iv, byte[] message) {
        if (message.length >= BLOCK) {
            byte[] mixed = message.clone();
            for (int i = 0; i < BLOCK; i++) {
                mixed[i] ^= iv[i];
            }
            return cmac(key, mixed);
        }
        byte[] block = new byte[BLOCK];
        System.arraycopy(message, 0, block, 0, message.length);
        block[message.length] = (byte) 0x80;
        byte[] subkey = twice(twice(encrypt(key, new byte[BLOCK], new byte[BLOCK])));
        for (int i = 0; i < BLOCK; i++) {
            block[i] ^= subkey[i];
        }
        return encrypt(key, iv, block);
    }

    private static byte[] twice(byte[] block) {
        BigInteger shifted = new BigInteger(1, block).shiftLeft(1);
        if (shifted.testBit(128)) {
            shifted = shifted.clearBit(128).xor(BigInteger.valueOf(0x87));
        }
        byte[] result = new byte[BLOCK];
        byte[] digits = shifted.toByteArray();
        int count = Math.min(BLOCK, digits.length);
        System.arraycopy(digits, digits.length - count, result, BLOCK - count, count);
        return result;
    }

    /// CRC-32 as DESFire has it: the usual one with its last inversion taken back.
    static byte[] crc(byte[] message) {
        CRC32 crc = new CRC32();
        crc.update(message);
        long value = ~crc.getValue();
        return bytes((int) value, (int) (value >> 8), (int) (value >> 16), (int) (value >> 24));
    }

    /// AN10922 for the input that Hourtap's cards use: `UID | application | key number | HOURTAP`,
    /// 18 bytes, long enough for a plain CMAC.
    static byte[] diversified(byte[] master, byte[] uid, byte[] application, int keyNumber) {
        byte[] system = {0x48, 0x4F, 0x55, 0x52, 0x54, 0x41, 0x50};
        return cmac(master, join(bytes(0x01), uid, application, bytes(keyNumber), system));
    }

    /// The eight bytes of a CMAC that EV2 sends, and a transaction MAC has.
    static byte[] oddBytes(byte[] whole) {
        byte[] half = new byte[8];
        for (int i = 1; i < 16; i += 2) {
            half[i / 2] = whole[i];
        }
        return half;
    }

    /// The MAC of a transaction: a key made for its counter, over what was done in it.
    static byte[] transactionMac(byte[] key, byte[] counter, byte[] uid, byte[] input) {
        byte[] label = bytes(0x5A, 0x00, 0x01, 0x00, 0x80);
        return oddBytes(cmac(cmac(key, join(label, counter, uid)), input));
    }

    /// Numbers on the wire go low byte first.
    static byte[] lowFirst(long value, int length) {
        byte[] result = new byte[length];
        for (int i = 0; i < length; i++) {
            result[i] = (byte) (value >> (8 * i));
        }
        return result;
    }

    static int number(byte[] from, int at, int length) {
        int value = 0;
        for (int i = length - 1; i >= 0; i--) {
            value = (value << 8) | (from[at + i] & 0xFF);
        }
        return value;
    }

    static byte[] rotated(byte[] block) {
        byte[] result = new byte[block.length];
        for (int i = 0; i < block.length; i++) {
            result[i] = block[(i + 1) % block.length];
        }
        return result;
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    static byte[] bytes(int... values) {
        byte[] result = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = (byte) values[i];
        }
        return result;
    }
}
