package org.hourtap.smartcardio.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// A virtual reader. vpcd gives each one two slots: the first listens for a card on `port`, the
/// second, which is left empty, on the port after it. PC/SC shows both, so one reader is two
/// terminals; see [#isTerminal].
///
/// @param name as PC/SC is to show it, before the numbers it adds
public record VirtualReader(String name, int port) {
    /// Below the ports Linux hands to outgoing connections, which begin at 32768.
    private static final int LOWEST_PORT = 20_100;

    private static final int HIGHEST_PORT = 32_000;

    public VirtualReader {
        if (name.isBlank() || name.contains("\"")) {
            throw new IllegalArgumentException("not a name for a reader: " + name);
        }
        if (port < 1 || port > 65_534) {
            throw new IllegalArgumentException("not a port with another after it: " + port);
        }
    }

    /// Readers of these names, each on two ports that are free now.
    public static List<VirtualReader> onFreePorts(String... names) {
        var readers = new ArrayList<VirtualReader>();
        int port = LOWEST_PORT;
        for (var name : names) {
            while (!free(port) || !free(port + 1)) {
                port += 2;
                if (port > HIGHEST_PORT) {
                    throw new IllegalStateException("no two free ports below " + HIGHEST_PORT);
                }
            }
            readers.add(new VirtualReader(name, port));
            port += 2;
        }
        return List.copyOf(readers);
    }

    /// Whether this is the terminal of the first slot of this reader, the one that takes cards.
    /// PC/SC appends the reader's number and the slot's, both in hexadecimal.
    public boolean isTerminal(String terminalName) {
        return terminalName.matches(Pattern.quote(name) + " [0-9A-F]{2} 00");
    }

    /// vpcd listens on every address, so every address must be free.
    private static boolean free(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
