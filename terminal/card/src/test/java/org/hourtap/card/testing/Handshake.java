package org.hourtap.card.testing;

import static org.hourtap.card.testing.CardCrypto.join;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// An authentication between its first and second pass, on the card's side.
final class Handshake {
    /// AuthenticateAES, AuthenticateEV2First, AuthenticateEV2NonFirst.
    enum Scheme {
        EV1,
        EV2_FIRST,
        EV2_NON_FIRST
    }

    final Scheme scheme;
    final int keyNumber;
    private final byte[] key;
    private final byte[] b;
    private final byte[] sealedB;

    Handshake(Scheme scheme, int keyNumber, byte[] key, byte[] b) {
        this.scheme = scheme;
        this.keyNumber = keyNumber;
        this.key = key.clone();
        this.b = b;
        this.sealedB = CardCrypto.encrypt(key, new byte[CardCrypto.BLOCK], b);
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
        byte[] iv = scheme == Scheme.EV1 ? sealedB : new byte[CardCrypto.BLOCK];
        byte[] both = CardCrypto.decrypt(key, iv, token);
        boolean genuine = Arrays.equals(Arrays.copyOfRange(both, 16, 32), CardCrypto.rotated(b));
        return genuine ? Arrays.copyOf(both, 16) : null;
    }

    byte[] answer(byte[] a, byte[] token, byte[] transaction) {
        byte[] none = new byte[CardCrypto.BLOCK];
        byte[] rotated = CardCrypto.rotated(a);
        return switch (scheme) {
            case EV1 -> CardCrypto.encrypt(key, Arrays.copyOfRange(token, 16, 32), rotated);
            case EV2_FIRST ->
                    CardCrypto.encrypt(key, none, join(transaction, rotated, new byte[12]));
            case EV2_NON_FIRST -> CardCrypto.encrypt(key, none, rotated);
        };
    }
}
