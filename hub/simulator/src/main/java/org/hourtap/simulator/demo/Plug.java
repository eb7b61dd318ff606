package org.hourtap.simulator.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// The network cable between one terminal and the broker: a relay on loopback that can be pulled
/// and plugged in again, or be a bad one. It carries bytes and understands none of them.
public final class Plug implements AutoCloseable {
    /// What one read takes off the line; less than a batch of taps, so that a cut can fall inside
    /// one.
    private static final int CHUNK_BYTES = 4_096;

    private static final Duration STALL_POLL = Duration.ofMillis(50);
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long SHORTEST_NANOS = 1_000_000;

    private final ServerSocket server;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong untilCut = new AtomicLong(Long.MAX_VALUE);
    private volatile boolean pulled;
    private volatile Line line = Line.GOOD;

    /// How well bytes get through.
    ///
    /// @param latency added to every piece
    /// @param bytesPerSecond how fast each direction is
    /// @param isStalled nothing gets through, and nobody is told
    public record Line(Duration latency, int bytesPerSecond, boolean isStalled) {
        /// As loopback is.
        public static final Line GOOD = new Line(Duration.ZERO, Integer.MAX_VALUE, false);
    }

    private Plug(ServerSocket server, int target) {
        this.server = server;
        this.target = target;
    }

    /// @param target the broker's port on loopback
    static Plug to(int target) throws IOException {
        ServerSocket server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Plug plug = new Plug(server, target);
        Thread.ofVirtual().name("plug").start(plug::accept);
        return plug;
    }

    int port() {
        return server.getLocalPort();
    }

    boolean isPulled() {
        return pulled;
    }

    /// Cuts what flows and lets nothing new through.
    public void pull() {
        pulled = true;
        open.forEach(Plug::closeQuietly);
    }

    /// A good line again, whatever was wrong with it.
    public void plugIn() {
        untilCut.set(Long.MAX_VALUE);
        line = Line.GOOD;
        pulled = false;
    }

    /// Makes the line a worse or a better one; connections stay.
    public void degrade(Line to) {
        line = to;
    }

    /// Pulls the plug when this many more bytes have gone through, wherever in a message that is.
    public void pullAfter(long bytes) {
        untilCut.set(bytes);
    }

    @Override
    public void close() {
        pull();
        try {
            server.close();
        } catch (IOException e) {
            // Nothing is left to close.
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                connect(server.accept());
            } catch (IOException e) {
                // The socket was closed, or this one connection failed; the next decides.
            }
        }
    }

    private void connect(Socket terminal) throws IOException {
        if (pulled) {
            terminal.close();
            return;
        }
        Socket broker = new Socket();
        open.add(terminal);
        open.add(broker);
        try {
            broker.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 1_000);
            terminal.setTcpNoDelay(true);
            broker.setTcpNoDelay(true);
        } catch (IOException e) {
            drop(terminal, broker);
            throw e;
        }
        Thread.ofVirtual().name("plug-up").start(() -> pump(terminal, broker));
        Thread.ofVirtual().name("plug-down").start(() -> pump(broker, terminal));
        if (pulled) {
            drop(terminal, broker);
        }
    }

    private void pump(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] chunk = new byte[CHUNK_BYTES];
            int length;
            while ((length = in.read(chunk)) >= 0) {
                delay(length);
                int passing = Math.clamp(untilCut.get(), 0, length);
                out.write(chunk, 0, passing);
                if (untilCut.get() != Long.MAX_VALUE && untilCut.addAndGet(-length) <= 0) {
                    pull();
                }
            }
        } catch (IOException e) {
            // Either side went; both go.
        } finally {
            drop(from, to);
        }
    }

    private void delay(int bytes) {
        Line now = line;
        long nanos =
                now.latency().toNanos()
                        + Math.multiplyExact((long) bytes, NANOS_PER_SECOND) / now.bytesPerSecond();
        // Below a millisecond the pause itself would be the delay.
        if (nanos > SHORTEST_NANOS) {
            LockSupport.parkNanos(nanos);
        }
        while (line.isStalled() && !pulled) {
            LockSupport.parkNanos(STALL_POLL.toNanos());
        }
    }

    private void drop(Socket one, Socket other) {
        closeQuietly(one);
        closeQuietly(other);
        open.remove(one);
        open.remove(other);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It was closed already.
        }
    }
}
