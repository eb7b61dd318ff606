package org.hourtap.simulator.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.hourtap.card.testing.VirtualDesfire;
import org.hourtap.runtime.DataFolder;
import org.hourtap.runtime.SystemTime;
import org.hourtap.smartcardio.testing.VirtualReader;

/// A hub and its terminals on this machine, each a process of its own with its own folder, joined
/// by the real wire. The programs are the ones that run in production.
public final class Deployment implements AutoCloseable {
    private static final Duration HUB_START_MAX = Duration.ofSeconds(90);
    private static final Duration LINK_MAX = Duration.ofSeconds(60);
    private static final int CARD_KEY_BYTES = 16;

    /// More would slow each other down until none is lit in time.
    private static final int STARTS_AT_A_TIME = 4;

    /// The folder of the hub; a terminal's is named by its id.
    public static final String HUB = "hub";

    private final Plan plan;
    private final Program hub;
    private final HubApi api;
    private final Scheme scheme;
    private final Readers readers;
    private final Map<Place, Box> boxes = new ConcurrentHashMap<>();
    private final Semaphore starts = new Semaphore(STARTS_AT_A_TIME);

    private Deployment(Plan plan, Program hub, HubApi api, Scheme scheme, Readers readers) {
        this.plan = plan;
        this.hub = hub;
        this.api = api;
        this.scheme = scheme;
        this.readers = readers;
    }

    /// Brings the demonstration up, enrolled and online.
    ///
    /// @param folder empty; everything is kept below it
    /// @param reader as in [Readers#open]
    /// @param passbackSeconds the same card again within this is a repeat
    /// @param progress told each step
    public static Deployment start(
            Path folder, String reader, int passbackSeconds, Consumer<String> progress)
            throws IOException, InterruptedException {
        return start(
                new Plan(
                        folder,
                        Place.DEMONSTRATION,
                        reader,
                        passbackSeconds,
                        8090,
                        8883,
                        Ground.FIRM),
                progress);
    }

    /// Brings any deployment up, enrolled and online.
    ///
    /// @param progress told each step
    public static Deployment start(Plan plan, Consumer<String> progress)
            throws IOException, InterruptedException {
        Path folder = plan.folder();
        DataFolder.make(folder);
        Path hubFolder = folder.resolve(HUB);
        plan.ground().make(hubFolder);
        int httpPort = Ports.take(plan.httpPort());
        int mqttPort = Ports.take(plan.mqttPort());
        Files.writeString(
                hubFolder.resolve("hub.properties"),
                "http.port=" + httpPort + "\nmqtt.host=127.0.0.1\nmqtt.port=" + mqttPort + "\n");
        byte[] cardKey = SystemTime.randomBytes(CARD_KEY_BYTES);
        // So that the hub checks what the cards sign.
        DataFolder.writePrivate(
                hubFolder.resolve("card.keys"),
                ("15.0 = "
                                + HexFormat.of().formatHex(VirtualDesfire.testMaster(cardKey, 15))
                                + "\n")
                        .getBytes(StandardCharsets.UTF_8));
        HubApi api = new HubApi(httpPort, hubFolder);
        Program hub =
                Program.of(
                        "the hub",
                        folder.resolve("hub.log"),
                        Launch.HUB,
                        List.of("run", "--data", hubFolder.toString()),
                        plan.ground(),
                        HUB);
        Readers readers = readers(plan, hub);
        progress.accept(readers.description());
        Deployment deployment =
                new Deployment(
                        plan, hub, api, new Scheme(api, cardKey, plan.passbackSeconds()), readers);
        try {
            deployment.awaitHub();
            progress.accept("The hub is up at " + api.address());
            deployment.addTerminals(mqttPort, cardKey, progress);
            deployment.awaitLinks();
        } catch (IOException | InterruptedException | RuntimeException e) {
            deployment.close();
            throw e;
        }
        return deployment;
    }

    /// Starts the hub, and opens the readers while it does.
    private static Readers readers(Plan plan, Program hub) throws IOException {
        hub.start();
        try {
            return Readers.open(
                    plan.reader(), plan.places().stream().map(Place::readerName).toList());
        } catch (RuntimeException e) {
            hub.close();
            throw e;
        }
    }

    HubApi api() {
        return api;
    }

    public Scheme scheme() {
        return scheme;
    }

    public Program hub() {
        return hub;
    }

    public Readers readers() {
        return readers;
    }

    public Box box(Place place) {
        Box box = boxes.get(place);
        if (box == null) {
            throw new IllegalStateException("no terminal at " + place);
        }
        return box;
    }

    /// @return the terminals, in the order of the plan
    public List<Box> boxes() {
        return plan.places().stream().map(this::box).toList();
    }

    Path folder() {
        return plan.folder();
    }

    /// Starts the hub and waits until it answers.
    public void startHub() throws IOException {
        hub.start();
        awaitHub();
    }

    private void awaitHub() throws IOException {
        if (!Waiting.untilAnswered(HUB_START_MAX, () -> api.isUp() || !hub.isAlive())
                || !hub.isAlive()) {
            throw new IOException("The hub did not start. Its log ends:\n" + hub.logEnd());
        }
    }

    @Override
    public void close() {
        try (ExecutorService stops = Executors.newVirtualThreadPerTaskExecutor()) {
            boxes.values().forEach(box -> stops.execute(box::close));
        }
        hub.close();
        readers.close();
    }

    /// A screen is lit before its terminal has spoken with the hub for the first time.
    private void awaitLinks() throws IOException {
        boolean linked =
                Waiting.untilAnswered(
                        LINK_MAX,
                        () ->
                                boxes.values().stream()
                                        .allMatch(box -> StaffState.of(box).isOnline()));
        if (!linked) {
            throw new IOException(
                    "not every terminal reached the hub; see the logs in " + folder());
        }
    }

    private void addTerminals(int mqttPort, byte[] cardKey, Consumer<String> progress)
            throws IOException, InterruptedException {
        List<Attempt> attempts = new ArrayList<>();
        for (Place place : plan.places()) {
            String code = scheme.add(place);
            Path data = folder().resolve(place.terminal());
            plan.ground().make(data);
            DataFolder.writePrivate(
                    data.resolve("card.keys"),
                    (HexFormat.of().formatHex(cardKey) + "\n").getBytes(StandardCharsets.UTF_8));
            attempts.add(
                    Attempt.start(() -> {
                        starts.acquire();
                        try {
                            addTerminal(place, data, code, mqttPort);
                        } finally {
                            starts.release();
                        }
                    }));
        }
        for (Attempt attempt : attempts) {
            attempt.finish();
        }
        for (Box box : boxes()) {
            progress.accept(box.place().venue() + " is enrolled and lit at " + box.screenAddress());
        }
    }

    private void addTerminal(Place place, Path data, String code, int mqttPort)
            throws IOException, InterruptedException {
        Plug plug = Plug.to(mqttPort);
        VirtualReader reader = readers.named(place.readerName());
        int screenPort = Ports.take(place.screenPort());
        Path log = folder().resolve(place.terminal() + ".log");
        Program.of(
                        "enrolment of " + place.venue(),
                        log,
                        Launch.TERMINAL,
                        List.of(
                                "enrol",
                                "--hub",
                                api.address(),
                                "--terminal",
                                place.terminal(),
                                "--data",
                                data.toString()),
                        plan.ground(),
                        place.terminal())
                .runWith(code);
        TerminalSettings.write(data, plug.port(), readers.kindOf(reader), reader, screenPort);
        Program program =
                Program.of(
                        place.venue(),
                        log,
                        Launch.TERMINAL,
                        List.of("run", "--data", data.toString()),
                        plan.ground(),
                        place.terminal());
        Box box = new Box(place, program, plug, reader, screenPort);
        boxes.put(place, box);
        box.start();
    }
}
