package org.hourtap.card.testing;

/// The AES keys of an application or of the card itself, and who may change what.
final class CardKeys {
    /// Bits of the settings: what is allowed without the master key.
    static final int MASTER_CHANGEABLE = 1;

    static final int LIST_FREELY = 2;
    static final int CREATE_FREELY = 4;
    static final int SETTINGS_CHANGEABLE = 8;

    /// In the upper half of the settings: a key is changed with itself.
    private static final int SAME_KEY = 0xE;

    private final byte[][] keys;
    private final int[] versions;
    private int settings;

    CardKeys(int count, int settings) {
        keys = new byte[count][16];
        versions = new int[count];
        this.settings = settings;
    }

    CardKeys copy() {
        CardKeys copy = new CardKeys(keys.length, settings);
        for (int i = 0; i < keys.length; i++) {
            copy.set(i, keys[i], versions[i]);
        }
        return copy;
    }

    int count() {
        return keys.length;
    }

    byte[] key(int number) throws Refusal {
        require(number);
        return keys[number];
    }

    int version(int number) throws Refusal {
        require(number);
        return versions[number];
    }

    private void require(int number) throws Refusal {
        if (number >= keys.length) {
            throw new Refusal(Status.NO_SUCH_KEY);
        }
    }

    void set(int number, byte[] key, int version) {
        keys[number] = key.clone();
        versions[number] = version;
    }

    int settings() {
        return settings;
    }

    void settings(int newSettings) {
        settings = newSettings;
    }

    boolean allows(int bit) {
        return (settings & bit) != 0;
    }

    /// Whether a session under one key may change another.
    boolean mayChange(int number, int authenticated) {
        if (number == 0) {
            return authenticated == 0 && allows(MASTER_CHANGEABLE);
        }
        int needed = settings >> 4;
        if (needed == SAME_KEY) {
            return authenticated == number;
        }
        // The key that changes the others is itself changed with the master key.
        return authenticated == (needed == number ? 0 : needed);
    }
}
