package org.hourtap.simulator.instances;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator.SplittableGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.hourtap.contract.BookId;
import org.hourtap.contract.CardId;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.TransferId;
import org.hourtap.runtime.DataFolder;
import org.hourtap.runtime.Database;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.certificates.CertificateAuthority;
import org.hourtap.simulator.demo.HubApi;
import org.hourtap.simulator.demo.Ports;
import org.hourtap.simulator.demo.Program;
import org.hourtap.simulator.demo.Waiting;
import org.hourtap.simulator.postgresql.HubDatabase;
import org.hourtap.simulator.postgresql.PostgresNode;
import org.hourtap.simulator.postgresql.PostgresPrograms;

/// One run: a database, a broker, hubs as processes of their own, doors, and a hub out every so
/// often; then peace, and the audit of every tap.
final class InstancesRun {
    private static final int HTTP_PORT = 8_290;
    private static final Duration SHARED_MAX = Duration.ofSeconds(60);
    private static final Duration SETTLED_MAX = Duration.ofSeconds(90);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    /// Every so many times it is a pause instead of a kill.
    private static final int FREEZE_EVERY = 4;

    private final Order order;
    private final SplittableGenerator chance;
    private final Consumer<String> say;
    private final Figures figures = new Figures();
    private final List<Mover.Instance> hubs = new ArrayList<>();
    private final List<Door> doors = new ArrayList<>();
    private final Township town;
    private final List<HubApi> desks = new ArrayList<>();

    /// What is asked for.
    ///
    /// @param folder empty; everything is kept below it
    /// @param gap from one hub taken out to the next
    /// @param tapGap from one tap at a door to the next, on average
    record Order(
            Path folder,
            int instances,
            int books,
            int terminals,
            Duration duration,
            Duration gap,
            Duration tapGap) {}

    /// @param chance decides who taps when
    InstancesRun(Order order, SplittableGenerator chance, Consumer<String> say) {
        this.order = order;
        this.chance = chance;
        this.say = say;
        this.town = Township.of(order.books(), order.terminals());
    }

    Figures run() throws Exception {
        Path folder = order.folder().toRealPath();
        Path certificates = folder.resolve("certificates");
        CertificateAuthority authority =
                CertificateAuthority.open(certificates, List.of(), false, SystemTime::wallMicros);
        try (PostgresNode server =
                        PostgresNode.primary(
                                PostgresPrograms.installed(), folder, "postgresql", _ -> {});
                OwnBroker broker =
                        OwnBroker.start(
                                folder, certificates, authority.authorityPem(), town.doors())) {
            HubDatabase postgres = HubDatabase.at(server);
            town.build(postgres.store(), authority, folder.resolve("doors"));
            try (Database writer = postgres.store().openWriter()) {
                Witness.install(writer);
            }
            say.accept("PostgreSQL, Mosquitto, " + order.books() + " books are there.");
            try (Witness witness = new Witness(postgres.store())) {
                prepare(folder, postgres, broker, certificates);
                shaken(witness, broker, folder);
                audit(witness);
            } finally {
                doors.forEach(Door::close);
                hubs.forEach(hub -> hub.program().close());
            }
        }
        return figures;
    }

    private void prepare(Path folder, HubDatabase postgres, OwnBroker broker, Path certificates)
            throws IOException {
        for (int n = 0; n < order.instances(); n++) {
            Path own = folder.resolve("hub-" + n);
            DataFolder.make(own);
            int port = Ports.take(HTTP_PORT + n);
            desks.add(new HubApi(port, own));
            Files.writeString(
                    own.resolve("hub.properties"),
                    String.join(
                            "\n",
                            "book=" + town.books().get(n % town.books().size()),
                            "books=*",
                            "http.port=" + port,
                            "mqtt.url=" + broker.url(),
                            "database=" + postgres.address(),
                            ""));
            DataFolder.writePrivate(
                    own.resolve("database.password"),
                    postgres.password().getBytes(StandardCharsets.UTF_8));
            DataFolder.make(own.resolve("certificates"));
            try (Stream<Path> files = Files.list(certificates)) {
                for (Path file : files.toList()) {
                    Files.copy(file, own.resolve("certificates").resolve(file.getFileName()));
                }
            }
            // A known id, so that we can tell whose lease is whose.
            String id = "%012x".formatted(n + 1);
            DataFolder.writePrivate(
                    own.resolve("instance.id"), id.getBytes(StandardCharsets.US_ASCII));
            hubs.add(
                    new Mover.Instance(
                            Program.hub("hub-" + n, own, folder.resolve("hub-" + n + ".log")), id));
        }
    }

    private void shaken(Witness witness, OwnBroker broker, Path folder) throws Exception {
        for (Mover.Instance hub : hubs) {
            hub.program().start();
        }
        awaitShares(witness);
        for (Map.Entry<TerminalId, BookId> door : town.doors().entrySet()) {
            int book = town.books().indexOf(door.getValue());
            List<CardId> cards =
                    IntStream.range(0, Township.PEOPLE_PER_BOOK)
                            .mapToObj(person -> Township.card(book, person))
                            .toList();
            doors.add(
                    Door.open(
                            broker.url(),
                            door.getValue(),
                            door.getKey(),
                            folder.resolve("doors").resolve(door.getKey().value()),
                            cards,
                            order.tapGap(),
                            chance.split()));
        }
        Office office = Office.open(desks, town.books(), chance.split());
        try (office) {
            takeOut(witness);
            settle(witness, office);
        }
        for (Office.Sent sent : office.sent()) {
            figures.remitted++;
            figures.remittedAstray += witness.isInBoth(sent) ? 0 : 1;
        }
        awaitShares(witness);
    }

    /// One hub after the other, while doors and office are busy.
    private void takeOut(Witness witness) throws Exception {
        say.accept(doors.size() + " terminals tap.");
        long start = SystemTime.bootMicros();
        Mover mover = new Mover(witness, figures, say);
        long next = start + order.gap().toNanos() / 1_000;
        for (int round = 0; seconds(start) < order.duration().toSeconds(); ) {
            Waiting.pause(LOOK_EVERY);
            stopIfAsked();
            look(witness, start);
            if (SystemTime.bootMicros() >= next) {
                next = SystemTime.bootMicros() + order.gap().toNanos() / 1_000;
                Mover.Instance victim = hubs.get(round % hubs.size());
                if (++round % FREEZE_EVERY == 0) {
                    mover.freeze(victim);
                } else {
                    mover.kill(victim);
                }
            }
        }
    }

    private void settle(Witness witness, Office office) throws SQLException {
        doors.forEach(Door::shut);
        office.shut();
        say.accept("Nobody taps any more; waiting until everything is told.");
        if (!Waiting.until(SETTLED_MAX, () -> waiting() == 0)) {
            figures.faults.add(waiting() + " taps were never acknowledged");
        }
        if (!Waiting.until(SETTLED_MAX, office::isDone)) {
            figures.faults.add("the office still waits for a hub's word");
        }
        long deadline = SystemTime.bootMicros() + SETTLED_MAX.toNanos() / 1_000;
        while (witness.onTheirWay() > 0) {
            if (SystemTime.bootMicros() > deadline) {
                figures.faults.add(witness.onTheirWay() + " hours are still on their way");
                return;
            }
            Waiting.pause(Duration.ofMillis(200));
        }
    }

    /// Until every hub has its share.
    private void awaitShares(Witness witness) throws SQLException {
        int share = order.books() / order.instances();
        long deadline = SystemTime.bootMicros() + SHARED_MAX.toNanos() / 1_000;
        while (SystemTime.bootMicros() < deadline) {
            List<String> holders =
                    witness.leases().values().stream().map(Witness.Lease::holder).toList();
            boolean isShared =
                    hubs.stream()
                            .allMatch(hub ->
                                    holders.stream().filter(hub.id()::equals).count() >= share);
            if (isShared) {
                say.accept("Every hub has at least " + share + " books.");
                return;
            }
            Waiting.pause(Duration.ofMillis(200));
        }
        figures.faults.add("the books were not shared fairly: " + witness.leases());
    }

    private void look(Witness witness, long start) throws SQLException {
        Witness.Look look = witness.look(town.books());
        figures.looks++;
        if (!look.faults().isEmpty()) {
            figures.faultyLooks++;
            figures.faults.addAll(look.faults());
        }
        say.accept(
                seconds(start)
                        + " s of "
                        + order.duration().toSeconds()
                        + " · tapped "
                        + doors.stream().mapToLong(door -> door.position().last()).sum()
                        + " · waiting "
                        + waiting()
                        + " · transfers "
                        + look.transfers()
                        + (look.faults().isEmpty() ? " · all balance and hold" : " · FAULTY"));
    }

    private long waiting() {
        return doors.stream()
                .mapToLong(door -> door.position().last() - door.position().acknowledged())
                .sum();
    }

    private static long seconds(long start) {
        return (SystemTime.bootMicros() - start) / 1_000_000;
    }

    private static void stopIfAsked() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("stopped");
        }
    }

    /// Compares the journals of the doors, which are the truth, with the books.
    private void audit(Witness witness) throws SQLException {
        doors.forEach(Door::close);
        Witness.Look look = witness.look(town.books());
        figures.looks++;
        figures.faults.addAll(look.faults());
        figures.transfers = look.transfers();
        figures.stale = witness.stale();
        for (Door door : doors) {
            BookId book = town.doors().get(door.id());
            if (book != null) {
                compare(door, witness.taps(book, door.id()));
            }
        }
        long expected =
                figures.taps
                        + 2 * figures.remitted
                        + (long) order.books() * Township.PEOPLE_PER_BOOK;
        if (look.transfers() != expected) {
            figures.faults.add(look.transfers() + " transfers, and not " + expected);
        }
        long findings = witness.findings();
        if (findings > 0) {
            figures.faults.add(findings + " findings, and there should be none");
        }
    }

    private void compare(Door door, List<Witness.Kept> kept) {
        List<TransferId> tapped = door.tapped();
        figures.taps += tapped.size();
        Set<String> seen = new HashSet<>();
        long before = 0;
        for (Witness.Kept tap : kept) {
            figures.twice += tap.transfers() > 1 || !seen.add(tap.id()) ? 1 : 0;
            figures.lost += tap.transfers() == 0 ? 1 : 0;
            figures.unordered += tap.sequence() != before + 1 ? 1 : 0;
            before = tap.sequence();
        }
        for (TransferId id : tapped) {
            figures.lost += seen.contains(id.value().toString().replace("-", "")) ? 0 : 1;
        }
        if (kept.size() > tapped.size()) {
            figures.faults.add(door.id() + ": taps in the books that nobody made");
        }
    }
}
