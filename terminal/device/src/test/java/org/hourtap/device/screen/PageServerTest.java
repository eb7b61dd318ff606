package org.hourtap.device.screen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.hourtap.device.CapturedLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The small web server, over real connections.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PageServerTest {
    private static final int STREAM_CLIENTS_MAX = 3;
    private static final int BODY_MAX = 64 * 1024;

    private final EventStream events = new EventStream(STREAM_CLIENTS_MAX);
    private final PageServer server = open();
    private final HttpClient http = HttpClient.newHttpClient();

    private PageServer open() {
        Pages pages =
                new Pages()
                        .file("/", PageServer.class, "member.html")
                        .file("/member.js", PageServer.class, "member.js")
                        .get("/greet", query -> Map.of("hello", query.getOrDefault("name", "?")))
                        .get(
                                "/broken",
                                _ -> {
                                    throw new IllegalStateException("planted");
                                })
                        .get(
                                "/no",
                                _ -> {
                                    throw new RefusedRequestException(409, "Not now.");
                                })
                        .post("/tap", body -> Map.of("card", body.path("card").asText()))
                        .events("/events", events);
        try {
            return PageServer.open(0, pages);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @AfterEach
    void close() {
        server.close();
        http.close();
    }

    @Test
    void filesComeWithTheirTypeAndAPolicyThatLetsNothingIn() throws Exception {
        HttpResponse<String> page = get("/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).startsWith("<!doctype html>");
        assertThat(header(page, "Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(header(get("/member.js"), "Content-Type"))
                .isEqualTo("text/javascript; charset=utf-8");
        for (HttpResponse<String> any : List.of(page, get("/none"), get("/greet"))) {
            assertThat(header(any, "Content-Security-Policy"))
                    .isEqualTo(
                            "default-src 'none'; script-src 'self'; style-src 'self'; img-src"
                                    + " 'self'; connect-src 'self'; base-uri 'none'; form-action"
                                    + " 'none'; frame-ancestors 'none'");
            assertThat(header(any, "Cache-Control")).isEqualTo("no-store");
            assertThat(header(any, "X-Content-Type-Options")).isEqualTo("nosniff");
        }
    }

    @Test
    void jsonRoutesAnswerQueriesAndBodies() throws Exception {
        assertThat(get("/greet?name=Gwen%20%C5%B4&x").body()).isEqualTo("{\"hello\":\"Gwen Ŵ\"}");
        HttpResponse<String> tap = post("/tap", "{\"card\":\"gwen\"}", "application/json");
        assertThat(tap.statusCode()).isEqualTo(200);
        assertThat(tap.body()).isEqualTo("{\"card\":\"gwen\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/none", "/../member.html", "/member.html", "/%2e%2e/pom.xml", "/tap/"})
    void whatIsNotListedIsNotFound(String path) throws Exception {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(header(response, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(response.body()).contains("There is no such page here.");
    }

    @Test
    void aWrongMethodIsToldTheRightOne() throws Exception {
        HttpResponse<String> response = get("/tap");
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(header(response, "Allow")).isEqualTo("POST");
        assertThat(post("/", "{}", "application/json").statusCode()).isEqualTo(405);
    }

    /// More often than the server takes connections, which it once counted for ever.
    @Test
    void browsersThatBreakOffInTheMiddleDoNotUseTheServerUp() throws Exception {
        for (int i = 0; i < 200; i++) {
            try (RawHttp broken = new RawHttp(server.port())) {
                broken.send(
                        "POST /tap HTTP/1.1",
                        "Host: 127.0.0.1:" + server.port(),
                        "Content-Type: application/json",
                        "Content-Length: 1000");
            }
        }
        assertThat(get("/greet?name=Gwen").statusCode()).isEqualTo(200);
    }

    @Test
    void bytesThatAreNoTextAreNoJsonObject() throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(server.address().resolve("/tap"))
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofByteArray(
                                        new byte[] {0, 0, (byte) 0xFE, (byte) 0xFF, -1, -1, -1, 0}))
                        .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("not a JSON object");
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedWithASentence() throws Exception {
        String most = "{\"card\":\"" + "x".repeat(BODY_MAX - 11) + "\"}";
        assertThat(most).hasSize(BODY_MAX);
        assertThat(post("/tap", most, "application/json").statusCode()).isEqualTo(200);
        HttpResponse<String> response = post("/tap", most + " ", "application/json");
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).contains("larger than 65536 bytes");
        assertThat(post("/tap", most.repeat(8), "application/json").statusCode()).isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "7", "null", "{\"card\":}"})
    void aBodyThatIsNoObjectIsRefused(String body) throws Exception {
        assertThat(post("/tap", body, "application/json").statusCode()).isEqualTo(400);
    }

    @Test
    void aFormOfAnotherSiteIsRefused() throws Exception {
        assertThat(post("/tap", "{}", "text/plain").statusCode()).isEqualTo(415);
        assertThat(postFrom("Origin", "http://evil.example")).isEqualTo(403);
        assertThat(postFrom("Origin", "null")).isEqualTo(403);
        assertThat(postFrom("Sec-Fetch-Site", "cross-site")).isEqualTo(403);
        assertThat(postFrom("Sec-Fetch-Site", "same-origin")).isEqualTo(200);
        assertThat(postFrom("Origin", "http://127.0.0.1:" + server.port())).isEqualTo(200);
        assertThat(postFrom("Origin", "http://localhost:" + server.port())).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:PORT, 200",
        "LOCALHOST:PORT, 200",
        "rebound.example:PORT, 403",
        "127.0.0.1, 403",
        "127.0.0.1:1, 403",
        "127.0.0.1.evil.example:PORT, 403"
    })
    void onlyOurOwnNameIsAnswered(String host, int status) throws Exception {
        String sent = host.replace("PORT", Integer.toString(server.port()));
        try (RawHttp raw = new RawHttp(server.port())) {
            assertThat(raw.send("GET / HTTP/1.1", "Host: " + sent).status()).isEqualTo(status);
        }
    }

    @Test
    void aRequestWithoutANameIsRefused() throws Exception {
        try (RawHttp raw = new RawHttp(server.port())) {
            assertThat(raw.send("GET / HTTP/1.0").status()).isEqualTo(403);
        }
    }

    @Test
    void aRouteThatFailsIsLoggedAndTellsNothing() throws Exception {
        try (CapturedLog log = new CapturedLog(PageServer.class)) {
            HttpResponse<String> response = get("/broken");
            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(response.body()).doesNotContain("planted");
            assertThat(log.messages()).containsExactly("cannot answer /broken");
        }
        HttpResponse<String> refused = get("/no");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("Not now.");
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (ServerSocket taken =
                new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> PageServer.open(port, new Pages()))
                    .isInstanceOf(PortInUseException.class)
                    .hasMessageContaining("Port " + port)
                    .hasMessageContaining("choose another port");
        }
    }

    @Test
    void twoPagesAtOnePlaceAreAMistake() {
        Pages pages = new Pages().get("/a", _ -> Map.of());
        assertThatThrownBy(() -> pages.get("/a", _ -> Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("GET /a");
        assertThatThrownBy(() -> pages.file("/b", PageServer.class, "missing.html"))
                .hasMessageContaining("missing.html");
    }

    @Test
    void whoComesLateSeesThePresentAndThenWhatIsNew() throws Exception {
        events.publish("news", "\"past\"");
        events.publish("news", "\"present\"");
        try (RawHttp late = listen()) {
            assertThat(late.await("data:")).isEqualTo("data: \"present\"");
            events.publish("news", "\"new\"");
            assertThat(late.await("data:")).isEqualTo("data: \"new\"");
        }
    }

    @Test
    void aSilentStreamShowsThatItLives() throws Exception {
        try (RawHttp raw = listen()) {
            assertThat(raw.await("retry")).isEqualTo("retry: 1000");
            assertThat(raw.await("event:")).isEqualTo("event: beat");
        }
    }

    @Test
    void aBrowserThatStoppedReadingDelaysNobody() throws Exception {
        String large = "x".repeat(100_000);
        try (RawHttp stalled = listen();
                RawHttp reading = listen()) {
            awaitClients(2);
            for (int i = 0; i < 200; i++) {
                events.publish("news", "\"" + i + large + "\"");
                assertThat(reading.await("\"" + i + "x")).as("event %d", i).isNotNull();
            }
            events.publish("news", "\"the end\"");
            assertThat(stalled.await("the end")).as("goes on with the present").isNotNull();
        }
    }

    @Test
    void thereIsRoomForSoManyListenersAndLeaversMakeRoom() throws Exception {
        List<RawHttp> listeners = new ArrayList<>();
        for (int i = 0; i < STREAM_CLIENTS_MAX; i++) {
            listeners.add(listen());
        }
        awaitClients(STREAM_CLIENTS_MAX);
        try (RawHttp more = listen()) {
            assertThat(more.status()).isEqualTo(503);
        }
        for (RawHttp listener : listeners) {
            listener.close();
        }
        awaitClients(0);
        try (RawHttp next = listen()) {
            assertThat(next.status()).isEqualTo(200);
        }
    }

    @Test
    void closingEndsEveryStreamAndFreesThePort() throws Exception {
        int port = server.port();
        try (RawHttp raw = listen()) {
            awaitClients(1);
            server.close();
            raw.awaitEnd();
        }
        PageServer.open(port, new Pages()).close();
    }

    @Test
    void anEventIsOneLine() {
        assertThatThrownBy(() -> events.publish("news", "1\n\nevent: forged"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private RawHttp listen() throws IOException {
        return new RawHttp(server.port())
                .send("GET /events HTTP/1.1", "Host: localhost:" + server.port());
    }

    /// A leaver is noticed when something is written to it.
    private void awaitClients(int count) {
        while (events.clients() != count) {
            events.publish("news", "0");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(at(path)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body, String type) throws Exception {
        return http.send(
                HttpRequest.newBuilder(at(path))
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private int postFrom(String header, String value) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(at("/tap"))
                                .header("Content-Type", "application/json")
                                .header(header, value)
                                .POST(BodyPublishers.ofString("{}"))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    private URI at(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
