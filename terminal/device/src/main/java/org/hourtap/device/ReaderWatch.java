package org.hourtap.device;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.hourtap.card.CardChannel;
import org.hourtap.card.CardLostException;
import org.hourtap.runtime.RoleThread;
import org.hourtap.tap.CardReader;
import org.hourtap.tap.ReaderException;

/// Times every call into a reader, and has a thread of its own, `watchdog`, that tells staff when
/// one does not come back. Nothing is forced: a call that hangs in the reader's driver ends when
/// the reader is unplugged, and then the reader loop goes on by itself.
///
/// A thread of its own, because the thread that hangs may be the reader's or the tap's, depending
/// on what the card was being asked.
final class ReaderWatch implements CardReader {
    static final String SENTENCE =
            "The card reader does not answer. Unplug it, count to five, plug it in again.";

    /// Beyond the time a call was given. The slowest card and a second of blinking are far below.
    private static final long LATE_MICROS = 5_000_000;

    private static final Duration TICK = Duration.ofMillis(500);
    private static final long NO_CALL = Long.MAX_VALUE;
    private static final long MICROS_PER_MILLI = 1_000;

    private static final System.Logger LOG = System.getLogger(ReaderWatch.class.getName());

    private final CardReader reader;
    private final ReaderLoop.Desk desk;
    private final LongSupplier clock;

    /// When the call that is under way is late. One thread at a time drives a reader.
    private final AtomicLong lateAtMicros = new AtomicLong(NO_CALL);

    private final AtomicBoolean isAsleep = new AtomicBoolean();
    private final RoleThread thread;

    /// @param desk told on the watchdog's thread that the reader hangs, and on the reader's that it
    ///   is back
    /// @param bootMicros microseconds since boot
    ReaderWatch(CardReader reader, ReaderLoop.Desk desk, LongSupplier bootMicros) {
        this.reader = reader;
        this.desk = desk;
        this.clock = bootMicros;
        this.thread = RoleThread.start("watchdog", 1, TICK, this::look, ReaderWatch::report);
    }

    @Override
    public Optional<CardChannel> awaitCard(Duration timeout)
            throws ReaderException, InterruptedException {
        Optional<CardChannel> card;
        begin(timeout);
        try {
            card = reader.awaitCard(timeout);
        } finally {
            end();
        }
        awake();
        return card.map(this::watched);
    }

    @Override
    public boolean release(Duration timeout) throws ReaderException, InterruptedException {
        boolean hasLeft;
        begin(timeout);
        try {
            hasLeft = reader.release(timeout);
        } finally {
            end();
        }
        awake();
        return hasLeft;
    }

    /// A reader that hangs is left hanging, because letting go of it would wait for it.
    @Override
    public void close() {
        thread.close();
        if (isLate()) {
            LOG.log(System.Logger.Level.WARNING, "stopped while the reader did not answer");
        } else {
            reader.close();
        }
    }

    private CardChannel watched(CardChannel card) {
        return command -> exchange(card, command);
    }

    private byte[] exchange(CardChannel card, byte[] command) throws CardLostException {
        begin(Duration.ZERO);
        try {
            return card.transceive(command);
        } finally {
            end();
        }
    }

    private void begin(Duration given) {
        lateAtMicros.set(clock.getAsLong() + given.toMillis() * MICROS_PER_MILLI + LATE_MICROS);
    }

    private void end() {
        lateAtMicros.set(NO_CALL);
    }

    private boolean isLate() {
        return clock.getAsLong() > lateAtMicros.get();
    }

    /// Told before noted: should the call come back in between, the next good one, a moment later,
    /// finds the note and takes the sentence back.
    private void look() {
        if (isLate() && !isAsleep.get()) {
            LOG.log(System.Logger.Level.WARNING, SENTENCE);
            desk.readerFailed(SENTENCE);
            isAsleep.set(true);
        }
    }

    /// Only a call that ended well says so. One that failed is the reader loop's to report, and its
    /// sentence replaces ours.
    private void awake() {
        if (isAsleep.compareAndSet(true, false)) {
            LOG.log(System.Logger.Level.INFO, "the reader answers again");
            desk.readerWorks();
        }
    }

    private static void report(Throwable failure) {
        LOG.log(System.Logger.Level.ERROR, "the watchdog goes on after a failure", failure);
    }
}
