package org.hourtap.smartcardio;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import javax.smartcardio.Card;
import javax.smartcardio.CardException;
import javax.smartcardio.CardTerminal;
import javax.smartcardio.CardTerminals;
import javax.smartcardio.CommandAPDU;
import javax.smartcardio.ResponseAPDU;
import javax.smartcardio.TerminalFactory;
import org.hourtap.smartcardio.testing.CardAnswer;
import org.hourtap.smartcardio.testing.VirtualReader;

/// What the tests with a real pcscd have in common.
final class PcscFixtures {
    static final CommandAPDU READ_UID = new CommandAPDU(0xFF, 0xCA, 0, 0, 256);

    /// pcscd looks every 400 ms; the rest is for a busy machine.
    static final long SOON_MILLIS = 5_000;

    private PcscFixtures() {}

    /// A card that answers every command with its UID.
    static final class UidCard implements CardAnswer {
        final AtomicInteger resets = new AtomicInteger();
        private final String uid;

        UidCard(String uid) {
            this.uid = uid;
        }

        @Override
        public byte[] answer(byte[] apdu) {
            return HexFormat.of().parseHex(uid + "9000");
        }

        @Override
        public void reset() {
            resets.incrementAndGet();
        }
    }

    static CardTerminals terminals() {
        return terminals(System::nanoTime);
    }

    static CardTerminals terminals(LongSupplier monotonicNanos) {
        try {
            return TerminalFactory.getInstance(PcscLite.TYPE, null, new PcscLite(monotonicNanos))
                    .terminals();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    static CardTerminal terminal(CardTerminals terminals, VirtualReader reader)
            throws CardException {
        return terminals.list().stream()
                .filter(terminal -> reader.isTerminal(terminal.getName()))
                .findFirst()
                .orElseThrow();
    }

    static String uid(Card card) throws CardException {
        return hex(card.getBasicChannel().transmit(READ_UID));
    }

    static String hex(ResponseAPDU answer) {
        assertThat(answer.getSW()).isEqualTo(0x9000);
        return HexFormat.of().formatHex(answer.getData());
    }

    /// Connects, reads the UID and disconnects, as a tap does.
    static String tap(CardTerminal terminal) throws CardException {
        assertThat(terminal.waitForCardPresent(SOON_MILLIS)).isTrue();
        var card = terminal.connect("*");
        try {
            return uid(card);
        } finally {
            card.disconnect(false);
        }
    }

    static void awaitAbsent(CardTerminal terminal) throws CardException {
        assertThat(terminal.waitForCardAbsent(SOON_MILLIS)).isTrue();
    }

    /// The first value the attempt gives without a CardException.
    static <T> T eventually(long timeoutMillis, Callable<T> attempt) throws Exception {
        var deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while (true) {
            try {
                return attempt.call();
            } catch (CardException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
    }
}
