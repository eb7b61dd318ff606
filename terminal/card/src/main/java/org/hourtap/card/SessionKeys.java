package org.hourtap.card;

import java.util.Arrays;

/// The two keys of an EV2 session, derived from the card key and both challenges.
final class SessionKeys implements AutoCloseable {
    private final AesKey encryption;
    private final AesKey mac;

    SessionKeys(AesKey encryption, AesKey mac) {
        this.encryption = encryption;
        this.mac = mac;
    }

    /// ```
    /// SV1 = A55A 0001 0080 | A0..1 | A2..7 xor B0..5 | B6..15 | A8..15      SV2 = 5AA5 ...
    /// ```
    static SessionKeys ev2(AesKey key, byte[] randomA, byte[] randomB) {
        byte[] tail =
                Bytes.join(
                        Bytes.of(0x00, 0x01, 0x00, 0x80),
                        Arrays.copyOf(randomA, 8),
                        Arrays.copyOfRange(randomB, 6, 16),
                        Arrays.copyOfRange(randomA, 8, 16));
        int mixed = 4 + 2;
        for (int i = 0; i < 6; i++) {
            tail[mixed + i] ^= randomB[i];
        }
        byte[] forEncryption = Bytes.join(Bytes.of(0xA5, 0x5A), tail);
        byte[] forMac = Bytes.join(Bytes.of(0x5A, 0xA5), tail);
        SessionKeys keys =
                new SessionKeys(
                        AesKey.taking(Cmac.of(key, forEncryption)),
                        AesKey.taking(Cmac.of(key, forMac)));
        Bytes.zero(tail, forEncryption, forMac);
        return keys;
    }

    AesKey encryption() {
        return encryption;
    }

    AesKey mac() {
        return mac;
    }

    boolean isZeroed() {
        return encryption.isZeroed() && mac.isZeroed();
    }

    @Override
    public void close() {
        encryption.close();
        mac.close();
    }
}
