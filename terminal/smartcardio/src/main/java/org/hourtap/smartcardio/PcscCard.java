package org.hourtap.smartcardio;

import java.util.concurrent.atomic.AtomicReference;
import javax.smartcardio.ATR;
import javax.smartcardio.Card;
import javax.smartcardio.CardChannel;
import javax.smartcardio.CardException;
import javax.smartcardio.CardNotPresentException;
import org.jspecify.annotations.Nullable;

/// One card from its connection to the first error or to [#disconnect], whichever comes first.
///
/// After an error it is dead: the handle is given back at once, and every further call fails
/// without touching the reader. pcscd notices an exchange of cards only at its next poll and would
/// let an old handle talk to the next member's card.
final class PcscCard extends Card {
    private final CardConnection connection;
    private final PcscChannel basicChannel = new PcscChannel(this);
    private final AtomicReference<State> state = new AtomicReference<>(Plain.OPEN);

    /// The thread that has exclusive access, if one has.
    private final AtomicReference<@Nullable Thread> owner = new AtomicReference<>();

    private sealed interface State {}

    private enum Plain implements State {
        OPEN,
        DISCONNECTED
    }

    private record Dead(CardException cause) implements State {}

    /// An exchange with the card or the reader that may fail.
    @FunctionalInterface
    interface Exchange<T> {
        T run(CardConnection connection) throws CardException;
    }

    private PcscCard(CardConnection connection) {
        this.connection = connection;
    }

    static PcscCard connect(String reader, ConnectMode mode) throws CardException {
        return new PcscCard(CardConnection.open(reader, mode));
    }

    @Override
    public ATR getATR() {
        return connection.atr();
    }

    @Override
    public String getProtocol() {
        return ConnectMode.protocolName(connection.protocol());
    }

    @Override
    public CardChannel getBasicChannel() {
        requireConnected();
        return basicChannel;
    }

    @Override
    public CardChannel openLogicalChannel() throws CardException {
        requireConnected();
        throw new CardException(
                "logical channels are not supported; use the basic channel: the cards in use have"
                        + " no others");
    }

    /// Waits for as long as another program holds the card.
    @Override
    public void beginExclusive() throws CardException {
        if (!owner.compareAndSet(null, Thread.currentThread())) {
            requireConnected();
            throw new CardException("exclusive access to this card has already been given");
        }
        try {
            exchange(open -> {
                open.begin();
                return true;
            });
        } catch (CardException | RuntimeException e) {
            owner.set(null);
            throw e;
        }
    }

    /// On a dead card there is nothing left to end, so that a `finally` block never hides the error
    /// that killed the card.
    @Override
    public void endExclusive() throws CardException {
        requireConnected();
        if (state.get() instanceof Dead) {
            owner.set(null);
            return;
        }
        if (!Thread.currentThread().equals(owner.get())) {
            throw new IllegalStateException("this thread has no exclusive access to the card");
        }
        try {
            exchange(open -> {
                open.end();
                return true;
            });
        } finally {
            owner.set(null);
        }
    }

    @Override
    public byte[] transmitControlCommand(int controlCode, byte[] command) throws CardException {
        var copy = command.clone();
        return exchange(open -> open.control(controlCode, copy));
    }

    /// Gives the card back. On a dead card nothing is left to do.
    @Override
    public void disconnect(boolean reset) throws CardException {
        if (state.getAndSet(Plain.DISCONNECTED) == Plain.OPEN) {
            connection.close(reset);
        }
    }

    long protocol() {
        return connection.protocol();
    }

    /// Runs one exchange, and kills this card if it fails.
    <T> T exchange(Exchange<T> exchange) throws CardException {
        requireConnected();
        if (state.get() instanceof Dead(CardException cause)) {
            throw again(cause);
        }
        var exclusive = owner.get();
        if (exclusive != null && !exclusive.equals(Thread.currentThread())) {
            throw new CardException(
                    "thread " + exclusive.getName() + " has exclusive access to this card");
        }
        try {
            return exchange.run(connection);
        } catch (CardException e) {
            die(e);
            throw e;
        }
    }

    void requireConnected() {
        if (state.get() == Plain.DISCONNECTED) {
            throw new IllegalStateException("this card was disconnected");
        }
    }

    private void die(CardException cause) {
        if (!state.compareAndSet(Plain.OPEN, new Dead(cause))) {
            return;
        }
        try {
            connection.close(false);
        } catch (CardException e) {
            cause.addSuppressed(e);
        }
    }

    private static CardException again(CardException cause) {
        var message = "this card failed before and is not used again; tap it again";
        return cause instanceof CardNotPresentException
                ? new CardNotPresentException(message, cause)
                : new CardException(message, cause);
    }

    @Override
    public String toString() {
        return "PC/SC card " + getProtocol() + " " + state.get();
    }
}
