package org.hourtap.server.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Asks the hub that runs on a data folder. Address and token come from the folder, so that no
/// secret is ever typed or seen in a list of processes.
final class HubClient {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path folder;
    private final @Nullable String book;

    /// @param book absent for the one the hub opens itself
    HubClient(Path folder, @Nullable String book) {
        this.folder = folder;
        this.book = book;
    }

    /// The hub did not do it. The message is for the person at the keyboard.
    static final class AskException extends Exception {
        private static final long serialVersionUID = 1L;

        AskException(String message) {
            super(message);
        }
    }

    JsonNode get(String path) throws AskException, InterruptedException {
        return send(path, HttpRequest.newBuilder().GET());
    }

    JsonNode post(String path, Map<String, ?> body) throws AskException, InterruptedException {
        HttpRequest.BodyPublisher json =
                HttpRequest.BodyPublishers.ofString(JSON.valueToTree(body).toString());
        return send(
                path,
                HttpRequest.newBuilder().header("Content-Type", "application/json").POST(json));
    }

    private JsonNode send(String path, HttpRequest.Builder request)
            throws AskException, InterruptedException {
        String address = fromFolder("hub.address");
        String token = fromFolder("admin.token");
        HttpRequest whole =
                request.uri(uri(address, path))
                        .timeout(TIMEOUT)
                        .header("Authorization", "Bearer " + token)
                        .build();
        try (HttpClient client =
                HttpClient.newBuilder()
                        .connectTimeout(CONNECT_TIMEOUT)
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            HttpResponse<String> response =
                    client.send(whole, HttpResponse.BodyHandlers.ofString());
            JsonNode body = JSON.readTree(response.body());
            if (response.statusCode() >= 300) {
                throw new AskException(
                        body.path("detail").asText("The hub answered " + response.statusCode()));
            }
            return body;
        } catch (JacksonException e) {
            throw new AskException("What answers at " + address + " is not the hub.");
        } catch (IOException e) {
            throw notRunning();
        }
    }

    private URI uri(String address, String path) throws AskException {
        String query = book == null ? "" : (path.contains("?") ? "&" : "?") + "book=" + book;
        try {
            return URI.create(address + "/api/1" + path + query);
        } catch (IllegalArgumentException e) {
            throw new AskException("Ids have only letters, digits, _ and -.");
        }
    }

    private String fromFolder(String name) throws AskException {
        try {
            return Files.readString(folder.resolve(name)).strip();
        } catch (NoSuchFileException e) {
            throw notRunning();
        } catch (IOException e) {
            throw new AskException(
                    "Cannot read " + folder.resolve(name) + ". Are you the user the hub runs as?");
        }
    }

    private AskException notRunning() {
        return new AskException(
                "No hub is running on "
                        + folder
                        + ". Start it with: hourtap-hub run --data "
                        + folder);
    }
}
