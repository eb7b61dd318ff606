package org.hourtap.smartcardio;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import javax.smartcardio.CardException;
import javax.smartcardio.CardTerminal;
import javax.smartcardio.CardTerminals;
import org.jspecify.annotations.Nullable;

/// The readers pcscd has at the moment of each call. A failed call spoils nothing: the next one
/// connects to pcscd anew.
///
/// Differs from the letter of [CardTerminals] where a kiosk needs it: [#waitForChange] without any
/// reader waits for one to be plugged in, a reader that comes or goes is a change, and a card
/// inserted between the first [#list] and the first wait is not lost.
final class PcscTerminals extends CardTerminals {
    private final LongSupplier monotonicNanos;

    /// What the last wait, or the first list, left behind. Nothing before either.
    private final AtomicReference<@Nullable ReaderChanges> last = new AtomicReference<>();

    PcscTerminals(LongSupplier monotonicNanos) {
        this.monotonicNanos = monotonicNanos;
    }

    @Override
    public List<CardTerminal> list(State state) throws CardException {
        Objects.requireNonNull(state, "state");
        List<ReaderState> now;
        try (var context = PcscContext.open()) {
            now = context.states(context.readers());
        }
        last.compareAndSet(null, ReaderChanges.none(now));
        var changes = Objects.requireNonNull(last.get(), "set above");
        return terminals(
                now.stream().filter(reader -> !reader.gone() && changes.matches(reader, state)));
    }

    private List<CardTerminal> terminals(Stream<ReaderState> readers) {
        return readers.<CardTerminal>map(reader -> new PcscTerminal(reader.name(), monotonicNanos))
                .toList();
    }

    @Override
    public boolean waitForChange(long timeout) throws CardException {
        var wait = new CardWait(monotonicNanos, timeout);
        try (var context = PcscContext.open()) {
            return waitForChange(context, wait);
        } catch (CardException e) {
            last.updateAndGet(changes ->
                    changes == null ? ReaderChanges.none(List.of()) : changes.afterFailure());
            throw e;
        }
    }

    private boolean waitForChange(PcscContext context, CardWait wait) throws CardException {
        var now = context.states(context.readers());
        last.compareAndSet(null, ReaderChanges.none(now));
        var before = Objects.requireNonNull(last.get(), "set above").seen();
        while (true) {
            var changes = ReaderChanges.between(before, now);
            last.set(changes);
            if (changes.any()) {
                return true;
            }
            var slice = wait.nextSlice();
            if (slice == 0) {
                return false;
            }
            context.await(now, slice);
            now = context.states(context.readers());
        }
    }
}
