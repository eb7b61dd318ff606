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
                AesKey handed =
                        ring.cardKey(MARY, CardLayout.APPLICATION, CardLayout.SPEND_KEY, 0);
                AesKey expected =
                        KeyDiversifier.diversify(
                                master, KeyDiversifier.input(MARY, CardLayout.APPLICATION, 1))) {
            assertThat(handed.forCipher().getEncoded())
                    .isEqualTo(expected.forCipher().getEncoded())
                    .isNotEqualTo(MASTER);
        }
    }

    @Test
    void aRingKnowsWhichNumbersAndVersionsItHolds() {
        Map<KeyName, byte[]> masters =
                Map.of(
                        new KeyName(0, 3),
                        MASTER,
                        new KeyName(4, 255),
                        MASTER,
                        new KeyName(4, 7),
                        MASTER);
        try (MasterKeys ring = new MasterKeys(masters)) {
            assertThat(ring.holds(0)).isTrue();
            assertThat(ring.holds(4)).isTrue();
            assertThat(ring.holds(1)).isFalse();
            assertThat(ring.versions(0)).containsExactly(3);
            assertThat(ring.versions(4)).containsExactly(7, 255);
            assertThat(ring.versions(15)).isEmpty();
            assertThat(ring).hasToString("MasterKeys[0.3, 4.7, 4.255]");
            for (KeyName missing : new KeyName[] {new KeyName(1, 3), new KeyName(0, 2)}) {
                assertThatIllegalStateException()
                        .isThrownBy(() ->
                                ring.cardKey(
                                        MARY,
                                        CardLayout.APPLICATION,
                                        missing.number(),
                                        missing.version()))
                        .withMessageContaining("master key " + missing);
            }
        }
    }

    @Test
    void versionsOfAKeyAreMadeFromTheirOwnMasters() {
        byte[] newer = Hex.bytes("00112233445566778899AABBCCDDEEFF");
        Map<KeyName, byte[]> masters =
                Map.of(new KeyName(15, 0), MASTER, new KeyName(15, 1), newer);
        byte[] input = KeyDiversifier.input(MARY, CardLayout.APPLICATION, CardLayout.TMAC_KEY);
        try (MasterKeys ring = new MasterKeys(masters);
                AesKey master = AesKey.of(newer);
                AesKey old = ring.cardKey(MARY, CardLayout.APPLICATION, 15, 0);
                AesKey handed = ring.cardKey(MARY, CardLayout.APPLICATION, 15, 1);
                AesKey expected = KeyDiversifier.diversify(master, input)) {
            assertThat(handed.forCipher().getEncoded())
                    .isEqualTo(expected.forCipher().getEncoded())
                    .isNotEqualTo(old.forCipher().getEncoded());
        }
        assertThat(Hex.of(input)).isEqualTo("04A1B2C3D4E5F6" + "5548F5" + "0F" + "484F5552544150");
    }

    @Test
    void aRingWithoutKeysOrWithKeysOfAnotherSizeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MasterKeys(Map.of()))
                .withMessageContaining("at least one");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MasterKeys.forSpending(new byte[15]))
                .withMessageContaining("16 bytes");
    }

    @Test
    void aKeyThatNoCardHasHasNoName() {
        for (int number : new int[] {-1, 5, 14, 16}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new KeyName(number, 0))
                    .withMessageContaining("0 to 4 and 15, not " + number);
        }
        for (int version : new int[] {-1, 256}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new KeyName(1, version))
                    .withMessageContaining("0 to 255, not " + version);
        }
        assertThat(new KeyName(1, 255)).hasToString("1.255").isLessThan(new KeyName(2, 0));
    }
}
