package org.hourtap.smartcardio;

import java.util.function.LongSupplier;
import javax.smartcardio.Card;
import javax.smartcardio.CardException;
import javax.smartcardio.CardTerminal;
import org.jspecify.annotations.Nullable;

/// One reader, known by its name alone; it may be unplugged, plugged in again, or belong to a pcscd
/// that was restarted. Any thread may use it.
final class PcscTerminal extends CardTerminal {
    private final String name;
    private final LongSupplier monotonicNanos;

    PcscTerminal(String name, LongSupplier monotonicNanos) {
        this.name = name;
        this.monotonicNanos = monotonicNanos;
    }

    @Override
    public String getName() {
        return name;
    }

    /// A card of its own for every call: two callers never share a connection.
    @Override
    public Card connect(String protocol) throws CardException {
        return PcscCard.connect(name, ConnectMode.of(protocol));
    }

    @Override
    public boolean isCardPresent() throws CardException {
        try (var context = PcscContext.open()) {
            return context.state(name).present();
        }
    }

    @Override
    public boolean waitForCardPresent(long timeout) throws CardException {
        return waitFor(true, timeout);
    }

    @Override
    public boolean waitForCardAbsent(long timeout) throws CardException {
        return waitFor(false, timeout);
    }

    private boolean waitFor(boolean present, long timeout) throws CardException {
        var wait = new CardWait(monotonicNanos, timeout);
        try (var context = PcscContext.open()) {
            var state = context.state(name);
            while (state.present() != present) {
                var slice = wait.nextSlice();
                if (slice == 0) {
                    return false;
                }
                state = context.await(state, slice);
            }
            return true;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PcscTerminal terminal && terminal.name.equals(name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return "PC/SC terminal " + name;
    }
}
