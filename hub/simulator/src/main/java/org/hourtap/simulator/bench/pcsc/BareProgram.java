package org.hourtap.simulator.bench.pcsc;

import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.util.function.LongConsumer;
import javax.smartcardio.CardException;
import javax.smartcardio.CardTerminal;
import javax.smartcardio.CommandAPDU;
import javax.smartcardio.TerminalFactory;
import org.hourtap.runtime.SystemTime;
import org.hourtap.smartcardio.PcscLite;
import org.hourtap.smartcardio.testing.VirtualReader;

/// Waits for a card, sends it one command, and then some more.
public final class BareProgram {
    private static final long WAIT_MILLIS_MAX = 5_000;

    private final CardTerminal reader;

    private BareProgram(CardTerminal reader) {
        this.reader = reader;
    }

    public static BareProgram at(VirtualReader wanted) throws IOException {
        try {
            PcscLite provider = new PcscLite(() -> SystemTime.bootMicros() * 1_000);
            return TerminalFactory.getInstance(PcscLite.TYPE, null, provider)
                    .terminals()
                    .list()
                    .stream()
                    .filter(terminal -> wanted.isTerminal(terminal.getName()))
                    .findFirst()
                    .map(BareProgram::new)
                    .orElseThrow(() -> new IOException("no reader for the bare program"));
        } catch (CardException | NoSuchAlgorithmException e) {
            throw new IOException("the bare program finds no reader: " + e.getMessage(), e);
        }
    }

    /// Speaks to the card that is being held to the reader.
    ///
    /// @param more how many further commands to send
    /// @param exchangeMicros told how long each of them took
    /// @return when the first answer was there, by [SystemTime#bootMicros]
    public long echo(int more, LongConsumer exchangeMicros) throws IOException {
        try {
            if (!reader.waitForCardPresent(WAIT_MILLIS_MAX)) {
                throw new IOException("the bare program sees no card");
            }
            var card = reader.connect("*");
            var channel = card.getBasicChannel();
            CommandAPDU command = new CommandAPDU(0xFF, 0xCA, 0, 0, 256);
            channel.transmit(command);
            long answered = SystemTime.bootMicros();
            for (int i = 0; i < more; i++) {
                long begin = SystemTime.bootMicros();
                channel.transmit(command);
                exchangeMicros.accept(SystemTime.bootMicros() - begin);
            }
            card.disconnect(false);
            return answered;
        } catch (CardException e) {
            throw new IOException("the bare program lost its card: " + e.getMessage(), e);
        }
    }

    /// Returns when the card has left.
    public void awaitAbsent() throws IOException {
        try {
            if (!reader.waitForCardAbsent(WAIT_MILLIS_MAX)) {
                throw new IOException("the bare program's card does not leave");
            }
        } catch (CardException e) {
            throw new IOException("the bare program's reader is gone: " + e.getMessage(), e);
        }
    }
}
