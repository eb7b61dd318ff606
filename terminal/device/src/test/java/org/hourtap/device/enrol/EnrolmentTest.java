package org.hourtap.device.enrol;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicReference;
import org.hourtap.contract.EnrolmentCode;
import org.hourtap.contract.EnrolmentCodec;
import org.hourtap.contract.EnrolmentRequest;
import org.hourtap.device.TerminalCommands;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EnrolmentTest {
    private static final EnrolmentCode CODE =
            EnrolmentCode.mint("a code for pool".getBytes(StandardCharsets.US_ASCII));
    private static final String CONFIG = "terminal.properties";

    @TempDir Path folder;

    private final AtomicReference<EnrolmentRequest> asked = new AtomicReference<>();
    private HttpServer hub;
    private String said = "";

    @BeforeEach
    void startHub() throws Exception {
        hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hub.start();
    }

    @AfterEach
    void stopHub() {
        hub.stop(0);
    }

    @Test
    void aTerminalWithTheRightCodeJoinsAndKeepsItsKeyToItself() throws Exception {
        hubAnswers(request -> Authority.reply(request, CODE));
        assertThat(enrol(CODE.shown())).as(said).isZero();

        assertThat(asked.get().isProvenBy(CODE)).isTrue();
        assertThat(Files.readString(folder.resolve(CONFIG)))
                .contains("terminal.id = pool-1")
                .contains("book.id = dinas")
                .contains("mqtt.url = ssl://127.0.0.1:8883");
        for (String secret : new String[] {"terminal.key", "terminal.crt", "authority.crt"}) {
            assertThat(
                            PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(folder.resolve(secret))))
                    .isEqualTo("rw-------");
        }
        assertThat(org.hourtap.device.mqtt.TerminalIdentity.load(folder).getDefaultCipherSuites())
                .isNotEmpty();
        assertThat(said).doesNotContain(CODE.value());
    }

    @Test
    void anAnswerOfSomeoneWithoutTheCodeIsNotBelieved() throws Exception {
        EnrolmentCode wrong =
                EnrolmentCode.mint("another code  ".getBytes(StandardCharsets.US_ASCII));
        hubAnswers(request -> Authority.reply(request, wrong));
        assertThat(enrol(CODE.shown())).isEqualTo(2);
        assertThat(said).contains("does not know the code");
        assertThat(folder.resolve("terminal.key")).doesNotExist();
        assertThat(folder.resolve(CONFIG)).doesNotExist();
    }

    @Test
    void aRefusalIsPassedOnInTheHubsOwnWords() throws Exception {
        hubAnswers(
                403,
                _ ->
                        "{\"title\":\"Forbidden\",\"detail\":\"This code was used already. Print a new one.\"}"
                                .getBytes(StandardCharsets.UTF_8));
        assertThat(enrol(CODE.shown())).isEqualTo(2);
        assertThat(said).contains("status 403").contains("Print a new one");
    }

    @Test
    void whatIsNoHubIsSaidToBeNone() throws Exception {
        for (byte[] body :
                new byte[][] {
                    new byte[0],
                    "<html>router login</html>".getBytes(StandardCharsets.UTF_8),
                    new byte[EnrolmentCodec.BYTES_MAX * 2]
                }) {
            startOver();
            hubAnswers(200, _ -> body);
            assertThat(enrol(CODE.shown())).isEqualTo(2);
            assertThat(said).contains("is not a hub");
        }
    }

    @Test
    void aMistypedCodeIsNoticedBeforeAnythingIsSent() throws Exception {
        hubAnswers(request -> Authority.reply(request, CODE));
        assertThat(enrol("ABCD-EFGH")).isEqualTo(2);
        assertThat(said).contains("20 letters and digits");
        assertThat(asked.get()).isNull();
        assertThat(enrol("7".repeat(5_000))).isEqualTo(2);
    }

    @Test
    void aHubThatIsDownLeavesTheCodeGood() throws Exception {
        hub.stop(0);
        assertThat(enrol(CODE.shown())).isEqualTo(2);
        assertThat(said).contains("does not answer").contains("still good");
    }

    @Test
    void anEnrolledFolderIsLeftAloneUnlessAskedTwiceAndKeepsItsOtherSettings() throws Exception {
        hubAnswers(request -> Authority.reply(request, CODE));
        Files.writeString(folder.resolve(CONFIG), "terminal.id = old\nreader.name = PICC\n");
        assertThat(enrol(CODE.shown())).isEqualTo(2);
        assertThat(said).contains("enrolled already");
        assertThat(enrol(CODE.shown(), "--again")).isZero();
        assertThat(Files.readString(folder.resolve(CONFIG)))
                .contains("terminal.id = pool-1")
                .contains("reader.name = PICC")
                .doesNotContain("old");
    }

    private int enrol(String typed, String... more) {
        String address = "http://127.0.0.1:" + hub.getAddress().getPort();
        String[] command = {
            "enrol", "--hub", address, "--terminal", "pool-1", "--data", folder.toString()
        };
        String[] arguments = java.util.Arrays.copyOf(command, command.length + more.length);
        System.arraycopy(more, 0, arguments, command.length, more.length);
        StringWriter out = new StringWriter();
        InputStream console = System.in;
        try {
            System.setIn(new ByteArrayInputStream((typed + "\n").getBytes(StandardCharsets.UTF_8)));
            int exit = TerminalCommands.execute(new PrintWriter(out), arguments);
            said = out.toString();
            return exit;
        } finally {
            System.setIn(console);
        }
    }

    private void startOver() throws IOException {
        hub.stop(0);
        hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hub.start();
    }

    /// Answers a request.
    private interface Answer {
        byte[] to(EnrolmentRequest request) throws Exception;
    }

    private void hubAnswers(Reply reply) {
        hubAnswers(200, request -> EnrolmentCodec.encode(reply.to(request)));
    }

    /// Makes a reply.
    private interface Reply {
        org.hourtap.contract.EnrolmentReply to(EnrolmentRequest request) throws Exception;
    }

    private void hubAnswers(int status, Answer answer) {
        hub.createContext(
                "/api/1/enrol",
                exchange -> {
                    try (exchange) {
                        EnrolmentRequest request =
                                EnrolmentCodec.decodeRequest(
                                        exchange.getRequestBody().readAllBytes());
                        asked.set(request);
                        byte[] body = answer.to(request);
                        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
                        exchange.getResponseBody().write(body);
                    } catch (Exception e) {
                        throw new IOException(e);
                    }
                });
    }
}
