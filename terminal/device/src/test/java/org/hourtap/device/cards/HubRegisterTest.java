package org.hourtap.device.cards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.hourtap.contract.CardId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HubRegisterTest {
    private static final Registration CARD = new Registration(new CardId("04A1B2C3D4E5F6"), "mair");

    @TempDir Path folder;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer hub;
    private Path token;

    @BeforeEach
    void startHub() throws Exception {
        hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hub.start();
        token = folder.resolve("token");
        Files.writeString(token, "s3cret\n");
        protect(token, "rw-------");
    }

    @AfterEach
    void stopHub() {
        hub.stop(0);
    }

    @Test
    void aCardIsRegisteredForItsMemberUnderTheToken() throws Exception {
        answers(201, "{}");
        assertThat(HubRegister.open(address(), token).register(CARD))
                .isEqualTo("registered for mair");
        assertThat(asked)
                .hasSize(1)
                .first()
                .asString()
                .startsWith("POST /api/1/cards Bearer s3cret application/json {")
                .contains("\"id\":\"04A1B2C3D4E5F6\"")
                .contains("\"member\":\"mair\"")
                .contains("\"leastProof\":\"DESFIRE_EV2\"");
    }

    @Test
    void theHubsReasonIsPassedOn() throws Exception {
        answers(404, "{\"detail\": \"There is no member mair.\"}");
        HubRegister register = HubRegister.open(URI.create(address() + "/"), token);
        assertThatThrownBy(() -> register.register(CARD))
                .isInstanceOf(Register.NotRegisteredException.class)
                .hasMessageContaining("404")
                .hasMessageContaining("There is no member mair.");
    }

    @Test
    void aHubThatIsNotThereIsNamed() throws Exception {
        HubRegister register = HubRegister.open(address(), token);
        hub.stop(0);
        assertThatThrownBy(() -> register.register(CARD))
                .hasMessageContaining("does not answer")
                .hasMessageContaining("127.0.0.1");
    }

    @Test
    void theTokenIsShownToNobodyElse() throws Exception {
        assertThatThrownBy(() -> HubRegister.open(URI.create("http://hub.example:8090"), token))
                .hasMessageContaining("https://");
        assertThatThrownBy(() -> HubRegister.open(URI.create("hub.example"), token))
                .hasMessageContaining("must look like");
        assertThat(HubRegister.open(URI.create("https://hub.example"), token)).isNotNull();
        protect(token, "rw-r--r--");
        assertThatThrownBy(() -> HubRegister.open(address(), token))
                .hasMessageContaining("chmod 600");
        protect(token, "rw-------");
        Files.writeString(token, "two words");
        assertThatThrownBy(() -> HubRegister.open(address(), token))
                .hasMessageContaining("admin.token")
                .hasMessageNotContaining("words");
        Files.writeString(token, "x".repeat(5_000));
        assertThatThrownBy(() -> HubRegister.open(address(), token))
                .hasMessageContaining("too long");
        assertThat(asked).isEmpty();
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
    }

    private void answers(int status, String body) {
        hub.createContext(
                "/",
                exchange -> {
                    asked.add(
                            exchange.getRequestMethod()
                                    + " "
                                    + exchange.getRequestURI()
                                    + " "
                                    + exchange.getRequestHeaders().getFirst("Authorization")
                                    + " "
                                    + exchange.getRequestHeaders().getFirst("Content-Type")
                                    + " "
                                    + new String(
                                            exchange.getRequestBody().readAllBytes(),
                                            StandardCharsets.UTF_8));
                    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
    }

    private static void protect(Path file, String permissions) throws Exception {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
