package org.hourtap.simulator.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.hourtap.runtime.SystemTime;
import org.jspecify.annotations.Nullable;

/// Looks at a terminal's member screen as a person would, through the same stream as its browser.
public final class ScreenWatch implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration RETRY = Duration.ofMillis(100);

    /// Screens nobody asked for are forgotten.
    private static final int SEEN_MAX = 1_000;

    /// What the screen said.
    ///
    /// @param state a [org.hourtap.tap.Cue.Kind], in capitals
    /// @param micros when it was shown, by [SystemTime#bootMicros]
    public record Shown(String state, String title, String detail, long micros) {
        public boolean isWelcome() {
            return state.equals("WELCOME")
                    || state.equals("SHIFT_STARTED")
                    || state.equals("SHIFT_ENDED");
        }
    }

    private final URI events;
    private final HttpClient client =
            HttpClient.newBuilder()
                    .connectTimeout(Duration.ofSeconds(2))
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();
    private final ConcurrentLinkedQueue<Shown> seen = new ConcurrentLinkedQueue<>();
    private volatile @Nullable InputStream stream;
    private volatile boolean closed;
    private volatile boolean connected;
    private volatile @Nullable Shown latest;

    private ScreenWatch(int port) {
        this.events = URI.create("http://127.0.0.1:" + port + "/ui/events");
    }

    static ScreenWatch at(int port) {
        ScreenWatch watch = new ScreenWatch(port);
        Thread.ofVirtual().name("screen-" + port).start(watch::watch);
        return watch;
    }

    /// @return whether the screen is there and being looked at
    boolean isConnected() {
        return connected;
    }

    /// Forgets what was shown so far.
    void clear() {
        seen.clear();
    }

    /// @return the first answer to a tap that was shown since the last [#clear]
    Optional<Shown> answer() {
        return seen.stream().filter(shown -> !shown.state().equals("READY")).findFirst();
    }

    /// @return what the screen shows at this moment
    Optional<Shown> now() {
        return Optional.ofNullable(latest);
    }

    @Override
    public void close() {
        closed = true;
        InputStream open = stream;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // It was closed already.
            }
        }
        client.shutdownNow();
    }

    private void watch() {
        while (!closed) {
            try {
                HttpRequest request =
                        HttpRequest.newBuilder(events)
                                .header("Accept", "text/event-stream")
                                .build();
                InputStream in =
                        client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body();
                stream = in;
                read(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
            } catch (IOException e) {
                // The terminal is down or was killed; look again in a moment.
            } catch (InterruptedException e) {
                return;
            }
            connected = false;
            LockSupport.parkNanos(RETRY.toNanos());
        }
    }

    private void read(BufferedReader lines) throws IOException {
        String event = "";
        String line;
        while ((line = lines.readLine()) != null) {
            if (line.startsWith("event:")) {
                event = line.substring("event:".length()).strip();
            } else if (line.startsWith("data:") && event.equals("screen")) {
                note(JSON.readTree(line.substring("data:".length())));
                connected = true;
            }
        }
    }

    private void note(JsonNode frame) {
        JsonNode screen = frame.path("screen");
        Shown shown =
                new Shown(
                        screen.path("state").asText(),
                        screen.path("title").asText(),
                        screen.path("detail").asText(),
                        SystemTime.bootMicros());
        latest = shown;
        if (seen.size() >= SEEN_MAX) {
            seen.poll();
        }
        seen.add(shown);
    }
}
