package org.hourtap.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.hourtap.card.PublishedVectors.Ev1Handshake;
import org.hourtap.card.PublishedVectors.Ev2Handshake;
import org.junit.jupiter.api.Test;

class MutualAuthenticationTest {
    private final AesKey zeroKey = Hex.key(PublishedVectors.ZERO_KEY);

    private static ScriptedCard script(Ev2Handshake vector) {
        return new ScriptedCard()
                .turn("9071000002000000", vector.sealedB() + "91AF")
                .turn("90AF000020" + vector.token() + "00", vector.proof() + "9100");
    }

    private static ScriptedCard script(Ev1Handshake vector) {
        return new ScriptedCard()
                .turn("90AA0000010" + vector.keyNumber() + "00", vector.sealedB() + "91AF")
                .turn("90AF000020" + vector.token() + "00", vector.proof() + "9100");
    }

    private static MutualAuthentication with(CardChannel card, String a) {
        return new MutualAuthentication(card, count -> Hex.bytes(a));
    }

    @Test
    void meetsThePublishedEv2HandshakesToTheSessionKeys() throws Exception {
        for (Ev2Handshake vector : PublishedVectors.EV2_HANDSHAKES) {
            ScriptedCard card = script(vector);
            SecureChannel channel = with(card, vector.a()).ev2First(zeroKey, 0);
            card.assertFinished();
            assertThat(channel.cardClass()).isEqualTo(CardClass.DESFIRE_EV2);
            Ev2Channel ev2 = (Ev2Channel) channel;
            assertThat(Hex.of(ev2.transactionId())).isEqualTo(vector.transactionId());
            assertThat(Hex.of(ev2.keys().encryption().forCipher().getEncoded()))
                    .as(vector.source())
                    .isEqualTo(vector.encryption());
            assertThat(Hex.of(ev2.keys().mac().forCipher().getEncoded()))
                    .as(vector.source())
                    .isEqualTo(vector.mac());
        }
    }

    @Test
    void meetsTheTracesOfRealEv1Cards() throws Exception {
        for (Ev1Handshake vector : PublishedVectors.EV1_HANDSHAKES) {
            ScriptedCard card = script(vector);
            try (AesKey key = Hex.key(vector.key())) {
                SecureChannel channel = with(card, vector.a()).ev1(key, vector.keyNumber());
                card.assertFinished();
                assertThat(channel.cardClass()).isEqualTo(CardClass.DESFIRE_EV1);
                assertThat(Hex.of(((Ev1Channel) channel).key().forCipher().getEncoded()))
                        .as(vector.source())
                        .isEqualTo(vector.sessionKey());
            }
        }
    }

    /// One bit anywhere in the card's last answer, and there is no session.
    @Test
    void everyBitOfTheProofCounts() {
        Ev2Handshake ev2 = PublishedVectors.EV2_HANDSHAKES.getFirst();
        Ev1Handshake ev1 = PublishedVectors.EV1_HANDSHAKES.getFirst();
        for (int bit = 0; bit < 256; bit++) {
            String flipped = flipped(ev2.proof(), bit);
            CardChannel card = answering(ev2.sealedB() + "91AF", flipped + "9100");
            assertRefused(() -> with(card, ev2.a()).ev2First(zeroKey, 0), CardStep.EV2_PROOF);
        }
        for (int bit = 0; bit < 128; bit++) {
            String flipped = flipped(ev1.proof(), bit);
            CardChannel card = answering(ev1.sealedB() + "91AF", flipped + "9100");
            assertRefused(() -> with(card, ev1.a()).ev1(zeroKey, 0), CardStep.EV1_PROOF);
        }
    }

    private static String flipped(String digits, int bit) {
        byte[] bytes = Hex.bytes(digits);
        bytes[bit / 8] ^= (byte) (1 << (bit % 8));
        return Hex.of(bytes);
    }

    private static CardChannel answering(String first, String second) {
        return command -> Hex.bytes((command[1] & 0xFF) == 0xAF ? second : first);
    }

    @Test
    void theOtherProtocolsVectorIsNotProof() {
        Ev1Handshake vector = PublishedVectors.EV1_HANDSHAKES.getFirst();
        CardChannel card =
                answering(vector.sealedB() + "91AF", vector.proof() + vector.proof() + "9100");
        assertRefused(() -> with(card, vector.a()).ev2First(zeroKey, 0), CardStep.EV2_PROOF);
    }

    @Test
    void aProofMadeWithAnotherKeyIsRefused() {
        for (Ev2Handshake vector : PublishedVectors.EV2_HANDSHAKES) {
            CardChannel card = answering(vector.sealedB() + "91AF", vector.proof() + "9100");
            try (AesKey other = Hex.key("00000000000000000000000000000001")) {
                assertRefused(() -> with(card, vector.a()).ev2First(other, 0), CardStep.EV2_PROOF);
            }
        }
    }

    @Test
    void anAnswerOfAnotherLengthOrStatusIsRefusedAtItsStep() {
        Ev2Handshake vector = PublishedVectors.EV2_HANDSHAKES.getFirst();
        for (String wrong :
                List.of(
                        "91AF",
                        vector.sealedB().substring(2) + "91AF",
                        vector.sealedB() + "0091AF",
                        vector.sealedB() + "9100",
                        "9140")) {
            CardChannel card = command -> Hex.bytes(wrong);
            assertRefused(
                    () -> with(card, vector.a()).ev2First(zeroKey, 0), CardStep.EV2_CHALLENGE);
            assertRefused(() -> with(card, vector.a()).ev1(zeroKey, 0), CardStep.EV1_CHALLENGE);
        }
        for (String wrong :
                List.of("9100", vector.proof() + "91AF", vector.proof() + "009100", "91AE")) {
            CardChannel card = answering(vector.sealedB() + "91AF", wrong);
            assertRefused(() -> with(card, vector.a()).ev2First(zeroKey, 0), CardStep.EV2_PROOF);
            assertRefused(() -> with(card, vector.a()).ev1(zeroKey, 0), CardStep.EV1_PROOF);
        }
    }

    @Test
    void aChallengeOfAnotherLengthIsAMistakeOfTheCaller() {
        CardChannel card = command -> Hex.bytes("00".repeat(16) + "91AF");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with(card, "0102").ev2First(zeroKey, 0))
                .withMessageContaining("16 bytes");
    }

    private static void assertRefused(ThrowingCallable action, CardStep step) {
        assertThatExceptionOfType(CardRefusedException.class)
                .isThrownBy(action)
                .satisfies(e -> assertThat(e.step()).isEqualTo(step));
    }
}
