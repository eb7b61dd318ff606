package org.hourtap.card;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.hourtap.card.testing.VirtualDesfire;
import org.hourtap.contract.CardRecord;
import org.hourtap.contract.Credits;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TransferId;

/// What the tests of the journal, of key versions and of personalisation share: the masters of one
/// scheme, and a door that identifies cards with them.
final class Door {
    static final byte[] MASTER = Hex.bytes("0F1E2D3C4B5A69788796A5B4C3D2E1F0");
    static final byte[] NEWER = Hex.bytes("00112233445566778899AABBCCDDEEFF");
    static final byte[] UID = Hex.bytes("04A1B2C3D4E5F6");
    static final Uid MARY = Uid.of(UID);

    private Door() {}

    static VirtualDesfire.Builder marysCard() {
        return VirtualDesfire.with(UID, MASTER);
    }

    /// Every key of a card, as the virtual card makes them from one master.
    static Map<KeyName, byte[]> allMasters() {
        Map<KeyName, byte[]> masters = new HashMap<>();
        for (int number : new int[] {0, 1, 2, 3, 4, CardLayout.TMAC_KEY}) {
            masters.put(new KeyName(number, 0), VirtualDesfire.testMaster(MASTER, number));
        }
        return masters;
    }

    static RandomBytes random(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return count -> {
            byte[] bytes = new byte[count];
            random.nextBytes(bytes);
            return bytes;
        };
    }

    static CardIdentifier door(KeyRing keys) {
        return new CardIdentifier(keys, random(20));
    }

    static CardIdentifier door() {
        return door(MasterKeys.forSpending(MASTER));
    }

    static CardRecord record(long counter) {
        return new CardRecord(
                TapEvent.Kind.SPEND,
                true,
                true,
                new Credits(60),
                counter,
                0x690588D4,
                100 + counter,
                new TransferId(new UUID(0x01890A5DAC967000L, Long.MIN_VALUE | counter)));
    }

    /// One whole tap at a door, with the records read.
    static CardCounter tap(Authenticated proved) throws CardLostException, CardRefusedException {
        CardJournal journal = proved.journal().orElseThrow();
        long before = journal.counter().value();
        if (before > 0) {
            journal.newest((int) Math.min(before, CardJournal.CAPACITY));
        }
        journal.append(record(before + 1));
        return journal.commit();
    }

    static CardCounter tap(CardIdentifier door, CardChannel card)
            throws CardLostException, CardRefusedException {
        try (Authenticated proved = door.identify(card)) {
            return tap(proved);
        }
    }
}
