package org.hourtap.card.testing;

import java.util.TreeMap;

/// All that a card keeps without power.
final class CardMemory {
    /// The settings of a card from the factory: everything is free.
    private static final int FACTORY_SETTINGS = 0x0F;

    final byte[] uid;
    final CardKeys keys;
    final TreeMap<Integer, CardApplication> applications = new TreeMap<>();

    /// A card's own key is a DES key when it leaves the factory, which we do not speak.
    final boolean aes;

    CardMemory(byte[] uid, boolean aes) {
        this(uid, aes, new CardKeys(1, FACTORY_SETTINGS));
    }

    private CardMemory(byte[] uid, boolean aes, CardKeys keys) {
        this.uid = uid.clone();
        this.aes = aes;
        this.keys = keys;
    }

    CardMemory copy() {
        CardMemory copy = new CardMemory(uid, aes, keys.copy());
        applications.forEach((id, application) -> copy.applications.put(id, application.copy()));
        return copy;
    }

    void rollBack() {
        applications.values().forEach(CardApplication::rollBack);
    }
}
