package org.hourtap.card;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Finds out by trying which key a card has under a number: the factory's or one of ours. That is
/// how an interrupted personalisation is taken up again.
final class KeyTrial {
    private final KeyRing keys;
    private final RandomBytes random;
    private final ApplicationId application;

    /// @param application which the keys are diversified for
    KeyTrial(KeyRing keys, RandomBytes random, ApplicationId application) {
        this.keys = keys;
        this.random = random;
        this.application = application;
    }

    /// The versions held of a key.
    List<Integer> newestFirst(int number) {
        List<Integer> versions = new ArrayList<>(keys.versions(number));
        Collections.reverse(versions);
        return versions;
    }

    AesKey newest(Uid uid, int number) {
        return keys.cardKey(uid, application, number, keys.versions(number).last());
    }

    AesKey ours(Uid uid, int number, int version) {
        return keys.cardKey(uid, application, number, version);
    }

    static AesKey factory() {
        return AesKey.of(new byte[AesKey.LENGTH]);
    }

    Optional<SecureChannel> openWithFactoryKey(CardChannel card, int number)
            throws CardLostException, CardRefusedException {
        try (AesKey key = factory()) {
            return open(card, key, number);
        }
    }

    Optional<SecureChannel> openWithOurKey(CardChannel card, Uid uid, int number, int version)
            throws CardLostException, CardRefusedException {
        try (AesKey key = ours(uid, number, version)) {
            return open(card, key, number);
        }
    }

    /// Whether the card has any version of ours under this number.
    boolean isOurs(CardChannel card, Uid uid, int number)
            throws CardLostException, CardRefusedException {
        for (int version : newestFirst(number)) {
            Optional<SecureChannel> open = openWithOurKey(card, uid, number, version);
            if (open.isPresent()) {
                open.get().close();
                return true;
            }
        }
        return false;
    }

    /// Empty if the card has another key.
    private Optional<SecureChannel> open(CardChannel card, AesKey key, int number)
            throws CardLostException, CardRefusedException {
        try {
            return Optional.of(new MutualAuthentication(card, random).ev2First(key, number));
        } catch (CardRefusedException e) {
            if (e.status().filter(StatusWord.AUTHENTICATION_FAILED::equals).isPresent()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /// A ring that makes cards holds every key that they have: it is the office's, never a door's.
    static void requireAll(KeyRing keys, List<Integer> numbers) {
        List<Integer> missing = numbers.stream().filter(number -> !keys.holds(number)).toList();
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "to make cards, a key ring needs every key of a card; missing: " + missing);
        }
    }
}
