package org.hourtap.card;

import java.util.List;
import java.util.Optional;

/// Makes an identity of ours out of an NTAG 424 DNA from the factory: our five keys, and nothing
/// else. What the tag shows to phones stays as it is.
///
/// On a tag, unlike on our cards, key 0 changes every key. It comes last, so a tag pulled half-way
/// is finished by the next run.
public final class TagPersonaliser {
    private static final List<Integer> KEYS = List.of(0, 1, 2, 3, 4);

    private final KeyRing keys;
    private final RandomBytes random;
    private final KeyTrial trial;

    public TagPersonaliser(KeyRing keys, RandomBytes random) {
        KeyTrial.requireAll(keys, KEYS);
        this.keys = keys;
        this.random = random;
        this.trial = new KeyTrial(keys, random, CardLayout.NTAG);
    }

    /// @return the tag's UID, which it has proved as it will have to at a door
    /// @throws CardRefusedException also when the tag is one of ours already
    public Uid personalise(CardChannel card) throws CardLostException, CardRefusedException {
        Uid uid = CardIdentifier.readOwnUid(card);
        StatusWord selected = CommandApdu.selectNtag().sendTo(card).status();
        if (!selected.equals(StatusWord.OK)) {
            throw new CardRefusedException(
                    CardStep.PERSONALISATION, selected, "this is no NTAG 424 DNA");
        }
        for (int number = CardLayout.KEY_COUNT - 1; number > CardLayout.HUB_KEY; number--) {
            renew(card, uid, number);
        }
        try (SecureChannel session = openAsFactory(card, uid);
                AesKey key = trial.newest(uid, CardLayout.HUB_KEY)) {
            KeyChange.ofOwn(session, CardLayout.HUB_KEY, key, newest(CardLayout.HUB_KEY));
        }
        try (Authenticated proved = new CardIdentifier(keys, random).identify(card)) {
            if (proved.cardClass() != CardClass.NTAG_424 || !proved.uid().equals(uid)) {
                throw refused("the tag took its keys and does not prove them");
            }
            return uid;
        }
    }

    private void renew(CardChannel card, Uid uid, int number)
            throws CardLostException, CardRefusedException {
        try (AesKey old = present(card, uid, number);
                AesKey key = trial.newest(uid, number);
                SecureChannel session = openAsFactory(card, uid)) {
            KeyChange.ofOther(session, number, old, key, newest(number));
        }
    }

    /// The key that the tag has under this number.
    private AesKey present(CardChannel card, Uid uid, int number)
            throws CardLostException, CardRefusedException {
        Optional<SecureChannel> factory = trial.openWithFactoryKey(card, number);
        if (factory.isPresent()) {
            factory.get().close();
            return KeyTrial.factory();
        }
        for (int version : trial.newestFirst(number)) {
            Optional<SecureChannel> ours = trial.openWithOurKey(card, uid, number, version);
            if (ours.isPresent()) {
                ours.get().close();
                return trial.ours(uid, number, version);
            }
        }
        throw refused("key " + number + " of this tag is not ours: another scheme made it");
    }

    private SecureChannel openAsFactory(CardChannel card, Uid uid)
            throws CardLostException, CardRefusedException {
        Optional<SecureChannel> session = trial.openWithFactoryKey(card, CardLayout.HUB_KEY);
        if (session.isPresent()) {
            return session.get();
        }
        throw refused(
                trial.isOurs(card, uid, CardLayout.HUB_KEY)
                        ? "this tag is one of ours already"
                        : "this tag has keys that are not ours: another scheme made it");
    }

    private int newest(int number) {
        return keys.versions(number).last();
    }

    private static CardRefusedException refused(String message) {
        return new CardRefusedException(CardStep.PERSONALISATION, message);
    }
}
