package org.hourtap.device.cards;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.hourtap.device.enrol.Problem;
import org.hourtap.runtime.DataFolder;

/// The hub's own register, over its HTTP API. Registering the same card for the same member twice
/// does no harm.
final class HubRegister implements Register {
    private static final String PATH = "/api/1/cards";
    private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

    /// An answer is a card or a problem; both are a few lines.
    private static final int ANSWER_BYTES_MAX = 64 * 1024;

    private static final long TOKEN_BYTES_MAX = 4_096;
    private static final int OK_BELOW = 300;
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final URI address;
    private final String token;

    private HubRegister(URI address, String token) {
        this.address = address;
        this.token = token;
    }

    /// @throws IllegalArgumentException in words for the person at the keyboard
    static HubRegister open(URI hub, Path tokenFile) throws IOException {
        String scheme = String.valueOf(hub.getScheme());
        String host = hub.getHost();
        if (host == null || !Set.of("http", "https").contains(scheme)) {
            throw new IllegalArgumentException(
                    "The hub's address must look like https://hub.example, not " + hub);
        }
        if (scheme.equals("http") && !THIS_MACHINE.contains(host)) {
            throw new IllegalArgumentException(
                    "http:// would show the token to the network. Use https://, or run this on the"
                            + " hub's own machine.");
        }
        if (DataFolder.isReadableByOthers(tokenFile)) {
            throw new IllegalArgumentException(
                    "others may read "
                            + tokenFile
                            + "; take that away first: chmod 600 "
                            + tokenFile);
        }
        if (Files.size(tokenFile) > TOKEN_BYTES_MAX) {
            throw new IllegalArgumentException(tokenFile + " is far too long to hold a token");
        }
        String token = Files.readString(tokenFile).strip();
        if (!token.matches("[!-~]+")) {
            throw new IllegalArgumentException(
                    tokenFile + " must hold the token of the hub's admin.token and nothing else");
        }
        return new HubRegister(URI.create(hub.toString().replaceAll("/*$", "") + PATH), token);
    }

    @Override
    public String register(Registration card) throws NotRegisteredException, InterruptedException {
        Map<String, String> body =
                Map.of(
                        "id", card.card().value(),
                        "member", card.member(),
                        "leastProof", Registration.LEAST_PROOF.name());
        HttpRequest post =
                HttpRequest.newBuilder(address)
                        .timeout(ANSWER_MAX)
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + token)
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        JSON.valueToTree(body).toString()))
                        .build();
        try (HttpClient client =
                HttpClient.newBuilder()
                        .connectTimeout(CONNECT_MAX)
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            HttpResponse<InputStream> response =
                    client.send(post, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream answer = response.body()) {
                byte[] bytes = answer.readNBytes(ANSWER_BYTES_MAX);
                if (response.statusCode() >= OK_BELOW) {
                    throw refused(response.statusCode(), bytes);
                }
            }
            return "registered for " + card.member();
        } catch (IOException e) {
            throw new NotRegisteredException(
                    "The hub at "
                            + address.resolve("/")
                            + " does not answer ("
                            + e.getClass().getSimpleName()
                            + ").",
                    e);
        }
    }

    private static NotRegisteredException refused(int status, byte[] body) {
        String detail = Problem.detail(body);
        return new NotRegisteredException(
                "The hub refused it (status "
                        + status
                        + "). "
                        + (detail.isEmpty() ? "Is that address really a hub's?" : detail));
    }
}
