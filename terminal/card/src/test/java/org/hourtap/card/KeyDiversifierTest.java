package org.hourtap.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyDiversifierTest {
    private static final Uid MARY = new Uid("04A1B2C3D4E5F6");
    private static final byte[] MASTER = Hex.bytes("0F1E2D3C4B5A69788796A5B4C3D2E1F0");

    @Test
    void meetsThePublishedVectors() {
        for (PublishedVectors.Diversification vector : PublishedVectors.DIVERSIFICATIONS) {
            try (AesKey master = Hex.key(vector.master());
                    AesKey key = KeyDiversifier.diversify(master, Hex.bytes(vector.input()))) {
                assertThat(Hex.of(key.forCipher().getEncoded()))
                        .as(vector.source())
                        .isEqualTo(vector.key());
            }
        }
    }

    @Test
    void aCardsKeyIsMadeOfUidApplicationKeyNumberAndSystem() {
        assertThat(Hex.of(KeyDiversifier.input(MARY, CardLayout.APPLICATION, 1)))
                .isEqualTo("04A1B2C3D4E5F6" + "5548F5" + "01" + "484F5552544150");
    }

    @Test
    void shortInputIsNotThePlainCmac() {
        try (AesKey master = AesKey.of(MASTER);
                AesKey key = KeyDiversifier.diversify(master, Hex.bytes("0203"))) {
            assertThat(key.forCipher().getEncoded())
                    .isNotEqualTo(Cmac.of(master, Hex.bytes("010203")));
        }
    }

    @Test
    void everyCardEveryApplicationAndEveryNumberHasItsOwnKey() {
        Set<String> seen = new HashSet<>();
        try (AesKey master = AesKey.of(MASTER)) {
            for (String uid : new String[] {"04A1B2C3D4E5F6", "04A1B2C3D4E5F7"}) {
                for (int application : new int[] {0xF54855, 0xF54856}) {
                    for (int number = 0; number < CardLayout.KEY_COUNT; number++) {
                        byte[] input =
                                KeyDiversifier.input(
                                        new Uid(uid), new ApplicationId(application), number);
                        try (AesKey key = KeyDiversifier.diversify(master, input)) {
                            seen.add(Hex.of(key.forCipher().getEncoded()));
                        }
                    }
                }
            }
        }
        assertThat(seen).hasSize(2 * 2 * CardLayout.KEY_COUNT);
    }

    @Test
    void inputOfAnotherLengthIsRefused() {
        try (AesKey master = AesKey.of(MASTER)) {
            for (int length : new int[] {0, 32, 100}) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> KeyDiversifier.diversify(master, new byte[length]))
                        .withMessageContaining("1 to 31");
            }
        }
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> KeyDiversifier.input(new Uid("3C9A11E0"), CardLayout.APPLICATION, 1))
                .withMessageContaining("7 bytes");
    }

    @Test
    void theRingHandsOutTheDiversifiedKeyAndKeepsTheMaster() {
        try (MasterKeys ring = MasterKeys.forSpending(MASTER);
                AesKey master = AesKey.of(MASTER);
                AesKey handed = ring.cardKey(MARY, CardLayout.APPLICATION, CardLayout.SPEND_KEY);
                AesKey expected =
                        KeyDiversifier.diversify(
                                master, KeyDiversifier.input(MARY, CardLayout.APPLICATION, 1))) {
            assertThat(handed.forCipher().getEncoded())
                    .isEqualTo(expected.forCipher().getEncoded())
                    .isNotEqualTo(MASTER);
        }
    }

    @Test
    void aRingKnowsWhichNumbersItHolds() {
        try (MasterKeys ring = new MasterKeys(Map.of(0, MASTER, 4, MASTER))) {
            assertThat(ring.holds(0)).isTrue();
            assertThat(ring.holds(4)).isTrue();
            assertThat(ring.holds(1)).isFalse();
            assertThatIllegalStateException()
                    .isThrownBy(() -> ring.cardKey(MARY, CardLayout.APPLICATION, 1))
                    .withMessageContaining("key number 1");
        }
    }

    @Test
    void aRingWithoutKeysOrWithKeysOfAnotherSizeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MasterKeys(Map.of()))
                .withMessageContaining("at least one");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MasterKeys(Map.of(5, MASTER)))
                .withMessageContaining("0 to 4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MasterKeys(Map.of(-1, MASTER)))
                .withMessageContaining("0 to 4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MasterKeys.forSpending(new byte[15]))
                .withMessageContaining("16 bytes");
    }
}
