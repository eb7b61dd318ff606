package org.hourtap.simulator.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.hourtap.device.screen.EventStream;
import org.hourtap.device.screen.PageServer;
import org.hourtap.device.screen.Pages;
import org.hourtap.device.screen.RefusedRequestException;
import org.hourtap.runtime.RoleThread;
import org.hourtap.simulator.demo.ScreenWatch.Shown;

/// A page for the curious: hold cards, pull plugs, kill programs, and watch the ledger.
final class BenchPage implements AutoCloseable {
    private static final Duration REFRESH = Duration.ofMillis(500);
    private static final int BROWSERS_MAX = 8;

    private final Deployment deployment;
    private final EventStream events = new EventStream(BROWSERS_MAX);
    private final List<Person> people = new CopyOnWriteArrayList<>();
    private final Map<String, String> busy = new ConcurrentHashMap<>();
    private final ObjectMapper json = new ObjectMapper();
    private final BenchState state;
    private final PageServer server;
    private final RoleThread refresh;

    private BenchPage(int port, Deployment deployment) throws IOException {
        this.deployment = deployment;
        this.state = new BenchState(deployment, people);
        this.server =
                PageServer.open(
                        port,
                        new Pages()
                                .file("/", BenchPage.class, "bench.html")
                                .file("/bench.css", BenchPage.class, "bench.css")
                                .file("/bench.js", BenchPage.class, "bench.js")
                                .events("/bench/events", events)
                                .post("/bench/tap", this::tap)
                                .post("/bench/plug", this::plug)
                                .post("/bench/power", this::power));
        this.refresh = RoleThread.start("bench", 16, REFRESH, this::publish, _ -> {});
    }

    /// @param port preferred; another is taken if it is in use
    static BenchPage open(int port, Deployment deployment) throws IOException {
        return new BenchPage(Ports.take(port), deployment);
    }

    URI address() {
        return server.address();
    }

    /// Registers a few people to play with.
    void addPeople() throws IOException, InterruptedException {
        Scheme scheme = deployment.scheme();
        add(scheme.issue("mair", "Mair", "cy", false), 60);
        add(scheme.issue("owen", "Owen", "en", true), 180);
        add(scheme.issue("priya", "Priya", "en", false), 600);
        add(scheme.issue("tomos", "Tomos", "cy", false), 0);
    }

    @Override
    public void close() {
        refresh.close();
        server.close();
    }

    private void add(Person person, int minutes) throws IOException, InterruptedException {
        if (minutes > 0) {
            deployment.scheme().startWith(person, minutes);
        }
        people.add(person);
    }

    private void publish() throws InterruptedException {
        try {
            events.publish("state", json.writeValueAsString(state.now()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain values are always JSON", e);
        }
    }

    private Object tap(JsonNode body) throws RefusedRequestException {
        Box box = box(body.path("terminal").asText());
        Person person =
                people.stream()
                        .filter(it -> it.member().equals(body.path("member").asText()))
                        .findFirst()
                        .orElseThrow(
                                () -> new RefusedRequestException(404, "Nobody has that card."));
        if (busy.putIfAbsent(box.place().terminal(), person.member()) != null) {
            throw new RefusedRequestException(409, "Another card is at this reader. One moment.");
        }
        try {
            Optional<Shown> shown = box.tap(person);
            return said(
                    shown.map(it ->
                                    person.firstName()
                                            + " at "
                                            + box.place().venue()
                                            + ": “"
                                            + it.title()
                                            + "” "
                                            + it.detail())
                            .orElse(
                                    "The terminal of "
                                            + box.place().venue()
                                            + " did not answer. Is it running?"));
        } finally {
            busy.remove(box.place().terminal());
        }
    }

    private Object plug(JsonNode body) throws RefusedRequestException {
        Box box = box(body.path("terminal").asText());
        if (body.path("pulled").asBoolean()) {
            box.plug().pull();
            return said(box.place().venue() + " is cut off. Its taps wait in its journal.");
        }
        box.plug().plugIn();
        return said(box.place().venue() + " is plugged in. What waited is on its way.");
    }

    private Object power(JsonNode body) throws RefusedRequestException {
        String name = body.path("program").asText();
        boolean run = body.path("run").asBoolean();
        Optional<Box> box = name.equals("hub") ? Optional.empty() : Optional.of(box(name));
        Program program = box.map(Box::program).orElse(deployment.hub());
        try {
            if (!run) {
                program.kill();
                return said(program.name() + " was killed, as by kill -9.");
            }
            if (!program.isAlive()) {
                start(box);
            }
            return said(program.name() + " is running.");
        } catch (IOException e) {
            throw new RefusedRequestException(503, String.valueOf(e.getMessage()));
        }
    }

    private void start(Optional<Box> box) throws IOException {
        if (box.isPresent()) {
            box.get().start();
        } else {
            deployment.startHub();
        }
    }

    private Box box(String terminal) throws RefusedRequestException {
        List<Box> all = new ArrayList<>(deployment.boxes());
        return all.stream()
                .filter(it -> it.place().terminal().equals(terminal))
                .findFirst()
                .orElseThrow(
                        () -> new RefusedRequestException(404, "There is no terminal " + terminal));
    }

    private static Map<String, String> said(String sentence) {
        return Map.of("said", sentence);
    }
}
