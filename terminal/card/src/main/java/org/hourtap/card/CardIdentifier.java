package org.hourtap.card;

/// Finds out which card is in the field and how strongly it can prove that.
///
/// ```
/// read UID ── random? ──────────────────────────────────────────────── refused
///    │
/// select our application ── not there, or no DESFire ── read UID again ── UID_ONLY
///    │
/// EV2First ── command unknown ── EV1 AES
///    │                              │
/// UID asked inside the session, must be the one read at first ── DESFIRE_EV2 / DESFIRE_EV1
/// ```
///
/// A card with our application that fails to authenticate is a copy and is refused; it is never
/// taken for a plain UID card. Seven exchanges at most, and no loop that a card could keep going.
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

    public Authenticated identify(CardChannel card) throws CardLostException, CardRefusedException {
        Uid uid = readUid(card, CardStep.READ_UID);
        if (uid.isRandom()) {
            // Our personalisation leaves the one-way random id setting alone, so no card of ours is
            // refused here, and an id that changes at every tap can belong to nobody.
            throw new CardRefusedException(
                    CardStep.READ_UID,
                    "this is a phone or a card whose id changes at every tap: " + uid);
        }
        return hasOurApplication(card) ? byKey(card, uid) : byUid(card, uid);
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
        StatusWord status =
                CommandApdu.wrapped(Instruction.SELECT_APPLICATION, application)
                        .sendTo(card)
                        .status();
        if (status.equals(StatusWord.DONE)) {
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
        try (AesKey key = keys.cardKey(uid, CardLayout.APPLICATION, CardLayout.SPEND_KEY);
                SecureChannel session = open(card, key)) {
            if (!session.cardUid().equals(uid)) {
                throw new CardRefusedException(
                        CardStep.CONFIRM_UID,
                        "inside the session the card gives another UID than outside");
            }
            return new Authenticated(uid, session.cardClass());
        } catch (CardRefusedException refused) {
            requireStillThere(card, uid, refused);
            throw refused;
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

    private static Authenticated byUid(CardChannel card, Uid uid)
            throws CardLostException, CardRefusedException {
        requireSame(uid, readUid(card, CardStep.CONFIRM_UID));
        return new Authenticated(uid, CardClass.UID_ONLY);
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
