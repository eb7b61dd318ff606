package org.hourtap.device.pcsc;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import javax.smartcardio.Card;
import javax.smartcardio.CardException;
import javax.smartcardio.CardTerminal;
import org.hourtap.tap.Cue;
import org.hourtap.tap.Signals;
import org.jspecify.annotations.Nullable;

/// The light and the beeper in the reader itself. A cue is only noted when it is shown, on whatever
/// thread; the reader hears of it on the reader thread, when the card has been answered in full. It
/// is thus never lit before the commit, and never delays an exchange with a card.
///
/// A reader that does not let itself be spoken to is no failure: cards work as before, and the
/// operator is told once what to change.
public final class ReaderLights implements Signals {
    /// SCARD_CTL_CODE(1), which libccid passes on to the reader if its set-up allows that.
    private static final int ESCAPE = 0x42000001;

    private static final String WITHOUT_CARD = "DIRECT";

    /// The longest answer of a reader is a name of some twenty letters; cards answer more.
    private static final int ANSWER_MAX = 258;

    /// As long as a person needs to look up from the card.
    private static final long SHOWN_MICROS = TimeUnit.SECONDS.toMicros(4);

    /// A declined person has turned to ask by then.
    private static final long ASK_SHOWN_MICROS = TimeUnit.SECONDS.toMicros(8);

    /// How long a reader that went dead goes unnoticed when nobody taps. Each look costs the card
    /// that is tapped at this very moment a few milliseconds.
    private static final long LOOK_MICROS = TimeUnit.MINUTES.toMicros(1);

    private static final long NOTHING_LIT = Long.MAX_VALUE;

    private static final System.Logger LOG = System.getLogger(ReaderLights.class.getName());

    private final boolean isWanted;
    private final OptionalInt behaviour;
    private final LongSupplier clock;
    private final AtomicReference<Cue.@Nullable Kind> next = new AtomicReference<>();

    // Confined to the reader thread.
    private ReaderModel model = ReaderModel.OTHER;
    private boolean canSpeak;
    private boolean isSetUpDue;
    private boolean isHintGiven;
    private long outAtMicros = NOTHING_LIT;
    private long spokeMicros;

    /// A way for one command to the reader.
    @FunctionalInterface
    private interface Way {
        byte[] send(byte[] command) throws CardException;
    }

    /// @param isWanted whether the reader may be spoken to at all
    /// @param behaviour what an ACR1252U does of its own accord, if configured
    /// @param bootMicros microseconds since boot
    public ReaderLights(boolean isWanted, OptionalInt behaviour, LongSupplier bootMicros) {
        this.isWanted = isWanted;
        this.behaviour = behaviour;
        this.clock = bootMicros;
    }

    /// A reader that is left as it is.
    public static ReaderLights none() {
        return new ReaderLights(false, OptionalInt.empty(), () -> 0);
    }

    /// Notes the cue. An answer that the reader has not shown yet is not replaced by READY, which
    /// says only that nothing is wrong.
    @Override
    public void show(Cue cue) {
        Cue.Kind kind = cue.kind();
        next.updateAndGet(noted -> kind == Cue.Kind.READY && isAnswer(noted) ? noted : kind);
    }

    /// Sets a reader up that was just found.
    ///
    /// @throws CardException if this reader answered before, was not unplugged since, and now does
    ///   not
    void found(CardTerminal reader) throws CardException {
        boolean answeredBefore = canSpeak;
        model = isWanted ? ReaderModel.of(reader.getName()) : ReaderModel.OTHER;
        canSpeak = false;
        isSetUpDue = false;
        // The person whom this answer was for did not wait for the cable.
        next.updateAndGet(noted -> isAnswer(noted) ? null : noted);
        if (model == ReaderModel.OTHER) {
            return;
        }
        try {
            without(
                    reader,
                    way -> {
                        for (byte[] command : ReaderCommands.question(model)) {
                            String firmware = ReaderCommands.firmware(way.send(command));
                            LOG.log(
                                    System.Logger.Level.INFO,
                                    "{0}: {1}",
                                    reader.getName(),
                                    firmware);
                        }
                        sendAll(way, ReaderCommands.atConnect(model, behaviour));
                        sendAll(way, ReaderCommands.answer(model, Cue.Kind.READY, true));
                    });
            canSpeak = true;
        } catch (CardException | RuntimeException e) {
            if (answeredBefore) {
                canSpeak = true; // still the same reader, and still no answer
                throw new CardException("the reader gives no answer any more", e);
            }
            isSetUpDue = ReaderCommands.isHeardAmongCardCommands(model);
            hint(reader, e);
        }
    }

    /// The reader is not there any more: what is known of it may not be true of the next.
    void lost() {
        canSpeak = false;
    }

    /// The card has been answered and is still there.
    void beforeRelease(Card card) {
        Cue.Kind kind = next.getAndSet(null);
        if (model == ReaderModel.OTHER || (kind == null && !isSetUpDue)) {
            return;
        }
        boolean isAmong = ReaderCommands.isHeardAmongCardCommands(model);
        if (!isAmong && !canSpeak) {
            return;
        }
        Way way =
                isAmong
                        ? command -> transmit(card, command)
                        : command -> card.transmitControlCommand(ESCAPE, command);
        try {
            if (kind != null) {
                light(way, kind);
            }
            if (isSetUpDue) {
                sendAll(way, ReaderCommands.atConnect(model, behaviour));
                isSetUpDue = false;
            }
        } catch (CardException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "the card went before the light came", e);
            next.compareAndSet(null, kind);
        }
    }

    /// No card is there: shows what is still to be shown, puts the light out in time, and looks now
    /// and then whether the reader still answers.
    ///
    /// @throws CardException if it does not
    void betweenCards(CardTerminal reader) throws CardException {
        Cue.Kind kind = next.getAndSet(null);
        if (!canSpeak) {
            return; // an answer that comes too late would be taken for the next person's
        }
        long now = clock.getAsLong();
        if (kind != null) {
            without(reader, way -> light(way, kind));
        } else if (now >= outAtMicros) {
            without(reader, way -> light(way, Cue.Kind.READY));
        } else if (now - spokeMicros >= LOOK_MICROS) {
            without(reader, way -> sendAll(way, ReaderCommands.question(model)));
        }
    }

    private void light(Way way, Cue.Kind kind) throws CardException {
        sendAll(way, ReaderCommands.answer(model, kind, canSpeak));
        outAtMicros =
                switch (kind) {
                    case READY, OUT_OF_SERVICE -> NOTHING_LIT;
                    case WELCOME, SHIFT_STARTED, SHIFT_ENDED, HOLD_AGAIN ->
                            clock.getAsLong() + SHOWN_MICROS;
                    case PLEASE_ASK -> clock.getAsLong() + ASK_SHOWN_MICROS;
                };
    }

    private static boolean isAnswer(Cue.@Nullable Kind kind) {
        return kind != null && kind != Cue.Kind.READY && kind != Cue.Kind.OUT_OF_SERVICE;
    }

    /// Some words to the reader.
    @FunctionalInterface
    private interface Talk {
        void with(Way way) throws CardException;
    }

    private void without(CardTerminal reader, Talk talk) throws CardException {
        Card direct = reader.connect(WITHOUT_CARD);
        try {
            talk.with(command -> direct.transmitControlCommand(ESCAPE, command));
            spokeMicros = clock.getAsLong();
        } finally {
            direct.disconnect(false);
        }
    }

    private static void sendAll(Way way, List<byte[]> commands) throws CardException {
        for (byte[] command : commands) {
            // Whatever it answers: in the second byte of its status an ACR122U shows its lamps.
            byte[] answer = way.send(command);
            LOG.log(System.Logger.Level.TRACE, "the reader answered {0} bytes", answer.length);
        }
    }

    /// Over the card's connection, where the reader picks out what is meant for itself. Not as a
    /// `CommandAPDU`: its answers need not end in a status.
    private static byte[] transmit(Card card, byte[] command) throws CardException {
        ByteBuffer answer = ByteBuffer.allocate(ANSWER_MAX);
        byte[] bytes = new byte[card.getBasicChannel().transmit(ByteBuffer.wrap(command), answer)];
        answer.get(0, bytes);
        return bytes;
    }

    private void hint(CardTerminal reader, Exception e) {
        LOG.log(
                isHintGiven ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                "Cards work, but light and beeper of "
                        + reader.getName()
                        + " cannot be used ("
                        + e.getMessage()
                        + "). If pcscd's log says that the escape command is not allowed, set"
                        + " ifdDriverOptions to 0x0001 in /etc/libccid_Info.plist and restart"
                        + " pcscd; see docs/OPERATING.md. To do without: reader.lights = none in"
                        + " terminal.properties.");
        isHintGiven = true;
    }
}
