package org.hourtap.server.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.server.books.TestBooks.ANN;
import static org.hourtap.server.books.TestBooks.ANNS_CARD;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.books.TestBooks.POOL_DOOR;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.hourtap.contract.BookId;
import org.hourtap.contract.EnrolmentCode;
import org.hourtap.contract.EnrolmentCodec;
import org.hourtap.contract.EnrolmentReply;
import org.hourtap.contract.EnrolmentRequest;
import org.hourtap.contract.TerminalId;
import org.hourtap.runtime.RoleThread;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.backup.CopyState;
import org.hourtap.server.books.Sql;
import org.hourtap.server.books.TestBooks;
import org.hourtap.server.cards.CardMacs;
import org.hourtap.server.certificates.HeadKey;
import org.hourtap.server.desk.TerminalDesk;
import org.hourtap.server.fleet.Admitted;
import org.hourtap.server.fleet.Enrolment;
import org.hourtap.server.inbox.Door;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WebServerTest {
    private static final String TOKEN = "open-sesame";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir Path folder;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Admitted admitted = new Admitted();
    private final List<TerminalId> cutOff = new ArrayList<>();
    private TestBooks books;
    private TerminalDesk desk;
    private WebServer web;

    /// Certifies anything, and says what.
    private static final class ToyCertifier implements Enrolment.Certifier {
        @Override
        public Enrolment.Certificate certify(BookId book, TerminalId terminal, byte[] publicKey) {
            if (publicKey.length < 4) {
                throw new IllegalArgumentException("too short for a key");
            }
            return new Enrolment.Certificate(
                    "-----BEGIN CERTIFICATE-----\n" + terminal, "serial-" + publicKey.length);
        }

        @Override
        public String authority() {
            return "-----BEGIN CERTIFICATE-----\nauthority";
        }

        @Override
        public int brokerPort() {
            return 8883;
        }
    }

    @BeforeEach
    void open() throws Exception {
        books = TestBooks.furnished(folder);
        desk =
                TerminalDesk.start(
                        books.bookkeeper(),
                        books.reading(),
                        (_, _, _) -> {},
                        CardMacs.NONE,
                        SystemTime::wallMicros,
                        RoleThread::startDraining);
        Api api =
                new Api(
                        BARRY,
                        books.bookkeeper(),
                        books.reading(),
                        desk,
                        new Enrolment(new ToyCertifier(), admitted),
                        admitted,
                        cutOff::add,
                        () -> CopyState.OFF,
                        HeadKey.open(folder.resolve("certificates")));
        web = WebServer.start("127.0.0.1", 0, TOKEN, api);
    }

    @AfterEach
    void close() throws Exception {
        web.close();
        desk.close();
        books.close();
        client.close();
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + web.port() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(to("/api/1" + path).header("Authorization", "Bearer " + TOKEN));
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return send(
                to("/api/1" + path)
                        .header("Authorization", "Bearer " + TOKEN)
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private JsonNode json(HttpResponse<String> response, int status) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return JSON.readTree(response.body());
    }

    private void assertProblem(HttpResponse<String> response, int status, String sentence)
            throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValue("application/problem+json");
        assertThat(JSON.readTree(response.body()).path("detail").asText()).contains(sentence);
    }

    @Test
    void nothingButHealthAndEnrolmentIsOpenWithoutTheToken() throws Exception {
        assertThat(send(to("/health")).statusCode()).isEqualTo(200);
        for (String path : List.of("/api/1/members", "/api/1/journal", "/api/1/nothing", "/x")) {
            assertProblem(send(to(path)), 401, "admin.token");
            assertProblem(
                    send(to(path).header("Authorization", "Bearer wrong")), 401, "admin.token");
        }
        assertProblem(
                send(to("/api/1/enrol").POST(HttpRequest.BodyPublishers.ofString("{}"))),
                400,
                "no enrolment request");
    }

    @Test
    void aSchemeIsSetUpAndLookedAt() throws Exception {
        json(post("/members", "{\"id\":\"mair\",\"firstName\":\"Mair\",\"language\":\"cy\"}"), 201);
        json(post("/members", "{\"id\":\"mair\",\"firstName\":\"Mair\",\"language\":\"cy\"}"), 201);
        assertThat(json(post("/members", "{\"firstName\":\"Nia\"}"), 201).path("id").asText())
                .isNotEmpty();
        json(post("/cards", "{\"id\":\"04:aa:bb:cc\",\"member\":\"mair\"}"), 201);
        json(post("/venues", "{\"id\":\"gym\",\"name\":\"Gym\"}"), 201);
        json(
                post(
                        "/activities",
                        "{\"id\":\"lift\",\"name\":\"Lifting\",\"kind\":\"SPEND\",\"price\":30}"),
                201);
        json(
                post(
                        "/terminals",
                        "{\"id\":\"gym-1\",\"venue\":\"gym\",\"mode\":\"ENTRANCE\","
                                + "\"activity\":\"lift\"}"),
                201);
        JsonNode adjusted =
                json(
                        post(
                                "/adjustments",
                                "{\"member\":\"mair\",\"minutes\":90,\"operator\":\"Ceri\","
                                        + "\"note\":\"paper book\"}"),
                        201);
        JsonNode statement = json(get("/members/mair/statement"), 200);
        assertThat(statement.path("balance").asLong()).isEqualTo(90);
        assertThat(statement.path("lines").path(0).path("sequence").asLong())
                .isEqualTo(adjusted.path("sequence").asLong());
        assertThat(json(get("/trial-balance"), 200).path("sum").asLong(-1)).isZero();
        assertThat(json(get("/journal?after=1"), 200).path("journal")).hasSize(1);
        assertThat(json(get("/terminals"), 200).path("terminals")).hasSize(3);
        assertThat(
                        json(get("/cards?after=04A1B2C3"), 200)
                                .path("cards")
                                .path(0)
                                .path("id")
                                .asText())
                .isEqualTo("04AABBCC");
        assertThat(json(post("/cards/04AABBCC/stop", ""), 200).path("status").asText())
                .isEqualTo("STOPPED");
        assertThat(json(post("/cards/04aabbcc/activate", ""), 200).path("status").asText())
                .isEqualTo("ACTIVE");
        assertThat(json(get("/accounts"), 200).path("accounts").size()).isGreaterThan(5);
    }

    @Test
    void aCardsLifeIsLedOverHttp() throws Exception {
        JsonNode card =
                json(
                        post(
                                "/cards",
                                "{\"id\":\"04AABBCCDDEE80\",\"member\":\"ann\","
                                        + "\"leastProof\":\"NTAG_424\",\"allowance\":60}"),
                        201);
        assertThat(card.path("allowance").asLong()).isEqualTo(60);
        assertThat(card.path("counter").asLong(-1)).isZero();
        JsonNode lifted = json(post("/cards/04AABBCCDDEE80/allowance", "{\"minutes\":null}"), 200);
        assertThat(lifted.path("allowance").isNull()).isTrue();
        JsonNode by = json(post("/cards/04AABBCCDDEE80/replace", "{\"by\":\"04112233\"}"), 201);
        assertThat(by.path("member").asText()).isEqualTo("ann");
        assertThat(by.path("leastProof").asText()).isEqualTo("DESFIRE_EV2");
        assertThat(json(get("/scheme"), 200).path("uidCards").asBoolean()).isTrue();
        json(post("/scheme", "{\"uidCards\":false}"), 200);
        assertThat(json(get("/scheme"), 200).path("uidCards").asBoolean(true)).isFalse();
        assertProblem(
                post(
                        "/cards",
                        "{\"id\":\"04445566\",\"member\":\"ann\",\"leastProof\":\"UID_ONLY\"}"),
                409,
                "uid-cards on");
        assertProblem(post("/scheme", "{\"uidCards\":1}"), 400, "true or false");
        assertProblem(post("/cards/04112233/allowance", "{}"), 400, "'minutes' is needed");
        assertProblem(post("/cards/04112233/allowance", "{\"minutes\":-1}"), 400, "from 0 up");
        assertProblem(
                post("/cards/04112233/replace", "{\"by\":\"04112233\"}"), 400, "another card");
        assertProblem(post("/cards/04999999/stop", ""), 404, "no card 04999999");
        JsonNode usual = json(post("/cards", "{\"id\":\"04778899\",\"member\":\"ann\"}"), 201);
        assertThat(usual.path("leastProof").asText()).isEqualTo("DESFIRE_EV2");
    }

    @Test
    void tapsWelcomedAndPostedAreCountedPerTerminal() throws Exception {
        Door door = new Door(books, POOL_DOOR);
        door.send(
                1,
                door.spend(1, 1, ANNS_CARD, 60),
                door.declined(2, 2, ANNS_CARD),
                door.in(3, 3, ANNS_CARD));
        JsonNode terminal = null;
        for (JsonNode each : json(get("/terminals"), 200).path("terminals")) {
            terminal = each.path("id").asText().equals("pool-door") ? each : terminal;
        }
        assertThat(String.valueOf(terminal))
                .contains("\"tapsReceived\":3,\"tapsWelcomed\":2,\"tapsPosted\":2")
                .contains("\"lastSequence\":3");
        assertThat(json(get("/taps?terminal=pool-door"), 200).path("taps")).hasSize(3);
        assertProblem(get("/taps"), 400, "which terminal");
    }

    @Test
    void badRequestsAreAnsweredWithASentenceThatHelps() throws Exception {
        assertProblem(post("/members", "{"), 400, "not JSON");
        assertProblem(post("/members", "[]"), 400, "one JSON object");
        assertProblem(post("/members", "{\"name\":\"Ann\"}"), 400, "This takes: id, firstName");
        assertProblem(post("/members", "{\"firstName\":1}"), 400, "'firstName' is needed");
        assertProblem(post("/members", "{\"id\":\"a/b\",\"firstName\":\"A\"}"), 400, "member id");
        assertProblem(post("/members", "{\"id\":\"ann\",\"firstName\":\"Other\"}"), 409, "already");
        assertProblem(
                post("/cards", "{\"id\":\"zz\",\"member\":\"ann\"}"), 400, "hexadecimal digits");
        assertProblem(
                post("/cards", "{\"id\":\"04AABBCC\",\"member\":\"no\"}"), 404, "no member no");
        assertProblem(
                post("/activities", "{\"id\":\"x\",\"name\":\"X\",\"kind\":\"FUN\"}"),
                400,
                "SPEND, SHIFT");
        assertProblem(
                post(
                        "/adjustments",
                        "{\"member\":\"ann\",\"minutes\":1.5,\"operator\":\"C\",\"note\":\"n\"}"),
                400,
                "whole number");
        assertProblem(
                post(
                        "/adjustments",
                        "{\"member\":\"ann\",\"minutes\":-9999,\"operator\":\"C\",\"note\":\"n\"}"),
                409,
                "does not have that much");
        assertProblem(get("/members/nobody/statement"), 404, "no member nobody");
        assertProblem(get("/journal?after=x"), 400, "whole number");
        assertProblem(get("/nothing"), 404, "/api/1");
        assertProblem(post("/journal", "{}"), 405, "method");
        assertProblem(post("/members", " ".repeat(70_000)), 413, "64 KB");
    }

    @Test
    void answersCarrySecurityHeadersAndNoServerVersion() throws Exception {
        HttpResponse<String> response = get("/members");
        assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(response.headers().firstValue("Server")).isEmpty();
    }

    @Test
    void aTerminalEnrolsOnceWithItsCodeAndMayAskAgainWithTheSameKey() throws Exception {
        EnrolmentCode code =
                EnrolmentCode.parse(
                        json(post("/terminals/pool-door/code", ""), 201).path("code").asText());
        EnrolmentRequest request = EnrolmentRequest.prove(code, POOL_DOOR, "AAAABBBB");
        for (int i = 0; i < 2; i++) {
            HttpResponse<String> response = enrol(request);
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            EnrolmentReply reply =
                    EnrolmentCodec.decodeReply(response.body().getBytes(StandardCharsets.UTF_8));
            assertThat(reply.isProvenBy(code, request)).isTrue();
        }
        assertThat(admitted.isAllowed(BARRY, POOL_DOOR, "serial-6")).isTrue();
        assertProblem(
                enrol(EnrolmentRequest.prove(code, POOL_DOOR, "CCCCDDDD")),
                400,
                "No code that fits");
        json(post("/terminals/pool-door/revoke", ""), 200);
        assertThat(admitted.isAllowed(BARRY, POOL_DOOR, "serial-6")).isFalse();
        assertThat(cutOff).containsExactly(POOL_DOOR);
        assertProblem(enrol(request), 400, "No code that fits");
    }

    @Test
    void aWrongOrOldCodeLetsNobodyIn() throws Exception {
        EnrolmentCode code =
                EnrolmentCode.parse(
                        json(post("/terminals/pool-door/code", ""), 201).path("code").asText());
        EnrolmentCode guess = EnrolmentCode.mint(new byte[EnrolmentCode.RANDOM_BYTES]);
        assertProblem(enrol(EnrolmentRequest.prove(guess, POOL_DOOR, "AAAABBBB")), 400, "No code");
        books.pass(java.time.Duration.ofHours(25));
        assertProblem(enrol(EnrolmentRequest.prove(code, POOL_DOOR, "AAAABBBB")), 400, "No code");
        assertProblem(post("/terminals/nowhere/code", ""), 404, "no terminal nowhere");
    }

    @Test
    void whileTheBooksAreBusyARequestIsToldToTryAgain() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        java.util.concurrent.CompletableFuture<Boolean> _ =
                books.bookkeeper()
                        .submit(_ -> {
                            release.await();
                            return true;
                        });
        HttpResponse<String> response = post("/venues", "{\"id\":\"v\",\"name\":\"V\"}");
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        assertProblem(response, 503, "Try again");
        assertThat(get("/members/" + ANN + "/statement").statusCode())
                .as("reading goes on")
                .isEqualTo(200);
        release.countDown();
    }

    private HttpResponse<String> enrol(EnrolmentRequest request) throws Exception {
        return send(
                to("/api/1/enrol")
                        .POST(
                                HttpRequest.BodyPublishers.ofByteArray(
                                        EnrolmentCodec.encode(request))));
    }

    @Test
    void aBookOfAnotherHubIsReadHereAndWrittenThere() throws Exception {
        books.write(writing -> {
            Sql sql = writing.sql();
            sql.update("INSERT INTO book (book_id, name) VALUES ('cardiff', 'Cardiff')");
            sql.update("INSERT INTO lease VALUES ('cardiff', 'abc', 3, 0)");
            sql.update("INSERT INTO instance VALUES ('abc', '1', 'http://c:8090', '*', 0)");
            return sql.update("INSERT INTO venue VALUES ('cardiff', 'arena', 'The arena')");
        });
        assertThat(json(get("/venues?book=cardiff"), 200).path("venues").get(0).path("id").asText())
                .isEqualTo("arena");
        String venue = "{\"id\":\"hall\",\"name\":\"The hall\"}";
        assertThat(json(post("/venues?book=cardiff", venue), 421).path("detail").asText())
                .contains("Book cardiff is written by the hub at http://c:8090.");
        assertThat(json(post("/venues?book=nowhere", venue), 421).path("detail").asText())
                .startsWith("No hub writes book nowhere");
        json(post("/venues?book=barry", venue), 201);
    }
}
