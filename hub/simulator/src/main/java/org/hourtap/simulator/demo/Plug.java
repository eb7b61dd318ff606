package org.hourtap.simulator.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The network cable between one terminal and the broker: a relay on loopback that can be pulled
/// and plugged in again. It carries bytes and understands none of them.
public final class Plug implements AutoCloseable {
    private final ServerSocket server;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean pulled;

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

    void plugIn() {
        pulled = false;
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
            in.transferTo(out);
        } catch (IOException e) {
            // Either side went; both go.
        } finally {
            drop(from, to);
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
