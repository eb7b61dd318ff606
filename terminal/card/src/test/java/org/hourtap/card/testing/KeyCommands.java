package org.hourtap.card.testing;

import static org.hourtap.card.testing.CardCrypto.bytes;
import static org.hourtap.card.testing.CardCrypto.crc;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Keys, their versions and settings, and the UID that only a session gives.
final class KeyCommands {
    private static final int AES = 0x80;

    private final Conversation conversation;
    private final byte[] uidInside;

    KeyCommands(Conversation conversation, byte[] uidInside) {
        this.conversation = conversation;
        this.uidInside = uidInside;
    }

    byte[] cardUid(Call call) throws Refusal {
        if (conversation.authenticated() == Conversation.NOBODY) {
            throw new Refusal(call.length() == 0 ? Status.AUTHENTICATION : Status.LENGTH);
        }
        call.open(Comm.FULL, 0, 0);
        return call.seal(uidInside);
    }

    byte[] keyVersion(Call call) throws Refusal {
        int number = call.at(0);
        call.open(Comm.MAC, 1, 0);
        return call.seal((byte) conversation.keys().version(number));
    }

    byte[] settings(Call call) throws Refusal {
        CardKeys keys = conversation.keys();
        if (!keys.allows(CardKeys.LIST_FREELY)) {
            conversation.requireMaster();
        }
        call.open(Comm.MAC, 0, 0);
        boolean aes = !conversation.isRoot() || conversation.memory().aes;
        return call.seal(bytes(keys.settings(), keys.count() | (aes ? AES : 0)));
    }

    byte[] changeSettings(Call call) throws Refusal {
        CardKeys keys = conversation.keys();
        conversation.requireMaster();
        int settings = call.open(Comm.FULL, 0, 1)[0] & 0xFF;
        if (!keys.allows(CardKeys.SETTINGS_CHANGEABLE)) {
            throw new Refusal(Status.DENIED);
        }
        keys.settings(settings);
        return call.seal();
    }

    byte[] changeKey(Call call) throws Refusal {
        @Nullable CardSession session = conversation.session();
        int number = call.at(0) & ~(conversation.isRoot() ? AES : 0);
        CardKeys keys = conversation.keys();
        byte[] old = keys.key(number);
        if (session == null || !keys.mayChange(number, conversation.authenticated())) {
            throw new Refusal(Status.AUTHENTICATION);
        }
        boolean own = number == conversation.authenticated();
        byte[] material = call.openKey(session, own);
        byte[] key = Arrays.copyOf(material, 16);
        if (!own) {
            for (int i = 0; i < 16; i++) {
                key[i] ^= old[i];
            }
            if (!Arrays.equals(crc(key), Arrays.copyOfRange(material, 17, 21))) {
                throw new Refusal(Status.INTEGRITY);
            }
        }
        keys.set(number, key, material[16] & 0xFF);
        if (own) {
            // The session's key is gone, so nothing is left to make a MAC with.
            conversation.endSession();
            return new byte[0];
        }
        return call.seal();
    }
}
