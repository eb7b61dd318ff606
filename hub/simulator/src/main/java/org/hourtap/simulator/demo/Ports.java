package org.hourtap.simulator.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Loopback ports for what we start. A port that was taken is ours until this process ends, whether
/// or not anybody listens there already, or at the moment; other deployments see that by its lock.
public final class Ports {
    private static final Path LOCKS =
            Path.of(
                    System.getProperty("java.io.tmpdir"),
                    "hourtap-ports-" + System.getProperty("user.name"));

    /// Those this process asked for. To open and close a lock's file again would lose the lock.
    private static final Set<Integer> ASKED = ConcurrentHashMap.newKeySet();

    /// A channel that nobody refers to would be closed, and its lock be gone.
    private static final Set<FileChannel> HELD = ConcurrentHashMap.newKeySet();

    private Ports() {}

    /// @return the port if it is free and nobody took it, else any other
    public static int take(int preferred) throws IOException {
        int port = preferred;
        while (true) {
            try (ServerSocket socket =
                    new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                if (isLocked(socket.getLocalPort())) {
                    return socket.getLocalPort();
                }
            } catch (IOException e) {
                if (port == 0) {
                    throw e;
                }
            }
            port = 0;
        }
    }

    /// @return whether it is ours now
    private static boolean isLocked(int port) throws IOException {
        if (!ASKED.add(port)) {
            return false;
        }
        Files.createDirectories(LOCKS);
        FileChannel channel =
                FileChannel.open(
                        LOCKS.resolve(Integer.toString(port)),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        if (channel.tryLock() != null) {
            return HELD.add(channel);
        }
        channel.close();
        return false;
    }
}
