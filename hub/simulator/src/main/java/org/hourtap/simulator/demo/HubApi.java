package org.hourtap.simulator.demo;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// The hub's HTTP API as a coordinator would use it.
public final class HubApi {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder()
                    .connectTimeout(Duration.ofSeconds(2))
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();
    private final URI base;
    private final Path tokenFile;

    public HubApi(int port, Path hubFolder) {
        this.base = URI.create("http://127.0.0.1:" + port);
        this.tokenFile = hubFolder.resolve("admin.token");
    }

    String address() {
        return base.toString();
    }

    /// @return whether the hub answers at this moment
    boolean isUp() {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(base.resolve("/health")).timeout(TIMEOUT).build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return send(path, request(path).GET());
    }

    public JsonNode post(String path, Map<String, ?> body)
            throws IOException, InterruptedException {
        String json = JSON.writeValueAsString(body);
        return send(
                path,
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    static Map<String, Object> asMap(JsonNode node) {
        return JSON.convertValue(node, new TypeReference<>() {});
    }

    private HttpRequest.Builder request(String path) throws IOException {
        return HttpRequest.newBuilder(base.resolve("/api/1" + path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + Files.readString(tokenFile).strip());
    }

    private JsonNode send(String path, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        HttpResponse<String> response =
                client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IOException(
                    "the hub answered "
                            + response.statusCode()
                            + " to "
                            + path
                            + ": "
                            + response.body());
        }
        return JSON.readTree(response.body());
    }
}
