package org.hourtap.card;

import java.util.Arrays;

/// Joining and cutting of byte strings as the card's protocol writes them.
final class Bytes {
    static final byte[] NONE = {};

    private Bytes() {}

    static byte[] join(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] joined = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, joined, at, part.length);
            at += part.length;
        }
        return joined;
    }

    static byte[] of(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    /// Numbers on the wire go least significant byte first.
    static byte[] lsbFirst(long value, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (value >>> (8 * i));
        }
        return bytes;
    }

    /// Rotated left by one byte: what both sides send back to show that they could decrypt.
    static byte[] rotatedLeft(byte[] bytes) {
        byte[] rotated = new byte[bytes.length];
        System.arraycopy(bytes, 1, rotated, 0, bytes.length - 1);
        rotated[bytes.length - 1] = bytes[0];
        return rotated;
    }

    static byte[] last(byte[] bytes, int count) {
        return Arrays.copyOfRange(bytes, bytes.length - count, bytes.length);
    }

    static void zero(byte[]... secrets) {
        for (byte[] secret : secrets) {
            Arrays.fill(secret, (byte) 0);
        }
    }
}
