package org.hourtap.card;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.hourtap.contract.CardRecord;

/// Makes a card of ours out of a DESFire EV2 or EV3 from the factory:
///
/// ```
/// application F54855      created if it is not there
/// file 01, file 0F        under key 0, which is still the factory's
/// keys 4 3 2 1 0          each from the factory's key (or an older one of ours) to our newest
/// verification            identified afresh with the spend key, counter read
/// ```
///
/// A card pulled half-way is finished by the next run: whatever is there already is left alone, and
/// each key is tried to find out which one it is. Key 0 comes last, so a card with our key 0 is
/// complete.
///
/// The card's own master key stays the factory's, DES and known to everyone. With it anybody can
/// format the card and so destroy it, but read or write nothing of ours.
public final class CardPersonaliser {
    private static final String ALREADY_OURS =
            "this card is one of ours already: there is nothing to do but to verify it";

    private static final String NOT_OURS =
            "this card has our application with keys that are not ours: another scheme made it";

    /// Read and write with the spend key, both with the settle key, change with the hub key.
    private static final int RECORD_ACCESS = 0x1120;

    /// Nobody writes a transaction MAC but the card itself.
    private static final int TMAC_ACCESS = 0x1FF0;

    /// One record more than can be read: the card needs it while a new one is not committed.
    private static final int RECORDS = CardJournal.CAPACITY + 1;

    private static final int AES = 0x02;
    private static final int COMMUNICATION_MAC = 0x01;
    private static final int COMMUNICATION_FULL = 0x03;

    /// Where GetVersion has the generation of the chip: 01 EV1, 12 EV2, 33 EV3, 30 Light.
    private static final int MAJOR_VERSION = 3;

    private static final int EV2 = 0x12;

    /// Each key changes itself (E); whoever has key 0 may change settings and make files; anyone
    /// may list the files (B).
    private static final int KEY_SETTINGS = 0xEB;

    private static final int AES_KEYS = 0x80 | CardLayout.KEY_COUNT;

    private final KeyRing keys;
    private final RandomBytes random;
    private final KeyTrial trial;

    /// The ring must hold all keys that a card has: this is the hub's or the office's ring, never
    /// that of a door.
    public CardPersonaliser(KeyRing keys, RandomBytes random) {
        KeyTrial.requireAll(keys, List.of(0, 1, 2, 3, 4, CardLayout.TMAC_KEY));
        this.keys = keys;
        this.random = random;
        this.trial = new KeyTrial(keys, random, CardLayout.APPLICATION);
    }

    /// @param progress told of each step as it begins
    /// @throws CardRefusedException also when the card is one of ours already
    public PersonalisedCard personalise(CardChannel card, Consumer<PersonalisationStep> progress)
            throws CardLostException, CardRefusedException {
        Uid uid = CardIdentifier.readOwnUid(card);
        progress.accept(PersonalisationStep.APPLICATION);
        if (!selects(card)) {
            createApplication(card);
        }
        progress.accept(PersonalisationStep.FILES);
        createFiles(card, uid);
        progress.accept(PersonalisationStep.KEYS);
        for (int number = CardLayout.KEY_COUNT - 1; number >= 0; number--) {
            renewKey(card, uid, number);
        }
        progress.accept(PersonalisationStep.VERIFICATION);
        PersonalisedCard made = verify(card);
        if (!made.uid().equals(uid)) {
            throw new CardLostException("another card came in place of " + uid);
        }
        return made;
    }

    /// Asks a card of ours to prove itself as it will have to at a door.
    public PersonalisedCard verify(CardChannel card)
            throws CardLostException, CardRefusedException {
        try (Authenticated proved = new CardIdentifier(keys, random).identify(card)) {
            CardJournal journal =
                    proved.journal().orElseThrow(() -> refused("the card is none of ours"));
            return new PersonalisedCard(proved.uid(), journal.counter());
        }
    }

    private static boolean selects(CardChannel card)
            throws CardLostException, CardRefusedException {
        StatusWord status = select(card, CardLayout.APPLICATION.bytes());
        if (!status.equals(StatusWord.DONE) && !status.equals(StatusWord.APPLICATION_NOT_FOUND)) {
            throw refused(status, "this is no DESFire card, or it is broken");
        }
        return status.equals(StatusWord.DONE);
    }

    private static StatusWord select(CardChannel card, byte[] application)
            throws CardLostException {
        return CommandApdu.wrapped(Instruction.SELECT_APPLICATION, application)
                .sendTo(card)
                .status();
    }

    private static void createApplication(CardChannel card)
            throws CardLostException, CardRefusedException {
        requireTransactionMac(card);
        StatusWord root = select(card, new byte[ApplicationId.LENGTH]);
        if (!root.equals(StatusWord.DONE)) {
            throw refused(root, "the card would not let itself be written");
        }
        StatusWord created =
                CommandApdu.wrapped(
                                Instruction.CREATE_APPLICATION,
                                CardLayout.APPLICATION.bytes(),
                                Bytes.of(KEY_SETTINGS, AES_KEYS))
                        .sendTo(card)
                        .status();
        if (created.equals(StatusWord.OUT_OF_MEMORY)) {
            throw refused(created, "the card is full: take a new one, or format this one");
        }
        if (!created.equals(StatusWord.DONE)) {
            throw refused(
                    created, "the card takes no new application: it belongs to somebody else");
        }
        if (!selects(card)) {
            throw refused("the card forgot the application it has just made");
        }
    }

    /// Asked before anything is written, because an older card would take the application and then
    /// be of no use.
    private static void requireTransactionMac(CardChannel card)
            throws CardLostException, CardRefusedException {
        byte[] hardware =
                CommandApdu.wrapped(Instruction.GET_VERSION)
                        .sendTo(card)
                        .dataOf(CardStep.PERSONALISATION, StatusWord.ANOTHER_FRAME, 7);
        // The card expects to be asked for its other two frames.
        CommandApdu.wrapped(Instruction.ANOTHER_FRAME).sendTo(card);
        CommandApdu.wrapped(Instruction.ANOTHER_FRAME).sendTo(card);
        if (Byte.toUnsignedInt(hardware[MAJOR_VERSION]) < EV2) {
            throw refused("this is an older DESFire, which cannot carry taps: take an EV2 or EV3");
        }
    }

    private void createFiles(CardChannel card, Uid uid)
            throws CardLostException, CardRefusedException {
        create(
                card,
                uid,
                CommMode.MAC,
                Instruction.CREATE_CYCLIC_RECORD_FILE,
                Bytes.join(
                        Bytes.of(CardLayout.RECORD_FILE, COMMUNICATION_FULL),
                        Bytes.lsbFirst(RECORD_ACCESS, 2),
                        Bytes.lsbFirst(CardRecord.LENGTH, 3),
                        Bytes.lsbFirst(RECORDS, 3)),
                Bytes.NONE);
        int version = keys.versions(CardLayout.TMAC_KEY).last();
        try (AesKey key = keys.cardKey(uid, CardLayout.APPLICATION, CardLayout.TMAC_KEY, version)) {
            byte[] value = key.copy();
            byte[] secret = Bytes.join(value, Bytes.of(version));
            try {
                create(
                        card,
                        uid,
                        CommMode.FULL,
                        Instruction.CREATE_TRANSACTION_MAC_FILE,
                        Bytes.join(
                                Bytes.of(CardLayout.TMAC_FILE, COMMUNICATION_MAC),
                                Bytes.lsbFirst(TMAC_ACCESS, 2),
                                Bytes.of(AES)),
                        secret);
            } finally {
                Bytes.zero(value, secret);
            }
        }
    }

    /// One file in a session of its own: that it is there already ends the session.
    private void create(
            CardChannel card, Uid uid, CommMode mode, int instruction, byte[] header, byte[] data)
            throws CardLostException, CardRefusedException {
        try (SecureChannel session = openAsFactory(card, uid)) {
            session.exchange(mode, instruction, header, data, 0);
        } catch (CardRefusedException e) {
            if (e.status().filter(StatusWord.DUPLICATE::equals).isEmpty()) {
                throw e;
            }
        }
    }

    private SecureChannel openAsFactory(CardChannel card, Uid uid)
            throws CardLostException, CardRefusedException {
        Optional<SecureChannel> session = trial.openWithFactoryKey(card, CardLayout.HUB_KEY);
        if (session.isPresent()) {
            return session.get();
        }
        throw refused(trial.isOurs(card, uid, CardLayout.HUB_KEY) ? ALREADY_OURS : NOT_OURS);
    }

    private void renewKey(CardChannel card, Uid uid, int number)
            throws CardLostException, CardRefusedException {
        List<Integer> versions = trial.newestFirst(number);
        int newest = versions.getFirst();
        Optional<SecureChannel> open = trial.openWithFactoryKey(card, number);
        for (int version : versions) {
            if (open.isEmpty()) {
                open = trial.openWithOurKey(card, uid, number, version);
                if (open.isPresent() && version == newest) {
                    open.get().close();
                    return;
                }
            }
        }
        try (SecureChannel session =
                        open.orElseThrow(
                                () -> refused("key " + number + " of this card is not ours"));
                AesKey key = trial.newest(uid, number)) {
            KeyChange.ofOwn(session, number, key, newest);
        }
    }

    private static CardRefusedException refused(String message) {
        return new CardRefusedException(CardStep.PERSONALISATION, message);
    }

    private static CardRefusedException refused(StatusWord status, String message) {
        return new CardRefusedException(CardStep.PERSONALISATION, status, message);
    }
}
