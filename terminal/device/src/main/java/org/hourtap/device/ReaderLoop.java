package org.hourtap.device;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.hourtap.card.CardChannel;
import org.hourtap.card.CardIdentifier;
import org.hourtap.runtime.RoleThread;
import org.hourtap.tap.CardReader;
import org.hourtap.tap.Presented;
import org.hourtap.tap.ReaderException;

/// The thread `reader`: waits for a card, asks it who it is, hands that to the tap thread, waits
/// for the answer, and waits again until the card has left. A reader that fails is tried again for
/// as long as it takes.
public final class ReaderLoop implements AutoCloseable {
    /// Short, so that a stop is quick; the wait itself costs nothing.
    private static final Duration SLICE = Duration.ofMillis(200);

    /// Between two attempts at a dead reader: quick enough for whoever plugs it in and looks.
    private static final long RETRY_MILLIS = 500;

    /// RoleThread's own pause between duties; the duty waits by itself.
    private static final Duration TICK = Duration.ofMillis(1);

    private static final System.Logger LOG = System.getLogger(ReaderLoop.class.getName());

    private final CardReader reader;
    private final CardVisit visit;
    private final Desk desk;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final RoleThread thread;

    // Confined to the reader thread.
    private boolean isCardHeld;
    private boolean isFailing;
    private boolean isKnown;

    /// Where the reader's news go. Called on the reader thread.
    public interface Desk {
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
        this.visit = new CardVisit(identifier, desk, rollsKeys);
        this.desk = desk;
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
                visit.present(channel.get());
            }
        } catch (ReaderException e) {
            failed(e);
        }
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
