package org.hourtap.device.pcsc;

import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.smartcardio.CardException;
import javax.smartcardio.CardNotPresentException;
import javax.smartcardio.CardTerminal;
import javax.smartcardio.CardTerminals;
import javax.smartcardio.TerminalFactory;
import org.hourtap.card.CardChannel;
import org.hourtap.card.CardLostException;
import org.hourtap.tap.CardReader;
import org.hourtap.tap.ReaderException;
import org.jspecify.annotations.Nullable;

/// A reader known to PC/SC. After any failure it forgets the terminal and looks for it again, so
/// that it works by itself when the cable or the daemon is back. Confined to the reader thread.
public final class PcscCardReader implements CardReader {
    /// Combined readers show the slot for their security module as a reader of its own.
    private static final String NOT_FOR_MEMBERS = "SAM";

    /// Alone on the card: a curious program beside us must not get between two of our commands.
    private static final String PROTOCOL = "EXCLUSIVE;*";

    private final Source source;
    private final String namePart;
    private @Nullable CardTerminal terminal;
    private @Nullable PcscChannel card;

    /// Where the readers are listed.
    @FunctionalInterface
    interface Source {
        CardTerminals terminals() throws NoSuchAlgorithmException;
    }

    /// @param namePart part of the reader's name; empty for the only one there is
    public PcscCardReader(Provider provider, String namePart) {
        this(() -> TerminalFactory.getInstance("PC/SC", null, provider).terminals(), namePart);
    }

    PcscCardReader(Source source, String namePart) {
        this.source = source;
        this.namePart = namePart;
    }

    @Override
    public Optional<CardChannel> awaitCard(Duration timeout) throws ReaderException {
        CardTerminal here = chosen();
        try {
            if (!here.waitForCardPresent(Math.max(1, timeout.toMillis()))) {
                return Optional.empty();
            }
        } catch (CardException | RuntimeException e) {
            throw failed(e);
        }
        return connected(here);
    }

    @Override
    public boolean release(Duration timeout) throws ReaderException {
        disconnect();
        CardTerminal here = chosen();
        try {
            return here.waitForCardAbsent(Math.max(1, timeout.toMillis()));
        } catch (CardException | RuntimeException e) {
            throw failed(e);
        }
    }

    @Override
    public void close() {
        disconnect();
        terminal = null;
    }

    /// A card that is there but will not connect was pulled, or is held badly; that is not the
    /// reader's failure as long as the reader itself still answers.
    private Optional<CardChannel> connected(CardTerminal here) throws ReaderException {
        try {
            PcscChannel channel = new PcscChannel(here.connect(PROTOCOL));
            card = channel;
            return Optional.of(channel);
        } catch (CardNotPresentException e) {
            return Optional.empty();
        } catch (CardException | RuntimeException e) {
            try {
                return here.isCardPresent() ? Optional.of(lost(e)) : Optional.empty();
            } catch (CardException | RuntimeException dead) {
                dead.addSuppressed(e);
                throw failed(dead);
            }
        }
    }

    private static CardChannel lost(Exception cause) {
        return _ -> {
            throw new CardLostException("the card does not connect", cause);
        };
    }

    private void disconnect() {
        PcscChannel held = card;
        card = null;
        if (held != null) {
            held.disconnect();
        }
    }

    private CardTerminal chosen() throws ReaderException {
        CardTerminal known = terminal;
        if (known != null) {
            return known;
        }
        try {
            CardTerminal found = choose(source.terminals().list());
            terminal = found;
            return found;
        } catch (CardException | NoSuchAlgorithmException | RuntimeException e) {
            throw failed(e);
        }
    }

    private CardTerminal choose(List<CardTerminal> all) throws ReaderException {
        List<CardTerminal> fitting = all.stream().filter(this::fits).toList();
        if (fitting.size() == 1) {
            return fitting.getFirst();
        }
        List<String> names = all.stream().map(CardTerminal::getName).toList();
        if (all.isEmpty()) {
            throw new ReaderException("No card reader is connected. Check its cable.");
        }
        throw new ReaderException(
                (fitting.isEmpty()
                                ? "None of the readers is the configured one"
                                : "More than one reader fits")
                        + ": "
                        + String.join(", ", names)
                        + ". Name part of the right one as reader.name in terminal.properties.");
    }

    private boolean fits(CardTerminal candidate) {
        String name = candidate.getName();
        return namePart.isEmpty()
                ? !name.toUpperCase(Locale.ROOT).contains(NOT_FOR_MEMBERS)
                : name.contains(namePart);
    }

    private ReaderException failed(Exception cause) {
        disconnect();
        terminal = null;
        return new ReaderException(
                "The card reader does not answer. Check its cable, and that the service pcscd runs.",
                cause);
    }
}
