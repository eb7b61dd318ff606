package org.hourtap.device.vpcd;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.hourtap.card.CardChannel;
import org.hourtap.card.CardLostException;
import org.hourtap.tap.CardReader;
import org.hourtap.tap.ReaderException;
import org.jspecify.annotations.Nullable;

/// The reader's side of the protocol of vsmartcard's vpcd. A card enters the field by connecting
/// and leaves by closing; a second one waits until the first has left. Whoever connects may send
/// garbage: it costs them their connection. Confined to the reader thread.
///
/// ```
/// frame:   length (2, high byte first), that many bytes
/// control: a frame of one byte: 00 off, 01 on, 02 reset (no answer), 04 ATR (answered)
/// ```
public final class VpcdCardReader implements CardReader {
    private static final byte POWER_OFF = 0;
    private static final byte POWER_ON = 1;
    private static final byte ATR = 4;

    /// ISO 7816-3 ends an ATR after 33 bytes; short answers end after 258.
    private static final int FRAME_MAX = 512;

    /// Cards that come while another is in the field.
    private static final int BACKLOG = 16;

    /// A chip answers in milliseconds; five times what a slow machine needs.
    private static final long ANSWER_MICROS_MAX = 2_000_000;

    /// A card has nothing to say while it leaves; more than this and it is thrown out.
    private static final int PARTING_BYTES_MAX = 4_096;

    private static final long MICROS_PER_MILLI = 1_000;

    private final ServerSocket server;
    private final LongSupplier bootMicros;
    private @Nullable Socket card;
    private int partingBytes;

    private VpcdCardReader(ServerSocket server, LongSupplier bootMicros) {
        this.server = server;
        this.bootMicros = bootMicros;
    }

    /// @param port on 127.0.0.1; 0 for any that is free
    /// @param bootMicros microseconds since boot
    /// @throws IOException in words for the person who starts the terminal
    public static VpcdCardReader open(int port, LongSupplier bootMicros) throws IOException {
        ServerSocket server = new ServerSocket();
        try {
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
            return new VpcdCardReader(server, bootMicros);
        } catch (IOException e) {
            server.close();
            throw new IOException(
                    "Port "
                            + port
                            + " on 127.0.0.1, where virtual cards would connect, is used by"
                            + " another program. Stop that program or set another reader.port.",
                    e);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    @Override
    public Optional<CardChannel> awaitCard(Duration timeout) throws ReaderException {
        leave();
        try {
            server.setSoTimeout((int) Math.max(1, timeout.toMillis()));
            Socket entered = server.accept();
            card = entered;
            return powered(entered) ? Optional.of(this::transceive) : Optional.empty();
        } catch (SocketTimeoutException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new ReaderException("The virtual reader is closed.", e);
        }
    }

    @Override
    public boolean release(Duration timeout) {
        Socket held = card;
        if (held == null) {
            return true;
        }
        try {
            if (partingBytes == 0) {
                send(held, new byte[] {POWER_OFF});
                partingBytes = 1;
            }
            held.setSoTimeout((int) Math.max(1, timeout.toMillis()));
            int count = held.getInputStream().read(new byte[FRAME_MAX]);
            partingBytes += Math.max(0, count);
            if (count >= 0 && partingBytes <= PARTING_BYTES_MAX) {
                return false;
            }
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            log(e); // gone, which is what was waited for
        }
        leave();
        return true;
    }

    @Override
    public void close() {
        leave();
        try {
            server.close();
        } catch (IOException e) {
            log(e);
        }
    }

    /// A card that had left the queue before its turn was never in the field.
    private boolean powered(Socket entered) {
        try {
            entered.setTcpNoDelay(true);
            send(entered, new byte[] {POWER_ON});
            send(entered, new byte[] {ATR});
            return receive(entered).length >= 2;
        } catch (IOException e) {
            log(e);
        }
        leave();
        return false;
    }

    private byte[] transceive(byte[] command) throws CardLostException {
        Socket held = card;
        if (held == null) {
            throw new CardLostException("the card has left");
        }
        try {
            send(held, command);
            byte[] answer = receive(held);
            if (answer.length < 2) {
                throw new IOException("an answer has at least its status");
            }
            return answer;
        } catch (IOException e) {
            throw new CardLostException("the virtual card left the field", e);
        }
    }

    /// Length and body in one piece: in two, the peer's delayed acknowledgement costs 40 ms.
    private static void send(Socket socket, byte[] payload) throws IOException {
        byte[] frame = new byte[2 + payload.length];
        frame[0] = (byte) (payload.length >> 8);
        frame[1] = (byte) payload.length;
        System.arraycopy(payload, 0, frame, 2, payload.length);
        socket.getOutputStream().write(frame);
    }

    private byte[] receive(Socket socket) throws IOException {
        long deadline = bootMicros.getAsLong() + ANSWER_MICROS_MAX;
        byte[] head = receive(socket, 2, deadline);
        int length = Byte.toUnsignedInt(head[0]) << 8 | Byte.toUnsignedInt(head[1]);
        if (length > FRAME_MAX) {
            throw new IOException("no card answers with " + length + " bytes");
        }
        return receive(socket, length, deadline);
    }

    private byte[] receive(Socket socket, int count, long deadline) throws IOException {
        byte[] bytes = new byte[count];
        int at = 0;
        while (at < count) {
            long left = (deadline - bootMicros.getAsLong()) / MICROS_PER_MILLI;
            if (left <= 0) {
                throw new IOException("the card takes too long");
            }
            socket.setSoTimeout((int) left);
            int read = socket.getInputStream().read(bytes, at, count - at);
            if (read < 0) {
                throw new IOException("the card left the field");
            }
            at += read;
        }
        return bytes;
    }

    private void leave() {
        Socket held = card;
        card = null;
        partingBytes = 0;
        if (held != null) {
            try {
                held.close();
            } catch (IOException e) {
                log(e);
            }
        }
    }

    private static void log(IOException e) {
        System.getLogger(VpcdCardReader.class.getName())
                .log(System.Logger.Level.DEBUG, "virtual card", e);
    }
}
