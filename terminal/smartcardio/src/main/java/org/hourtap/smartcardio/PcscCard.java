package org.hourtap.smartcardio;

import java.util.concurrent.atomic.AtomicReference;
import javax.smartcardio.ATR;
import javax.smartcardio.Card;
import javax.smartcardio.CardChannel;
import javax.smartcardio.CardException;
import javax.smartcardio.CardNotPresentException;

/// One card from its connection to the first error or to [#disconnect], whichever comes first.
///
/// After an error it is dead: the handle is given back at once, and every further call fails
/// without touching the reader. pcscd notices an exchange of cards only at its next poll and would
/// let an old handle talk to the next member's card.
final class PcscCard extends Card {
    private final CardConnection connection;
    private final PcscChannel basicChannel = new PcscChannel(this);
    private final AtomicReference<State> state = new AtomicReference<>(Plain.OPEN);

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

    /// Not offered: a thread that waits for another's exclusive access would do so inside pcsc-lite
    /// with the [HandleGate] shut.
    @Override
    public void beginExclusive() throws CardException {
        requireConnected();
        throw new CardException(
                "exclusive access begins with the connection: connect(\"EXCLUSIVE;*\")");
    }

    @Override
    public void endExclusive() {
        requireConnected();
        throw new IllegalStateException("exclusive access ends with the connection: disconnect");
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
