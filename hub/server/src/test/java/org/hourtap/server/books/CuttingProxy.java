package org.hourtap.server.books;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Stands between a hub and its database, and cuts the line when the server says that it has
/// committed: nobody on the hub's side knows what became of it.
final class CuttingProxy implements AutoCloseable {
    private final ServerSocket listening =
            new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final AtomicBoolean isArmed = new AtomicBoolean();
    private final AtomicInteger cuts = new AtomicInteger();
    private final int server;

    CuttingProxy(int server) throws IOException {
        this.server = server;
        thread(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    void cutTheNextCommit() {
        isArmed.set(true);
    }

    int cuts() {
        return cuts.get();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    private void accept() {
        try {
            while (true) {
                Socket hub = listening.accept();
                Socket database = new Socket(InetAddress.getLoopbackAddress(), server);
                thread(() -> pass(hub, database));
                thread(() -> pass(database, hub));
            }
        } catch (IOException e) {
            return; // closed
        }
    }

    private void pass(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] bytes = new byte[8_192];
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                String text = new String(bytes, 0, read, StandardCharsets.ISO_8859_1);
                // As the server says it once it has; the hub names a statement then.
                if (isArmed.get() && text.contains("COMMIT\0") && isArmed.getAndSet(false)) {
                    cuts.incrementAndGet();
                    return;
                }
                out.write(bytes, 0, read);
                out.flush();
            }
        } catch (IOException e) {
            return; // one of the two is gone
        }
    }

    private static void thread(Runnable work) {
        Thread.ofPlatform().daemon().name("proxy").start(work);
    }
}
