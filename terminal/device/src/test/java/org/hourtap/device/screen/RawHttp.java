package org.hourtap.device.screen;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// A client that says exactly what it is told to, and may stop reading.
final class RawHttp implements AutoCloseable {
    private static final int READ_TIMEOUT_MILLIS = 20_000;
    private static final int SMALL_BUFFER = 1_024;

    private final Socket socket = new Socket();
    private final BufferedReader in;

    RawHttp(int port) throws IOException {
        socket.setReceiveBufferSize(SMALL_BUFFER); // so that a stalled reader is felt soon
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        in =
                new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    RawHttp send(String... lines) throws IOException {
        String request = String.join("\r\n", lines) + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /// @return the number of the answer
    int status() throws IOException {
        return Integer.parseInt(in.readLine().split(" ")[1]);
    }

    /// Reads on until a line holds this.
    ///
    /// @return the line
    String await(String part) throws IOException {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.contains(part)) {
                return line;
            }
        }
        throw new IOException("the stream ended without " + part);
    }

    /// Reads to the end.
    void awaitEnd() throws IOException {
        while (in.readLine() != null) {
            // What was still under way.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
