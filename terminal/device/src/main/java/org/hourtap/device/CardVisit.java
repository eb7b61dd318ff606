package org.hourtap.device;

import org.hourtap.card.Authenticated;
import org.hourtap.card.CardChannel;
import org.hourtap.card.CardClass;
import org.hourtap.card.CardIdentifier;
import org.hourtap.card.CardLostException;
import org.hourtap.card.CardRefusedException;
import org.hourtap.contract.CardId;
import org.hourtap.contract.TapEvent;
import org.hourtap.tap.Presented;

/// One visit of a card to the reader: it is asked who it is, the desk answers the person while the
/// session with the card stands, and then it may get a newer key. Confined to the reader thread.
public final class CardVisit {
    /// Names a card that would not even tell its number.
    private static final CardId NAMELESS = new CardId("NO-NUMBER");

    private static final System.Logger LOG = System.getLogger(CardVisit.class.getName());

    private final CardIdentifier identifier;
    private final ReaderLoop.Desk desk;
    private final boolean rollsKeys;

    /// @param rollsKeys whether a welcomed card is moved to the newest key held here
    public CardVisit(CardIdentifier identifier, ReaderLoop.Desk desk, boolean rollsKeys) {
        this.identifier = identifier;
        this.desk = desk;
        this.rollsKeys = rollsKeys;
    }

    /// The session with the card stays open until the desk has answered, because the tap goes on in
    /// it.
    public void present(CardChannel channel) throws InterruptedException {
        UidWatch watched = new UidWatch(channel);
        try (Authenticated proved = askTwice(watched)) {
            answered(proved);
        } catch (CardLostException e) {
            LOG.log(System.Logger.Level.DEBUG, "card lost", e);
            desk.presented(new Presented.Torn());
        } catch (CardRefusedException e) {
            LOG.log(System.Logger.Level.INFO, "card refused: {0}", e.getMessage());
            desk.presented(new Presented.NotGenuine(watched.uid().orElse(NAMELESS)));
        }
    }

    private void answered(Authenticated proved) throws InterruptedException {
        CardId card = new CardId(proved.uid().hex());
        LentJournal journal = proved.journal().map(LentJournal::new).orElse(null);
        try {
            desk.presented(new Presented.Identified(card, proofOf(proved.cardClass()), journal));
        } finally {
            if (journal != null) {
                journal.takeBack();
            }
        }
        // Only for a card that was welcomed: nobody gets a new key for the asking.
        if (rollsKeys && proved.isKeyOld() && journal != null && journal.isCommitted()) {
            rollKey(proved);
        }
    }

    /// After the answer, so that nobody waits for it. Whatever becomes of it, the card opens with
    /// one of the two keys, and an old one is rolled at its next tap.
    private static void rollKey(Authenticated proved) {
        try {
            proved.rollKey();
            LOG.log(System.Logger.Level.INFO, "card {0} has the newest key now", proved.uid());
        } catch (CardLostException | CardRefusedException e) {
            LOG.log(System.Logger.Level.INFO, "a card keeps its old key: {0}", e.getMessage());
        }
    }

    /// A genuine card was once seen to refuse in the middle of a handshake, on a busy machine over
    /// a virtual reader; why is not known (a reset between two commands would explain it). Once
    /// more from the start tells it from a clone, which is refused again.
    private Authenticated askTwice(CardChannel channel)
            throws CardLostException, CardRefusedException {
        try {
            return identifier.identify(channel);
        } catch (CardRefusedException e) {
            LOG.log(System.Logger.Level.INFO, "card refused, asked again: {0}", e.getMessage());
            return identifier.identify(channel);
        }
    }

    private static TapEvent.Proof proofOf(CardClass cardClass) {
        return switch (cardClass) {
            case DESFIRE_EV2 -> TapEvent.Proof.DESFIRE_EV2;
            case DESFIRE_EV1 -> TapEvent.Proof.DESFIRE_EV1;
            case NTAG_424 -> TapEvent.Proof.NTAG_424;
            case UID_ONLY -> TapEvent.Proof.UID_ONLY;
        };
    }
}
