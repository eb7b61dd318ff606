package org.hourtap.simulator.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// What a terminal's staff page says.
///
/// @param waiting taps the hub has not acknowledged; −1 if the terminal does not answer
public record StaffState(boolean isOnline, long waiting) {
    private static final StaffState DARK = new StaffState(false, -1);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder()
                    .connectTimeout(Duration.ofSeconds(1))
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();

    public static StaffState of(Box box) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(box.screenAddress() + "staff/state"))
                        .timeout(Duration.ofSeconds(3))
                        .build();
        try {
            JsonNode state =
                    JSON.readTree(
                            CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body());
            return new StaffState(
                    state.path("linkUp").asBoolean(), state.path("unsent").asLong(-1));
        } catch (IOException e) {
            return DARK;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return DARK;
        }
    }
}
