package org.hourtap.device;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.hourtap.card.Authenticated;
import org.hourtap.card.CardChannel;
import org.hourtap.card.CardClass;
import org.hourtap.card.CardIdentifier;
import org.hourtap.card.CardLostException;
import org.hourtap.card.CardRefusedException;
import org.hourtap.contract.CardId;
import org.hourtap.contract.TapEvent;
import org.hourtap.runtime.RoleThread;
import org.hourtap.tap.CardReader;
import org.hourtap.tap.Presented;
import org.hourtap.tap.ReaderException;

/// The thread `reader`: waits for a card, asks it who it is, hands that to the tap thread, waits
/// for the answer, and waits again until the card has left. A reader that fails is tried again for
/// as long as it takes.
final class ReaderLoop implements AutoCloseable {
    /// Short, so that a stop is quick; the wait itself costs nothing.
    private static final Duration SLICE = Duration.ofMillis(200);

    /// Between two attempts at a dead reader: quick enough for whoever plugs it in and looks.
    private static final long RETRY_MILLIS = 500;

    /// RoleThread's own pause between duties; the duty waits by itself.
    private static final Duration TICK = Duration.ofMillis(1);

    /// Names a card that would not even tell its number.
    private static final CardId NAMELESS = new CardId("NO-NUMBER");

    private static final System.Logger LOG = System.getLogger(ReaderLoop.class.getName());

    private final CardReader reader;
    private final CardIdentifier identifier;
    private final Desk desk;
    private final boolean rollsKeys;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final RoleThread thread;

    // Confined to the reader thread.
    private boolean isCardHeld;
    private boolean isFailing;
    private boolean isKnown;

    /// Where the reader's news go. Called on the reader thread.
    interface Desk {
        /// Answers the person; returns when that is done or took too long.
        void presented(Presented presented) throws InterruptedException;

        /// @param sentence what staff can do about it
        void readerFailed(String sentence);

        /// Told once at the beginning, and after each failure.
        void readerWorks();
    }

    /// @param rollsKeys whether a welcomed card is moved to the newest key held here
    ReaderLoop(CardReader reader, CardIdentifier identifier, Desk desk, boolean rollsKeys) {
        this.reader = reader;
        this.identifier = identifier;
        this.desk = desk;
        this.rollsKeys = rollsKeys;
        this.thread = RoleThread.start("reader", 1, TICK, this::step, ReaderLoop::report);
    }

    @Override
    public void close() {
        stopping.countDown();
        thread.close();
        reader.close();
    }

    private void step() throws InterruptedException {
        try {
            if (isCardHeld) {
                isCardHeld = !reader.release(SLICE);
                return;
            }
            Optional<CardChannel> channel = reader.awaitCard(SLICE);
            works();
            if (channel.isPresent()) {
                isCardHeld = true;
                present(channel.get());
            }
        } catch (ReaderException e) {
            failed(e);
        }
    }

    /// The session with the card stays open until the desk has answered, because the tap goes on in
    /// it.
    private void present(CardChannel channel) throws InterruptedException {
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

    private void works() {
        if (isFailing || !isKnown) {
            LOG.log(
                    System.Logger.Level.INFO,
                    isKnown ? "the reader works again" : "the reader works");
            isFailing = false;
            isKnown = true;
            desk.readerWorks();
        }
    }

    private void failed(ReaderException e) throws InterruptedException {
        isCardHeld = false;
        isKnown = true;
        if (!isFailing) {
            isFailing = true;
            LOG.log(System.Logger.Level.WARNING, e.getMessage(), e.getCause());
        }
        desk.readerFailed(String.valueOf(e.getMessage()));
        boolean stop = stopping.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
        LOG.log(System.Logger.Level.TRACE, "retry, stopping: {0}", stop);
    }

    private static void report(Throwable failure) {
        LOG.log(System.Logger.Level.ERROR, "the reader thread goes on after a failure", failure);
    }
}
