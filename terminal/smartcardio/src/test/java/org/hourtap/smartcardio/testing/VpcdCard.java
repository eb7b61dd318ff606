package org.hourtap.smartcardio.testing;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import jdk.net.ExtendedSocketOptions;

/// A virtual card held to a virtual reader, from [#insert] to [#close]. pcscd looks every 400 ms,
/// so a card is seen, and missed, up to that much later.
///
/// The card is the TCP client of vpcd. A frame is a length of two bytes, the high one first, and
/// that many bytes; a frame of one byte is for the card's chip itself:
///
/// ```
/// 00 power off · 01 power on · 02 reset · 04 ATR, the only one of these that is answered
/// ```
public final class VpcdCard implements AutoCloseable {
    private static final Logger LOG = System.getLogger(VpcdCard.class.getName());
    private static final int CONNECT_MILLIS = 5_000;
    private static final int POWER_ON = 1;
    private static final int RESET = 2;
    private static final int ATR = 4;

    private final Socket socket;
    private final CardAnswer card;
    private final Pull pull;
    private final AtomicInteger apdus = new AtomicInteger();
    private final AtomicBoolean removed = new AtomicBoolean();
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    /// When the card leaves the field by itself.
    ///
    /// @param apdu the number of the APDU of this insertion, from 1
    /// @param processed whether the card still does what the APDU says. Its answer is lost either
    ///   way
    public record Pull(int apdu, boolean processed) {
        /// The card stays until it is removed.
        public static final Pull NEVER = new Pull(Integer.MAX_VALUE, false);

        /// The card is gone before it could act on the n-th APDU.
        public static Pull before(int apdu) {
            return new Pull(apdu, false);
        }

        /// The card has acted on the n-th APDU and is gone before its answer arrives.
        public static Pull after(int apdu) {
            return new Pull(apdu, true);
        }
    }

    private VpcdCard(Socket socket, CardAnswer card, Pull pull) {
        this.socket = socket;
        this.card = card;
        this.pull = pull;
    }

    /// Holds the card to the reader.
    public static VpcdCard insert(VirtualReader reader, CardAnswer card) {
        return insert(reader, card, Pull.NEVER);
    }

    /// Holds the card to the reader, to be pulled in an exchange.
    public static VpcdCard insert(VirtualReader reader, CardAnswer card, Pull pull) {
        var socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), reader.port()),
                    CONNECT_MILLIS);
        } catch (IOException e) {
            throw new UncheckedIOException("no virtual reader listens on " + reader, e);
        }
        var inserted = new VpcdCard(socket, card, pull);
        Thread.ofPlatform()
                .name("virtual-card-" + reader.port())
                .daemon(true)
                .start(inserted::serve);
        return inserted;
    }

    /// How many APDUs have reached this card since it was inserted, a pulled one included.
    public int apduCount() {
        return apdus.get();
    }

    /// Whether the card is still held to the reader, as far as the card can tell.
    public boolean inserted() {
        return ended.getCount() > 0;
    }

    /// Waits until the card was pulled, removed, or lost its reader.
    ///
    /// @return whether it was, in that time
    public boolean awaitRemoved(long timeoutMillis) throws InterruptedException {
        return ended.await(timeoutMillis, TimeUnit.MILLISECONDS);
    }

    /// Takes the card away, as its holder would. Does nothing if it is away.
    ///
    /// @throws IllegalStateException if the card's own code failed meanwhile, so that no test
    ///   mistakes that for a pulled card
    @Override
    public void close() {
        takeAway();
        var failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("the virtual card failed", failed);
        }
    }

    private void takeAway() {
        removed.set(true);
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve() {
        try (socket) {
            var in = new DataInputStream(socket.getInputStream());
            var out = new DataOutputStream(socket.getOutputStream());
            while (answer(read(in), out)) {
                // until pulled
            }
        } catch (EOFException | SocketException e) {
            LOG.log(Level.DEBUG, removed.get() ? "card removed" : "pcscd has gone", e);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the virtual card lost its reader", e);
        } catch (RuntimeException e) {
            failure.set(e);
            LOG.log(Level.ERROR, "the virtual card failed", e);
        } finally {
            ended.countDown();
        }
    }

    /// vpcd sends length and body in two pieces. With Nagle there and delayed acknowledgements here
    /// every APDU would take 45 ms; Linux forgets this option, so it is set for every frame.
    private byte[] read(DataInputStream in) throws IOException {
        quickAcknowledge();
        var frame = new byte[in.readUnsignedShort()];
        quickAcknowledge();
        in.readFully(frame);
        quickAcknowledge();
        return frame;
    }

    private void quickAcknowledge() throws IOException {
        socket.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
    }

    private boolean answer(byte[] frame, DataOutputStream out) throws IOException {
        if (frame.length == 1) {
            control(frame[0], out);
            return true;
        }
        var number = apdus.incrementAndGet();
        var pulled = number >= pull.apdu();
        if (pulled && !pull.processed()) {
            return false;
        }
        var answer = card.answer(frame);
        if (!pulled) {
            send(out, answer);
        }
        return !pulled;
    }

    private void control(int code, DataOutputStream out) throws IOException {
        if (code == POWER_ON || code == RESET) {
            card.reset();
        } else if (code == ATR) {
            send(out, card.atr());
        }
    }

    /// In one piece, for the reason given at [#read].
    private static void send(DataOutputStream out, byte[] answer) throws IOException {
        var frame = new byte[2 + answer.length];
        frame[0] = (byte) (answer.length >> 8);
        frame[1] = (byte) answer.length;
        System.arraycopy(answer, 0, frame, 2, answer.length);
        out.write(frame);
        out.flush();
    }
}
