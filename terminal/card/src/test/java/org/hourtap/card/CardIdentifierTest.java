package org.hourtap.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.hourtap.card.testing.VirtualDesfire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Which card is in the field, from the first question to the last doubt.
class CardIdentifierTest {
    private static final byte[] MASTER = Hex.bytes("0F1E2D3C4B5A69788796A5B4C3D2E1F0");
    private static final byte[] MARYS_UID = Hex.bytes("04A1B2C3D4E5F6");
    private static final byte[] TOMS_UID = Hex.bytes("04112233445566");
    private static final Uid MARY = Uid.of(MARYS_UID);

    private final MasterKeys keys = MasterKeys.forSpending(MASTER);
    private final SplittableRandom random = new SplittableRandom(20);
    private final CardIdentifier identifier = new CardIdentifier(keys, this::randomBytes);

    private byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    @AfterEach
    void closeKeys() {
        keys.close();
    }

    private static VirtualDesfire.Builder marysCard() {
        return VirtualDesfire.with(MARYS_UID, MASTER);
    }

    @Test
    void anEv2CardProvesItself() throws Exception {
        assertProved(marysCard().build()::answer, MARY, CardClass.DESFIRE_EV2);
    }

    @Test
    void anEv1CardProvesItselfTheOlderWay() throws Exception {
        assertProved(marysCard().ev1Only().build()::answer, MARY, CardClass.DESFIRE_EV1);
    }

    @Test
    void theSameCardIsTheSameAtEveryTap() throws Exception {
        VirtualDesfire card = marysCard().build();
        for (int tap = 0; tap < 20; tap++) {
            assertThat(identifier.identify(card::answer).uid()).isEqualTo(MARY);
            card.reset();
        }
    }

    @Test
    void aCardThatWasNotResetBetweenTwoTapsIsIdentifiedAllTheSame() throws Exception {
        VirtualDesfire card = marysCard().build();
        identifier.identify(card::answer);
        assertThat(identifier.identify(card::answer).cardClass()).isEqualTo(CardClass.DESFIRE_EV2);
    }

    @Test
    void aDesfireWithoutOurApplicationIsOnlyItsUid() throws Exception {
        assertProved(marysCard().withoutApplication().build()::answer, MARY, CardClass.UID_ONLY);
    }

    @Test
    void aCardThatIsNoDesfireIsOnlyItsUid() throws Exception {
        byte[] travelCard = Hex.bytes("3C9A11E0");
        assertProved(
                VirtualDesfire.with(travelCard, MASTER).notADesfire().build()::answer,
                Uid.of(travelCard),
                CardClass.UID_ONLY);
    }

    @Test
    void aCloneWithoutTheKeyIsRefusedAndNeverTakenForAPlainCard() {
        assertRefused(marysCard().clonedWithoutTheKey().build()::answer, CardStep.EV2_PROOF);
        assertRefused(
                marysCard().ev1Only().clonedWithoutTheKey().build()::answer, CardStep.EV1_PROOF);
    }

    @Test
    void aCloneIsToldByTheCardsOwnRefusal() {
        assertThatExceptionOfType(CardRefusedException.class)
                .isThrownBy(() ->
                        identifier.identify(marysCard().clonedWithoutTheKey().build()::answer))
                .satisfies(e -> assertThat(e.status()).contains(new StatusWord(0x91AE)))
                .withMessageContaining("91AE authentication failed at EV2_PROOF");
    }

    @Test
    void anotherUidInsideTheSessionIsRefused() {
        assertRefused(marysCard().sayingInside(TOMS_UID).build()::answer, CardStep.CONFIRM_UID);
        assertRefused(
                marysCard().ev1Only().sayingInside(TOMS_UID).build()::answer, CardStep.CONFIRM_UID);
    }

    @Test
    void aTerminalWithTheWrongMasterKeyIsRefusedByTheCard() {
        byte[] other = MASTER.clone();
        other[15] ^= 1;
        assertRefused(VirtualDesfire.with(MARYS_UID, other).build()::answer, CardStep.EV2_PROOF);
    }

    @Test
    void aRandomIdIsRefusedBeforeAnythingElseIsAsked() {
        List<String> asked = new ArrayList<>();
        VirtualDesfire phone = VirtualDesfire.with(Hex.bytes("08C0FFEE"), MASTER).build();
        assertRefused(
                command -> {
                    asked.add(Hex.of(command));
                    return phone.answer(command);
                },
                CardStep.READ_UID);
        assertThat(asked).containsExactly("FFCA000000");
    }

    @Test
    void ourApplicationBehindAUidOfAnotherLengthIsRefused() {
        VirtualDesfire odd = VirtualDesfire.with(Hex.bytes("3C9A11E0"), MASTER).build();
        assertRefused(odd::answer, CardStep.SELECT_APPLICATION);
    }

    @Test
    void aPlainCardSwappedForAnotherIsLostNotMistaken() {
        Iterator<String> script =
                List.of("04A1B2C3D4E5F69000", "6D00", "6D00", "041122334455669000").iterator();
        assertThatExceptionOfType(CardLostException.class)
                .isThrownBy(() -> identifier.identify(command -> Hex.bytes(script.next())))
                .withMessageContaining("another card came");
    }

    /// Facts on readers: the channel may reach the next member's card without saying so.
    @Test
    void aGenuineCardSwappedForAnotherIsLostAndNobodyIsCalledAClone() {
        VirtualDesfire marys = marysCard().build();
        VirtualDesfire toms = VirtualDesfire.with(TOMS_UID, MASTER).build();
        for (int swapAfter = 1; swapAfter <= 4; swapAfter++) {
            int after = swapAfter;
            int[] count = {0};
            marys.reset();
            toms.reset();
            assertThatExceptionOfType(CardLostException.class)
                    .as("swapped after %d commands", after)
                    .isThrownBy(() ->
                            identifier.identify(command ->
                                    count[0]++ < after
                                            ? marys.answer(command)
                                            : toms.answer(command)));
        }
    }

    @Test
    void aReaderThatCannotTellTheUidIsRefusedWithItsStatus() {
        assertThatExceptionOfType(CardRefusedException.class)
                .isThrownBy(() -> identifier.identify(command -> Hex.bytes("6A81")))
                .satisfies(e -> assertThat(e.step()).isEqualTo(CardStep.READ_UID))
                .satisfies(e -> assertThat(e.status()).contains(new StatusWord(0x6A81)));
        for (String length :
                List.of("9000", "049000", "0102030405069000", "00".repeat(64) + "9000")) {
            assertRefused(command -> Hex.bytes(length), CardStep.READ_UID);
        }
    }

    @Test
    void onlyAClearNoToSelectingMakesAPlainCard() throws Exception {
        for (String clear :
                List.of("91A0", "911C", "6D00", "6E00", "6300", "6A82", "6700", "9000")) {
            assertThat(identifier.identify(selectAnswers(clear)).cardClass())
                    .as(clear)
                    .isEqualTo(CardClass.UID_ONLY);
        }
        for (String unclear : List.of("91AE", "919D", "91CA", "917E", "910B", "91AF", "91EE")) {
            assertRefused(selectAnswers(unclear), CardStep.SELECT_APPLICATION);
        }
    }

    private static CardChannel selectAnswers(String status) {
        return command ->
                command[0] == (byte) 0xFF ? Hex.bytes("04A1B2C3D4E5F69000") : Hex.bytes(status);
    }

    @Test
    void onlyAnUnknownCommandLeadsToTheOlderAuthentication() {
        for (String unknown : List.of("911C", "6D00", "6E00")) {
            assertRefused(challengeAnswers(unknown, "91AE"), CardStep.EV1_CHALLENGE);
        }
        for (String other : List.of("91AE", "9140", "917E", "91CA", "9100", "9000")) {
            assertRefused(challengeAnswers(other, "91AF"), CardStep.EV2_CHALLENGE);
        }
    }

    private static CardChannel challengeAnswers(String toEv2, String toEv1) {
        return command ->
                switch (command[1] & 0xFF) {
                    case 0xCA -> Hex.bytes("04A1B2C3D4E5F69000");
                    case 0x5A -> Hex.bytes("9100");
                    case 0x71 -> Hex.bytes(toEv2);
                    default -> Hex.bytes(toEv1);
                };
    }

    @Test
    void aRefusalStandsWhenTheCardIsGoneBeforeItsUidIsReadAgain() {
        VirtualDesfire clone = marysCard().clonedWithoutTheKey().build();
        int[] uidReads = {0};
        assertRefused(
                command -> {
                    if (command[0] == (byte) 0xFF && uidReads[0]++ > 0) {
                        throw new CardLostException("gone");
                    }
                    return clone.answer(command);
                },
                CardStep.EV2_PROOF);
    }

    @Test
    void whatIsAskedIsExactlyThis() throws Exception {
        List<String> asked = new ArrayList<>();
        VirtualDesfire card = marysCard().build();
        identifier.identify(command -> {
            asked.add(Hex.of(command));
            return card.answer(command);
        });
        assertThat(asked).hasSize(5);
        assertThat(asked.get(0)).isEqualTo("FFCA000000");
        assertThat(asked.get(1)).isEqualTo("905A0000035548F500");
        assertThat(asked.get(2)).isEqualTo("9071000002010000");
        assertThat(asked.get(3)).matches("90AF000020[0-9A-F]{64}00");
        assertThat(asked.get(4)).matches("9051000008[0-9A-F]{16}00");
    }

    @Test
    void noCardGetsMoreThanSevenQuestions() {
        for (String answer : List.of("9000", "9100", "91AF", "911C", "91A0", "6D00")) {
            for (String uid : List.of("04A1B2C3D4E5F69000", "3C9A11E09000")) {
                int[] count = {0};
                try {
                    identifier.identify(command -> {
                        count[0]++;
                        return Hex.bytes(command[0] == (byte) 0xFF ? uid : answer);
                    });
                } catch (CardLostException | CardRefusedException expected) {
                    assertThat(expected).hasMessageNotContaining("null");
                }
                assertThat(count[0]).isLessThanOrEqualTo(7);
            }
        }
    }

    @Test
    void aKeyRingWithoutTheSpendKeyIsRefusedAtTheStart() {
        try (MasterKeys hubOnly = new MasterKeys(Map.of(new KeyName(0, 0), MASTER))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new CardIdentifier(hubOnly, this::randomBytes))
                    .withMessageContaining("spend key");
        }
    }

    private void assertProved(CardChannel card, Uid uid, CardClass cardClass) throws Exception {
        try (Authenticated proved = identifier.identify(card)) {
            assertThat(proved.uid()).isEqualTo(uid);
            assertThat(proved.cardClass()).isEqualTo(cardClass);
            assertThat(proved.journal().isPresent()).isEqualTo(cardClass == CardClass.DESFIRE_EV2);
            assertThat(proved.isKeyOld()).isFalse();
        }
    }

    private void assertRefused(CardChannel card, CardStep step) {
        assertThatExceptionOfType(CardRefusedException.class)
                .isThrownBy(() -> identifier.identify(card))
                .satisfies(e -> assertThat(e.step()).isEqualTo(step));
    }
}
