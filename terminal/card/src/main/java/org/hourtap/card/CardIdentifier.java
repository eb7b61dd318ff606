package org.hourtap.card;

import java.util.Optional;
import java.util.SortedSet;

/// Finds out which card is in the field and how strongly it can prove that.
///
/// ```
/// read UID ── random? ──────────────────────────────────────────────── refused
///    │
/// select our application ── not there, or no DESFire ── NTAG 424 DNA with our key ── NTAG_424
///    │                                                         │ no
///    │                                                  read UID again ── UID_ONLY
///    │
/// several versions of the spend key here? ask the card for its own
///    │
/// EV2First ── command unknown ── EV1 AES
///    │                              │
/// UID asked inside the session, must be the one read at first ── DESFIRE_EV2 / DESFIRE_EV1
/// ```
///
/// A card with our application that fails to authenticate is a copy and is refused; it is never
/// taken for a plain UID card. Seven exchanges at most, and no loop that a card could keep going.
///
/// The session with an EV2 stays open: it is the way to the taps that the card carries.
public final class CardIdentifier {
    private final KeyRing keys;
    private final RandomBytes random;

    /// The ring must hold the spend key: a terminal without it could only tell UIDs apart.
    public CardIdentifier(KeyRing keys, RandomBytes random) {
        if (!keys.holds(CardLayout.SPEND_KEY)) {
            throw new IllegalArgumentException(
                    "the key ring holds no spend key (number " + CardLayout.SPEND_KEY + ")");
        }
        this.keys = keys;
        this.random = random;
    }

    /// The caller closes what it gets.
    public Authenticated identify(CardChannel card) throws CardLostException, CardRefusedException {
        Uid uid = readUid(card, CardStep.READ_UID);
        if (uid.isRandom()) {
            // Our personalisation leaves the one-way random id setting alone, so no card of ours is
            // refused here, and an id that changes at every tap can belong to nobody.
            throw new CardRefusedException(
                    CardStep.READ_UID,
                    "this is a phone or a card whose id changes at every tap: " + uid);
        }
        return hasOurApplication(card) ? byKey(card, uid) : byTagOrUid(card, uid);
    }

    /// The UID of a card that can become one of ours.
    static Uid readOwnUid(CardChannel card) throws CardLostException, CardRefusedException {
        Uid uid = readUid(card, CardStep.READ_UID);
        if (uid.length() != CardLayout.UID_LENGTH) {
            throw new CardRefusedException(
                    CardStep.READ_UID,
                    "our cards have UIDs of " + CardLayout.UID_LENGTH + " bytes, not " + uid);
        }
        return uid;
    }

    private static Uid readUid(CardChannel card, CardStep step)
            throws CardLostException, CardRefusedException {
        ResponseApdu response = CommandApdu.readUid().sendTo(card);
        if (!response.status().equals(StatusWord.OK)) {
            throw new CardRefusedException(
                    step, response.status(), "the reader cannot tell this card's UID");
        }
        byte[] bytes = response.data();
        if (!Uid.isLength(bytes.length)) {
            throw new CardRefusedException(step, "no card has a UID of " + bytes.length + " bytes");
        }
        return Uid.of(bytes);
    }

    /// Whether the card has our application. Only a clear no counts as no: a DESFire with any other
    /// complaint is refused, so that trouble never turns into a weaker identity.
    private static boolean hasOurApplication(CardChannel card)
            throws CardLostException, CardRefusedException {
        byte[] application = CardLayout.APPLICATION.bytes();
        ResponseApdu response =
                CommandApdu.wrapped(Instruction.SELECT_APPLICATION, application).sendTo(card);
        StatusWord status = response.status();
        if (status.equals(StatusWord.DONE)) {
            response.dataOf(CardStep.SELECT_APPLICATION, StatusWord.DONE, 0);
            return true;
        }
        boolean clearNo =
                !status.isDesfire()
                        || status.equals(StatusWord.APPLICATION_NOT_FOUND)
                        || status.saysUnknownCommand();
        if (!clearNo) {
            throw new CardRefusedException(
                    CardStep.SELECT_APPLICATION, status, "the card would not open its application");
        }
        return false;
    }

    private Authenticated byKey(CardChannel card, Uid uid)
            throws CardLostException, CardRefusedException {
        if (uid.length() != CardLayout.UID_LENGTH) {
            throw new CardRefusedException(
                    CardStep.SELECT_APPLICATION,
                    "our application on a card with a UID that is not ours: " + uid);
        }
        SortedSet<Integer> held = keys.versions(CardLayout.SPEND_KEY);
        try {
            int version = held.size() == 1 ? held.last() : versionOf(card, held);
            return confirmed(card, open(card, uid, version), uid, version);
        } catch (CardRefusedException refused) {
            CardRefusedException reason = reason(card, held, refused);
            requireStillThere(card, uid, reason);
            throw reason;
        }
    }

    /// A genuine card whose key was rolled, at a terminal that has not been given the new key,
    /// looks like a forgery. The staff are told what it is: the card says its version.
    private static CardRefusedException reason(
            CardChannel card, SortedSet<Integer> held, CardRefusedException refused)
            throws CardLostException {
        boolean isUnasked = held.size() == 1;
        if (isUnasked
                && refused.status().filter(StatusWord.AUTHENTICATION_FAILED::equals).isPresent()) {
            try {
                versionOf(card, held);
            } catch (CardRefusedException other) {
                return other.status().isPresent() ? refused : other;
            }
        }
        return refused;
    }

    /// Which version of the spend key the card has. Anyone could answer this; it only chooses the
    /// key that must then be proved.
    private static int versionOf(CardChannel card, SortedSet<Integer> held)
            throws CardLostException, CardRefusedException {
        byte[] answer =
                CommandApdu.wrapped(Instruction.GET_KEY_VERSION, Bytes.of(CardLayout.SPEND_KEY))
                        .sendTo(card)
                        .dataOf(CardStep.KEY_VERSION, StatusWord.DONE, 1);
        int version = Byte.toUnsignedInt(answer[0]);
        if (!held.contains(version)) {
            throw new CardRefusedException(
                    CardStep.KEY_VERSION,
                    "the card has version %d of its key, and this terminal holds %s: give the terminal the new key file"
                            .formatted(version, held));
        }
        return version;
    }

    private SecureChannel open(CardChannel card, Uid uid, int version)
            throws CardLostException, CardRefusedException {
        int number = CardLayout.SPEND_KEY;
        try (AesKey key = keys.cardKey(uid, CardLayout.APPLICATION, number, version)) {
            return open(card, key);
        }
    }

    private SecureChannel open(CardChannel card, AesKey key)
            throws CardLostException, CardRefusedException {
        MutualAuthentication authentication = new MutualAuthentication(card, random);
        try {
            return authentication.ev2First(key, CardLayout.SPEND_KEY);
        } catch (CardRefusedException refused) {
            boolean unknown =
                    refused.step() == CardStep.EV2_CHALLENGE
                            && refused.status().filter(StatusWord::saysUnknownCommand).isPresent();
            if (!unknown) {
                throw refused;
            }
            return authentication.ev1(key, CardLayout.SPEND_KEY);
        }
    }

    private Authenticated confirmed(CardChannel card, SecureChannel session, Uid uid, int version)
            throws CardLostException, CardRefusedException {
        boolean isKept = false;
        try {
            requireInside(session, uid);
            if (session.cardClass() != CardClass.DESFIRE_EV2) {
                // Older cards have no transaction counter, so nothing they carried would count.
                return Authenticated.of(uid, session.cardClass());
            }
            isKept = true;
        } finally {
            if (!isKept) {
                session.close();
            }
        }
        DesfireJournal journal = new DesfireJournal(session, () -> openEv2(card, uid, version));
        Authenticated proved =
                new Authenticated(uid, session.cardClass(), Optional.of(journal), journal::close);
        int newest = keys.versions(CardLayout.SPEND_KEY).last();
        return version == newest
                ? proved
                : proved.withOldKey(() -> rollSpendKey(journal.session(), uid, newest));
    }

    private SecureChannel openEv2(CardChannel card, Uid uid, int version)
            throws CardLostException, CardRefusedException {
        int number = CardLayout.SPEND_KEY;
        try (AesKey key = keys.cardKey(uid, CardLayout.APPLICATION, number, version)) {
            return new MutualAuthentication(card, random).ev2First(key, number);
        }
    }

    private void rollSpendKey(SecureChannel session, Uid uid, int version)
            throws CardLostException, CardRefusedException {
        int number = CardLayout.SPEND_KEY;
        try (AesKey key = keys.cardKey(uid, CardLayout.APPLICATION, number, version)) {
            KeyChange.ofOwn(session, number, key, version);
        }
    }

    private static void requireInside(SecureChannel session, Uid uid)
            throws CardLostException, CardRefusedException {
        if (!session.cardUid().equals(uid)) {
            throw new CardRefusedException(
                    CardStep.CONFIRM_UID,
                    "inside the session the card gives another UID than outside");
        }
    }

    /// A tag with a key that is not ours counts as a plain UID, unlike a card with our application
    /// and a wrong key. The tag's application is the same on every tag in the world, and a tag from
    /// the shop is nobody's forgery. If its UID is that of a tag registered here, it is one, and
    /// whoever decides the tap sees it: the card proves less than it was registered with.
    private Authenticated byTagOrUid(CardChannel card, Uid uid)
            throws CardLostException, CardRefusedException {
        boolean isTag =
                uid.length() == CardLayout.UID_LENGTH
                        && CommandApdu.selectNtag().sendTo(card).status().equals(StatusWord.OK);
        Optional<SecureChannel> session = isTag ? openTag(card, uid) : Optional.empty();
        if (session.isEmpty()) {
            requireSame(uid, readUid(card, CardStep.CONFIRM_UID));
            return Authenticated.of(uid, CardClass.UID_ONLY);
        }
        try (SecureChannel proved = session.get()) {
            requireInside(proved, uid);
        }
        return Authenticated.of(uid, CardClass.NTAG_424);
    }

    private Optional<SecureChannel> openTag(CardChannel card, Uid uid) throws CardLostException {
        int number = CardLayout.NTAG_KEY;
        SortedSet<Integer> held = keys.versions(number);
        try {
            int version = held.size() == 1 ? held.last() : versionOf(card, held);
            try (AesKey key = keys.cardKey(uid, CardLayout.NTAG, number, version)) {
                return Optional.of(new MutualAuthentication(card, random).ev2First(key, number));
            }
        } catch (CardRefusedException _) {
            return Optional.empty();
        }
    }

    /// Two honest members who swap cards within one poll of the reader are no clone: if another
    /// card answers now, the first one was lost. A card that cannot even tell its UID stays
    /// refused.
    private static void requireStillThere(CardChannel card, Uid uid, CardRefusedException refused)
            throws CardLostException {
        Uid now;
        try {
            now = readUid(card, CardStep.CONFIRM_UID);
        } catch (CardLostException | CardRefusedException e) {
            refused.addSuppressed(e);
            return;
        }
        requireSame(uid, now);
    }

    private static void requireSame(Uid before, Uid now) throws CardLostException {
        if (!now.equals(before)) {
            throw new CardLostException("another card came in place of " + before);
        }
    }
}
