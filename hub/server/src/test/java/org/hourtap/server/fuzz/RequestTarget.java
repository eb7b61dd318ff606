package org.hourtap.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import org.hourtap.contract.BookId;
import org.hourtap.contract.TerminalId;
import org.hourtap.runtime.RoleThread;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.backup.CopyState;
import org.hourtap.server.books.TestBooks;
import org.hourtap.server.cards.CardMacs;
import org.hourtap.server.certificates.HeadKey;
import org.hourtap.server.desk.TerminalDesk;
import org.hourtap.server.fleet.Admitted;
import org.hourtap.server.fleet.Enrolment;
import org.hourtap.server.web.Api;
import org.hourtap.server.web.WebServer;

/// Requests to a hub with real books: each is answered, nothing is the hub's own fault, what is the
/// caller's fault comes with a sentence, and afterwards the books balance.
///
/// An input begins with a byte of bits: 1 shows the token, 2 is a raw request in which `TOKEN`
/// stands for it. Otherwise its first line is method and path, and the rest a body.
final class RequestTarget implements AutoCloseable {
    private static final String TOKEN = "open-sesame";
    private static final int SHOWS_TOKEN = 1;
    private static final int IS_RAW = 2;
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int ANSWER_BYTES_MAX = 1 << 20;

    private final Alarms alarms = Alarms.listening();
    private final TestBooks books;
    private final TerminalDesk desk;
    private final WebServer web;

    /// Certifies anything that is long enough.
    private static final class Certifier implements Enrolment.Certifier {
        @Override
        public Enrolment.Certificate certify(BookId book, TerminalId terminal, byte[] publicKey) {
            if (publicKey.length < 4) {
                throw new IllegalArgumentException("too short for a key");
            }
            return new Enrolment.Certificate("-----BEGIN CERTIFICATE-----", "serial");
        }

        @Override
        public String authority() {
            return "-----BEGIN CERTIFICATE-----";
        }

        @Override
        public int brokerPort() {
            return 8883;
        }
    }

    RequestTarget(Path folder) throws Exception {
        books = TestBooks.furnished(folder);
        desk =
                TerminalDesk.start(
                        books.bookkeeper(),
                        books.reading(),
                        (_, _, _) -> {},
                        CardMacs.NONE,
                        SystemTime::wallMicros,
                        RoleThread::startDraining);
        Admitted admitted = new Admitted();
        Api api =
                new Api(
                        TestBooks.BARRY,
                        books.bookkeeper(),
                        books.reading(),
                        desk,
                        new Enrolment(new Certifier(), admitted),
                        admitted,
                        _ -> {},
                        () -> CopyState.OFF,
                        HeadKey.open(folder.resolve("certificates")));
        web = WebServer.start("127.0.0.1", 0, TOKEN, api);
    }

    void attack(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        String text = new String(input, 1, input.length - 1, StandardCharsets.ISO_8859_1);
        boolean isRaw = (input[0] & IS_RAW) != 0;
        boolean showsToken = (input[0] & SHOWS_TOKEN) != 0;
        String answer =
                ask(
                        isRaw
                                ? text.replace("TOKEN", showsToken ? TOKEN : "")
                                : built(text, showsToken));
        assertThat(answer).doesNotContain("\tat org.").doesNotContain(TOKEN);
        if (!isRaw) {
            assertAnswered(answer);
        }
        alarms.check();
        assertThat(ask(built("GET /api/1/trial-balance\n", true)))
                .startsWith("HTTP/1.1 200 ")
                .contains("\"sum\":0");
        alarms.check();
    }

    private static void assertAnswered(String answer) {
        assertThat(answer).startsWith("HTTP/1.1 ");
        int status = Integer.parseInt(answer.substring(9, 12));
        assertThat(status).as(answer).isBetween(200, 499);
        if (status >= 400) {
            assertThat(answer.toLowerCase(Locale.ROOT)).contains("application/problem+json");
        }
    }

    /// A request that is sound as far as HTTP goes.
    private static String built(String text, boolean showsToken) {
        int end = text.indexOf('\n');
        String line = end < 0 ? text : text.substring(0, end);
        String body = end < 0 ? "" : text.substring(end + 1);
        int space = line.indexOf(' ');
        String method = (space < 0 ? "GET" : line.substring(0, space)).replaceAll("[^A-Z]", "");
        StringBuilder path = new StringBuilder("/");
        line.substring(space + 1)
                .chars()
                .skip(1)
                .forEach(c ->
                        path.append(
                                c > ' ' && c < 0x7f
                                        ? Character.toString(c)
                                        : "%%%02X".formatted(c)));
        return (method.isEmpty() ? "POST" : method)
                + " "
                + path
                + " HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n"
                + (showsToken ? "Authorization: Bearer " + TOKEN + "\r\n" : "")
                + "Content-Length: "
                + body.length()
                + "\r\n\r\n"
                + body;
    }

    private String ask(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), web.port())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new String(
                    socket.getInputStream().readNBytes(ANSWER_BYTES_MAX),
                    StandardCharsets.ISO_8859_1);
        } catch (SocketException e) {
            return ""; // cut off
        }
    }

    @Override
    public void close() throws IOException {
        web.close();
        desk.close();
        try {
            books.close();
        } catch (SQLException e) {
            throw new IOException(e);
        }
        alarms.close();
    }
}
