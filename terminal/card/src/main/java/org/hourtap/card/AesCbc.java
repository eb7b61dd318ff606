package org.hourtap.card;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;

/// AES in CBC over whole blocks: the card's protocol does its own padding.
final class AesCbc {
    static final int BLOCK = 16;

    private AesCbc() {}

    static byte[] zeroIv() {
        return new byte[BLOCK];
    }

    static byte[] encrypt(AesKey key, byte[] iv, byte[] blocks) {
        return run(Cipher.ENCRYPT_MODE, key, iv, blocks);
    }

    static byte[] decrypt(AesKey key, byte[] iv, byte[] blocks) {
        return run(Cipher.DECRYPT_MODE, key, iv, blocks);
    }

    private static byte[] run(int mode, AesKey key, byte[] iv, byte[] blocks) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
            cipher.init(mode, key.forCipher(), new IvParameterSpec(iv));
            return cipher.doFinal(blocks);
        } catch (GeneralSecurityException e) {
            // Every JDK has this cipher, and callers hand over whole blocks.
            throw new IllegalStateException("AES/CBC/NoPadding failed", e);
        }
    }
}
