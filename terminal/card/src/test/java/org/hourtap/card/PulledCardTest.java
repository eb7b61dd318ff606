package org.hourtap.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.SplittableRandom;
import org.hourtap.card.testing.VirtualDesfire;
import org.junit.jupiter.api.Test;

/// A card can leave the field at any moment. Each time it must come out as lost, and nothing secret
/// may stay behind.
class PulledCardTest {
    private static final byte[] MASTER = Hex.bytes("0F1E2D3C4B5A69788796A5B4C3D2E1F0");
    private static final byte[] UID = Hex.bytes("04A1B2C3D4E5F6");

    /// How a torn exchange looks from the terminal.
    private enum Tear {
        /// The command never reached the card.
        BEFORE,
        /// The card did as it was told, and the answer got lost.
        AFTER,
        /// The driver reports success and no bytes.
        EMPTY_ANSWER,
        /// The driver reports success and half a status.
        HALF_A_STATUS
    }

    /// Remembers everything secret that passed through the hands of the code under test.
    private static final class Secrets implements KeyRing {
        private final MasterKeys ring = MasterKeys.forSpending(MASTER);
        private final SplittableRandom random = new SplittableRandom(7);
        private final List<AesKey> keys = new ArrayList<>();
        private final List<byte[]> challenges = new ArrayList<>();

        @Override
        public boolean holds(int keyNumber) {
            return ring.holds(keyNumber);
        }

        @Override
        public SortedSet<Integer> versions(int keyNumber) {
            return ring.versions(keyNumber);
        }

        @Override
        public AesKey cardKey(Uid uid, ApplicationId application, int keyNumber, int version) {
            AesKey key = ring.cardKey(uid, application, keyNumber, version);
            keys.add(key);
            return key;
        }

        byte[] challenge(int count) {
            byte[] bytes = new byte[count];
            random.nextBytes(bytes);
            challenges.add(bytes);
            return bytes;
        }

        void assertZeroed() {
            assertThat(keys).allMatch(AesKey::isZeroed);
            assertThat(challenges).allSatisfy(bytes -> assertThat(bytes).containsOnly(0));
        }
    }

    @Test
    void atEveryCommandAnEv2CardIsLostAndTheKeysAreZeroed() throws Exception {
        assertLostAtEveryCommand(VirtualDesfire.with(UID, MASTER).build(), 5);
    }

    @Test
    void atEveryCommandAnEv1CardIsLostAndTheKeysAreZeroed() throws Exception {
        assertLostAtEveryCommand(VirtualDesfire.with(UID, MASTER).ev1Only().build(), 6);
    }

    @Test
    void atEveryCommandAPlainCardIsLost() throws Exception {
        assertLostAtEveryCommand(VirtualDesfire.with(UID, MASTER).notADesfire().build(), 4);
    }

    private static void assertLostAtEveryCommand(VirtualDesfire card, int commands)
            throws Exception {
        for (int at = 0; at < commands; at++) {
            for (Tear tear : Tear.values()) {
                Secrets secrets = new Secrets();
                card.reset();
                assertThatExceptionOfType(CardLostException.class)
                        .as("command %d, %s", at, tear)
                        .isThrownBy(identification(secrets, torn(card, at, tear))::run);
                secrets.assertZeroed();
            }
        }
        Secrets secrets = new Secrets();
        card.reset();
        identification(secrets, torn(card, commands, Tear.BEFORE)).run();
        secrets.assertZeroed();
    }

    private interface Identification {
        void run() throws CardLostException, CardRefusedException;
    }

    private static Identification identification(Secrets secrets, CardChannel card) {
        CardIdentifier identifier = new CardIdentifier(secrets, secrets::challenge);
        return () -> identifier.identify(card);
    }

    private static CardChannel torn(VirtualDesfire card, int at, Tear tear) {
        int[] count = {0};
        return command -> {
            if (count[0]++ != at) {
                return card.answer(command);
            }
            return switch (tear) {
                case BEFORE -> throw new CardLostException("pulled before");
                case AFTER -> throw lostAnswer(card.answer(command));
                case EMPTY_ANSWER -> new byte[0];
                case HALF_A_STATUS -> Hex.bytes("91");
            };
        };
    }

    private static CardLostException lostAnswer(byte[] answer) {
        assertThat(answer).hasSizeGreaterThanOrEqualTo(2);
        return new CardLostException("pulled after");
    }

    @Test
    void keysAreZeroedAlsoWhenAllGoesWellAndWhenTheCardIsRefused() {
        for (VirtualDesfire card :
                List.of(
                        VirtualDesfire.with(UID, MASTER).build(),
                        VirtualDesfire.with(UID, MASTER).ev1Only().build(),
                        VirtualDesfire.with(UID, MASTER).clonedWithoutTheKey().build())) {
            Secrets secrets = new Secrets();
            try {
                identification(secrets, card::answer).run();
            } catch (CardLostException | CardRefusedException e) {
                assertThat(e).isInstanceOf(CardRefusedException.class);
            }
            assertThat(secrets.keys).hasSize(1);
            assertThat(secrets.challenges).isNotEmpty();
            secrets.assertZeroed();
        }
    }

    @Test
    void afterAPullTheNextTapIsIdentified() throws Exception {
        VirtualDesfire card = VirtualDesfire.with(UID, MASTER).build();
        CardIdentifier identifier;
        try (MasterKeys keys = MasterKeys.forSpending(MASTER)) {
            identifier = new CardIdentifier(keys, new Secrets()::challenge);
            for (int at = 0; at < 5; at++) {
                CardChannel pulled = torn(card, at, Tear.AFTER);
                assertThatExceptionOfType(CardLostException.class)
                        .isThrownBy(() -> identifier.identify(pulled));
                card.reset();
                assertThat(identifier.identify(card::answer).cardClass())
                        .isEqualTo(CardClass.DESFIRE_EV2);
                card.reset();
            }
        }
    }
}
