package org.hourtap.card;

import java.util.Arrays;
import javax.crypto.SecretKey;

/// Sixteen bytes of AES key that are zeroed on close. Master keys, card keys and session keys are
/// all this; none of them can be read back from outside the package or printed.
///
/// What this cannot reach: the round keys inside the JDK's ciphers, which live until collected.
public final class AesKey implements AutoCloseable {
    public static final int LENGTH = 16;

    private final byte[] bytes;
    private boolean closed;

    private AesKey(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException(
                    "an AES key has " + LENGTH + " bytes, not " + bytes.length);
        }
        this.bytes = bytes;
    }

    /// A key of its own: the caller's array is copied and stays the caller's to zero.
    public static AesKey of(byte[] bytes) {
        return new AesKey(bytes.clone());
    }

    /// Takes the array over, so that no second copy is left behind.
    static AesKey taking(byte[] bytes) {
        return new AesKey(bytes);
    }

    /// For the length of one cipher's set-up. The JDK zeroes the copy it asks this for.
    SecretKey forCipher() {
        if (closed) {
            throw new IllegalStateException("this key was closed");
        }
        return new BorrowedKey(bytes);
    }

    /// For sending a key to a card, enciphered. The caller zeroes it.
    byte[] copy() {
        if (closed) {
            throw new IllegalStateException("this key was closed");
        }
        return bytes.clone();
    }

    /// For tests and assertions only.
    boolean isZeroed() {
        return closed && Arrays.equals(bytes, new byte[LENGTH]);
    }

    @Override
    public void close() {
        closed = true;
        Bytes.zero(bytes);
    }

    @Override
    public String toString() {
        return closed ? "AesKey[closed]" : "AesKey[secret]";
    }

    /// A `SecretKeySpec` would keep a copy of its own that nobody can zero.
    private static final class BorrowedKey implements SecretKey {
        private static final long serialVersionUID = 1;

        private final transient byte[] bytes;

        BorrowedKey(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public String getAlgorithm() {
            return "AES";
        }

        @Override
        public String getFormat() {
            return "RAW";
        }

        @Override
        public byte[] getEncoded() {
            return bytes.clone();
        }
    }
}
