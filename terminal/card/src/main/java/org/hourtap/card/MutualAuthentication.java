package org.hourtap.card;

import java.security.MessageDigest;
import java.util.Arrays;

/// Card and terminal prove to each other that they hold the same key, in three passes:
///
/// ```
/// terminal                                   card
///   which key number                 ->
///                                    <-      E(B)
///   E(A | B rotated)                 ->
///                                    <-      E(A rotated, in EV2 with a transaction id)
/// ```
///
/// Neither side sends anything the other could not already make without the key, so a card that has
/// no key learns nothing it could use elsewhere.
public final class MutualAuthentication {
    private static final int BLOCK = AesCbc.BLOCK;

    /// Transaction id 4, A rotated 16, capabilities of card and terminal 6 and 6.
    private static final int EV2_PROOF_LENGTH = 32;

    private final CardChannel card;
    private final RandomBytes random;

    public MutualAuthentication(CardChannel card, RandomBytes random) {
        this.card = card;
        this.random = random;
    }

    /// AuthenticateEV2First (0x71). A card that does not know the command refuses at
    /// [CardStep#EV2_CHALLENGE] with a status that [StatusWord#saysUnknownCommand()].
    public SecureChannel ev2First(AesKey key, int keyNumber)
            throws CardLostException, CardRefusedException {
        // The second byte says that we send no capabilities of our own.
        byte[] sealedB =
                CommandApdu.wrapped(Instruction.AUTHENTICATE_EV2_FIRST, Bytes.of(keyNumber, 0))
                        .sendTo(card)
                        .dataOf(CardStep.EV2_CHALLENGE, StatusWord.ANOTHER_FRAME, BLOCK);
        byte[] randomB = AesCbc.decrypt(key, AesCbc.zeroIv(), sealedB);
        byte[] randomA = challenge();
        byte[] proof = Bytes.NONE;
        try {
            byte[] token = token(key, AesCbc.zeroIv(), randomA, randomB);
            byte[] sealedProof =
                    CommandApdu.wrapped(Instruction.ANOTHER_FRAME, token)
                            .sendTo(card)
                            .dataOf(CardStep.EV2_PROOF, StatusWord.DONE, EV2_PROOF_LENGTH);
            proof = AesCbc.decrypt(key, AesCbc.zeroIv(), sealedProof);
            int start = Ev2Channel.TRANSACTION_ID_LENGTH;
            requireProof(
                    CardStep.EV2_PROOF, randomA, Arrays.copyOfRange(proof, start, start + BLOCK));
            byte[] transactionId = Arrays.copyOf(proof, start);
            return new Ev2Channel(card, SessionKeys.ev2(key, randomA, randomB), transactionId, 0);
        } finally {
            Bytes.zero(randomA, randomB, proof);
        }
    }

    /// AuthenticateAES (0xAA). Unlike in EV2, the initial vector goes on through all three passes.
    public SecureChannel ev1(AesKey key, int keyNumber)
            throws CardLostException, CardRefusedException {
        byte[] sealedB =
                CommandApdu.wrapped(Instruction.AUTHENTICATE_AES, Bytes.of(keyNumber))
                        .sendTo(card)
                        .dataOf(CardStep.EV1_CHALLENGE, StatusWord.ANOTHER_FRAME, BLOCK);
        byte[] randomB = AesCbc.decrypt(key, AesCbc.zeroIv(), sealedB);
        byte[] randomA = challenge();
        byte[] proof = Bytes.NONE;
        try {
            byte[] token = token(key, sealedB, randomA, randomB);
            byte[] sealedProof =
                    CommandApdu.wrapped(Instruction.ANOTHER_FRAME, token)
                            .sendTo(card)
                            .dataOf(CardStep.EV1_PROOF, StatusWord.DONE, BLOCK);
            proof = AesCbc.decrypt(key, Bytes.last(token, BLOCK), sealedProof);
            requireProof(CardStep.EV1_PROOF, randomA, proof);
            return new Ev1Channel(card, Ev1Channel.sessionKey(randomA, randomB));
        } finally {
            Bytes.zero(randomA, randomB, proof);
        }
    }

    private byte[] challenge() {
        byte[] challenge = random.next(BLOCK);
        if (challenge.length != BLOCK) {
            throw new IllegalArgumentException(
                    "a challenge has " + BLOCK + " bytes, not " + challenge.length);
        }
        return challenge;
    }

    private static byte[] token(AesKey key, byte[] iv, byte[] randomA, byte[] randomB) {
        byte[] plain = Bytes.join(randomA, Bytes.rotatedLeft(randomB));
        byte[] token = AesCbc.encrypt(key, iv, plain);
        Bytes.zero(plain);
        return token;
    }

    private static void requireProof(CardStep step, byte[] randomA, byte[] returned)
            throws CardRefusedException {
        if (!MessageDigest.isEqual(Bytes.rotatedLeft(randomA), returned)) {
            throw new CardRefusedException(step, "the card does not hold the key it claims to");
        }
    }
}
