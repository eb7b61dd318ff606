package org.hourtap.card.testing;

import static org.hourtap.card.testing.CardCrypto.bytes;
import static org.hourtap.card.testing.CardCrypto.join;
import static org.hourtap.card.testing.CardCrypto.lowFirst;

import java.util.Map;

/// What personalisation leaves on a card of ours: five keys, the last taps, the counter.
final class PersonalCard {
    static final int APPLICATION_ID = 0xF54855;

    /// In place of an application number in the keys of tags, which have none.
    static final int TAG = 0xF54E54;

    static final int SPEND = 1;
    static final int COUNTER_KEY = 15;
    static final int RECORD_FILE = 0x01;
    static final int COUNTER_FILE = 0x0F;

    private static final int KEYS = 5;
    private static final int RECORD_LENGTH = 32;

    /// Sixteen to keep and one for the card to write into.
    private static final int RECORDS = 17;

    /// A key is changed with itself; settings may change; creating needs the master key; listing is
    /// free.
    private static final int SETTINGS = 0xEB;

    /// Read 1, write 1, both 2, change 0.
    private static final int RECORD_RIGHTS = 0x1120;

    /// Read 1, everything else never, change 0.
    private static final int COUNTER_RIGHTS = 0x1FF0;

    private final Map<Integer, byte[]> masters;
    private final Map<Integer, Integer> versions;
    private final boolean cloned;

    PersonalCard(Map<Integer, byte[]> masters, Map<Integer, Integer> versions, boolean cloned) {
        this.masters = masters;
        this.versions = versions;
        this.cloned = cloned;
    }

    static byte[] testMaster(byte[] spendMaster, int number) {
        return number == SPEND
                ? spendMaster.clone()
                : CardCrypto.cmac(spendMaster, join(bytes('t', 'e', 's', 't'), bytes(number)));
    }

    byte[] key(byte[] uid, int application, int number) {
        byte[] spend = masters.getOrDefault(SPEND, new byte[16]);
        byte[] master = masters.getOrDefault(number, testMaster(spend, number)).clone();
        if (cloned) {
            master[0] ^= 0x55;
        }
        return CardCrypto.diversified(master, uid, lowFirst(application, 3), number);
    }

    int version(int number) {
        return versions.getOrDefault(number, 0);
    }

    CardKeys keys(byte[] uid, int application, int settings) {
        CardKeys keys = new CardKeys(KEYS, settings);
        for (int number = 0; number < KEYS; number++) {
            keys.set(number, key(uid, application, number), version(number));
        }
        return keys;
    }

    /// @param carrying whether the card carries taps, or is an identity and no more
    void write(CardMemory memory, boolean carrying) {
        CardApplication application =
                new CardApplication(keys(memory.uid, APPLICATION_ID, SETTINGS));
        if (carrying) {
            application
                    .files()
                    .put(
                            RECORD_FILE,
                            new RecordFile(Comm.FULL, RECORD_RIGHTS, RECORD_LENGTH, RECORDS));
            application
                    .files()
                    .put(
                            COUNTER_FILE,
                            new CounterFile(
                                    Comm.MAC,
                                    COUNTER_RIGHTS,
                                    key(memory.uid, APPLICATION_ID, COUNTER_KEY),
                                    version(COUNTER_KEY)));
        }
        memory.applications.put(APPLICATION_ID, application);
    }
}
