package org.hourtap.card;

import java.util.Optional;

/// What a card has proved: which card it is, and how strongly. Holds the session with the card, if
/// there is one; close it when the presentation is over.
///
/// A copied UID on a blank card comes out as [CardClass#UID_ONLY]. Whoever decides a tap must
/// therefore compare `cardClass` with the class the card was registered with, and refuse a card
/// that proves less than it used to.
public final class Authenticated implements AutoCloseable {
    private final Uid uid;
    private final CardClass cardClass;
    private final Optional<CardJournal> journal;
    private final Optional<KeyRoll> keyRoll;
    private final Runnable end;

    /// @param end is run at each close and must bear that
    public Authenticated(
            Uid uid, CardClass cardClass, Optional<CardJournal> journal, Runnable end) {
        this(uid, cardClass, journal, Optional.empty(), end);
    }

    private Authenticated(
            Uid uid,
            CardClass cardClass,
            Optional<CardJournal> journal,
            Optional<KeyRoll> keyRoll,
            Runnable end) {
        this.uid = uid;
        this.cardClass = cardClass;
        this.journal = journal;
        this.keyRoll = keyRoll;
        this.end = end;
    }

    /// A card without a session.
    public static Authenticated of(Uid uid, CardClass cardClass) {
        return new Authenticated(uid, cardClass, Optional.empty(), () -> {});
    }

    /// The same card, whose key is older than it should be.
    public Authenticated withOldKey(KeyRoll roll) {
        return new Authenticated(uid, cardClass, journal, Optional.of(roll), end);
    }

    public Uid uid() {
        return uid;
    }

    public CardClass cardClass() {
        return cardClass;
    }

    /// The taps the card carries; empty for a card that is an identity and no more.
    public Optional<CardJournal> journal() {
        return journal;
    }

    /// Whether the card's key has a newer version here, so that [#rollKey] should be called once
    /// the person has had an answer.
    public boolean isKeyOld() {
        return keyRoll.isPresent();
    }

    /// Gives the card the newest version of its key. Ends the session: nothing else can be asked
    /// afterwards. Whether it fails or its answer is lost, the card has one of the two keys and
    /// says which at its next tap.
    public void rollKey() throws CardLostException, CardRefusedException {
        keyRoll.orElseThrow(() -> new IllegalStateException("this card's key is not old")).roll();
    }

    /// Ends the session and zeroes its keys. More than once does no harm.
    @Override
    public void close() {
        end.run();
    }

    @Override
    public String toString() {
        return "Authenticated[" + uid + ", " + cardClass + "]";
    }
}
