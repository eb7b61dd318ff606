package org.hourtap.device.pcsc;

import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
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
    private static final Pattern NOT_FOR_MEMBERS =
            Pattern.compile("\\bSAM\\b", Pattern.CASE_INSENSITIVE);

    /// How they call the slot that cards are held to.
    private static final String FOR_MEMBERS = "PICC";

    private static final String UNPLUG =
            "The card reader does not answer. Unplug it, count to five, plug it in again.";

    /// Alone on the card: a curious program beside us must not get between two of our commands.
    private static final String PROTOCOL = "EXCLUSIVE;*";

    private final Source source;
    private final String namePart;
    private final ReaderLights lights;
    private @Nullable CardTerminal terminal;
    private @Nullable PcscChannel card;

    /// Where the readers are listed.
    @FunctionalInterface
    interface Source {
        CardTerminals terminals() throws NoSuchAlgorithmException;
    }

    /// @param namePart part of the reader's name; empty for the only one there is
    /// @param lights told when the reader may be spoken to
    public PcscCardReader(Provider provider, String namePart, ReaderLights lights) {
        this(
                () -> TerminalFactory.getInstance("PC/SC", null, provider).terminals(),
                namePart,
                lights);
    }

    PcscCardReader(Source source, String namePart, ReaderLights lights) {
        this.source = source;
        this.namePart = namePart.toUpperCase(Locale.ROOT);
        this.lights = lights;
    }

    @Override
    public Optional<CardChannel> awaitCard(Duration timeout) throws ReaderException {
        CardTerminal here = chosen();
        try {
            lights.betweenCards(here);
        } catch (CardException | RuntimeException e) {
            throw asleep(e);
        }
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
        PcscChannel held = card;
        if (held != null) {
            held.afterAnswer(lights::beforeRelease);
        }
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
        CardTerminal found;
        try {
            found = choose(source.terminals().list());
        } catch (CardException | NoSuchAlgorithmException | RuntimeException e) {
            throw failed(e);
        }
        try {
            lights.found(found);
        } catch (CardException | RuntimeException e) {
            throw asleep(e);
        }
        terminal = found;
        return found;
    }

    private CardTerminal choose(List<CardTerminal> all) throws ReaderException {
        List<CardTerminal> named = all.stream().filter(this::fits).toList();
        List<CardTerminal> preferred =
                named.stream().filter(reader -> upperName(reader).contains(FOR_MEMBERS)).toList();
        List<CardTerminal> fitting = preferred.isEmpty() ? named : preferred;
        if (fitting.size() == 1) {
            return fitting.getFirst();
        }
        lights.lost();
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
                        + ". Name part of the right one: reader.name in terminal.properties, or"
                        + " --reader.");
    }

    private boolean fits(CardTerminal candidate) {
        return upperName(candidate).contains(namePart)
                && !NOT_FOR_MEMBERS.matcher(candidate.getName()).find();
    }

    private static String upperName(CardTerminal reader) {
        return reader.getName().toUpperCase(Locale.ROOT);
    }

    /// PC/SC is all right and the reader behind it is not.
    private ReaderException asleep(Exception cause) {
        disconnect();
        terminal = null;
        return new ReaderException(UNPLUG, cause);
    }

    private ReaderException failed(Exception cause) {
        disconnect();
        terminal = null;
        lights.lost();
        return new ReaderException(
                "The card reader does not answer. Check its cable, and that the service pcscd runs.",
                cause);
    }
}
