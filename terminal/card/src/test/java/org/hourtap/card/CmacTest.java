package org.hourtap.card;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.macs.CMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;

class CmacTest {
    @Test
    void meetsTheVectorsOfRfc4493() {
        for (PublishedVectors.Mac vector : PublishedVectors.MACS) {
            try (AesKey key = Hex.key(vector.key())) {
                assertThat(Hex.of(Cmac.of(key, Hex.bytes(vector.message()))))
                        .as(vector.source())
                        .isEqualTo(vector.mac());
            }
        }
    }

    @Test
    void agreesWithAnotherImplementationOnRandomMessages() {
        for (long seed = 0; seed < 2000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] keyBytes = new byte[16];
            random.nextBytes(keyBytes);
            byte[] message = new byte[random.nextInt(80)];
            random.nextBytes(message);
            CMac other = new CMac(AESEngine.newInstance());
            other.init(new KeyParameter(keyBytes));
            other.update(message, 0, message.length);
            byte[] expected = new byte[16];
            other.doFinal(expected, 0);
            try (AesKey key = AesKey.of(keyBytes)) {
                assertThat(Cmac.of(key, message)).as("seed %d", seed).isEqualTo(expected);
            }
        }
    }

    @Test
    void leavesKeyAndMessageAsTheyWere() {
        byte[] message = Hex.bytes("0102030405060708090A0B0C0D0E0F10");
        byte[] before = message.clone();
        try (AesKey key = Hex.key(PublishedVectors.ZERO_KEY)) {
            byte[] first = Cmac.of(key, message);
            assertThat(message).isEqualTo(before);
            assertThat(Cmac.of(key, message)).isEqualTo(first);
        }
    }

    @Test
    void aZeroStartIsTheSameAsNoStart() {
        try (AesKey key = Hex.key("000102030405060708090A0B0C0D0E0F")) {
            byte[] message = Hex.bytes("51");
            assertThat(Cmac.chained(key, new byte[16], message)).isEqualTo(Cmac.of(key, message));
            assertThat(Cmac.chained(key, Cmac.of(key, message), message))
                    .isNotEqualTo(Cmac.of(key, message));
        }
    }
}
