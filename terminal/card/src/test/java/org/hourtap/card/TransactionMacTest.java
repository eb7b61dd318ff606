package org.hourtap.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.macs.CMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;

/// NXP publishes no transaction MAC with its key. What there is: another project's fixture, and a
/// second computation with foreign cryptography.
class TransactionMacTest {
    private static final String KEY = "00112233445566778899AABBCCDDEEFF";
    private static final Uid UID = new Uid("04782E21801D80");

    @Test
    void meetsAnotherProjectsFixture() {
        try (AesKey key = Hex.key(KEY);
                AesKey session = TransactionMac.sessionKey(key, 1, UID)) {
            assertThat(Hex.of(session.forCipher().getEncoded()))
                    .isEqualTo("2DB206D20F493AC4524EADE977E976B4");
            // 33 bytes as published: one more than a card would make of that command, but a MAC.
            byte[] written =
                    Hex.bytes("3D02000000030000" + "00".repeat(9) + "102030" + "00".repeat(13));
            assertThat(Hex.of(Cmac.truncated(session, written))).isEqualTo("1E285E485BA62DE1");
        }
    }

    @Test
    void isTheMacOverOneWholeRecordWithTheCounterItWasCommittedWith() {
        long counter = 0x01020304;
        byte[] session = foreignCmac(Hex.bytes(KEY), "5A00010080" + "04030201" + "04782E21801D80");
        byte[] whole =
                foreignCmac(
                        session,
                        "8B01000000200000" + "00".repeat(8) + Hex.of(Door.record(counter).bytes()));
        StringBuilder everySecond = new StringBuilder();
        for (int i = 1; i < 16; i += 2) {
            everySecond.append(String.format("%02x", whole[i]));
        }
        try (AesKey key = Hex.key(KEY)) {
            assertThat(TransactionMac.of(key, UID, Door.record(counter)))
                    .isEqualTo(everySecond.toString())
                    .matches("[0-9a-f]{16}");
        }
    }

    @Test
    void anotherCounterAnotherCardAndAnotherKeyMakeAnotherMac() {
        try (AesKey key = Hex.key(KEY);
                AesKey other = Hex.key(KEY.replace('F', 'E'))) {
            String mac = TransactionMac.of(key, UID, Door.record(8));
            assertThat(TransactionMac.of(key, UID, Door.record(8))).isEqualTo(mac);
            assertThat(TransactionMac.of(key, UID, Door.record(9))).isNotEqualTo(mac);
            assertThat(TransactionMac.of(key, new Uid("04782E21801D81"), Door.record(8)))
                    .isNotEqualTo(mac);
            assertThat(TransactionMac.of(other, UID, Door.record(8))).isNotEqualTo(mac);
        }
    }

    @Test
    void theKeyStaysTheCallersAndAUidOfAnotherLengthHasNone() {
        AesKey key = Hex.key(KEY);
        TransactionMac.of(key, UID, Door.record(1));
        assertThat(key.isZeroed()).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TransactionMac.of(key, new Uid("3C9A11E0"), Door.record(1)))
                .withMessageContaining("7 bytes");
        key.close();
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> TransactionMac.of(key, UID, Door.record(1)));
    }

    private static byte[] foreignCmac(byte[] key, String message) {
        CMac mac = new CMac(AESEngine.newInstance());
        mac.init(new KeyParameter(key));
        byte[] bytes = Hex.bytes(message);
        mac.update(bytes, 0, bytes.length);
        byte[] result = new byte[16];
        mac.doFinal(result, 0);
        return result;
    }
}
