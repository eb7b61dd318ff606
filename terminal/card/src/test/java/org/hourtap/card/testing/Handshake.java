package org.hourtap.card.testing;

import static org.hourtap.card.testing.CardCrypto.join;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// An authentication between its first and second pass, on the card's side.
final class Handshake {
    private final boolean ev2;
    private final byte[] key;
    private final byte[] b;
    private final byte[] sealedB;

    Handshake(boolean ev2, byte[] key, byte[] b) {
        this.ev2 = ev2;
        this.key = key;
        this.b = b;
        this.sealedB = CardCrypto.encrypt(key, new byte[CardCrypto.BLOCK], b);
    }

    boolean ev2() {
        return ev2;
    }

    byte[] key() {
        return key;
    }

    byte[] b() {
        return b;
    }

    byte[] sealedB() {
        return sealedB;
    }

    /// The terminal's challenge, if the token shows that the terminal could read ours.
    byte @Nullable [] terminalChallenge(byte[] token) {
        byte[] iv = ev2 ? new byte[CardCrypto.BLOCK] : sealedB;
        byte[] both = CardCrypto.decrypt(key, iv, token);
        boolean genuine = Arrays.equals(Arrays.copyOfRange(both, 16, 32), CardCrypto.rotated(b));
        return genuine ? Arrays.copyOf(both, 16) : null;
    }

    byte[] answer(byte[] a, byte[] token, byte[] transaction) {
        if (ev2) {
            byte[] proof = join(transaction, CardCrypto.rotated(a), new byte[12]);
            return CardCrypto.encrypt(key, new byte[CardCrypto.BLOCK], proof);
        }
        byte[] iv = Arrays.copyOfRange(token, 16, 32);
        return CardCrypto.encrypt(key, iv, CardCrypto.rotated(a));
    }
}
