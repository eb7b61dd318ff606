package org.hourtap.device.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.hourtap.device.screen.PageServer;
import org.hourtap.device.screen.Pages;

/// Requests to the terminal's web server, as raw bytes in which `PORT` stands for its port:
/// answered or cut off, never with "the log knows", and the next good request is served.
final class PageTarget implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int STATUS_LINE_MAX = 200;
    private static final String GOOD =
            "GET /greet?name=Gwen HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nConnection: close\r\n\r\n";

    private final PageServer server;

    PageTarget() throws IOException {
        server =
                PageServer.open(
                        0,
                        new Pages()
                                .file("/", PageServer.class, "member.html")
                                .get("/greet", query -> Map.of("said", query.toString()))
                                .post("/tap", body -> Map.of("card", body.path("card").asText())));
    }

    void attack(byte[] input) throws IOException {
        String status = status(new String(input, StandardCharsets.ISO_8859_1));
        assertThat(status).doesNotContain(" 500 ");
        assertThat(status(GOOD)).startsWith("HTTP/1.1 200 ");
    }

    /// @return the answer's first line, empty if there was none
    private String status(String request) throws IOException {
        byte[] bytes =
                request.replace("PORT", Integer.toString(server.port()))
                        .getBytes(StandardCharsets.ISO_8859_1);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            return line(socket.getInputStream());
        } catch (SocketException e) {
            return ""; // cut off
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n' && line.length() < STATUS_LINE_MAX; ) {
            line.append((char) c);
            c = in.read();
        }
        return line.toString();
    }

    @Override
    public void close() {
        server.close();
    }
}
