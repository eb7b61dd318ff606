package org.hourtap.simulator.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.hourtap.contract.BookId;
import org.hourtap.contract.CardId;
import org.hourtap.contract.EventBatch;
import org.hourtap.contract.TerminalId;
import org.hourtap.device.mqtt.PahoUplink;
import org.hourtap.device.mqtt.TerminalIdentity;
import org.hourtap.runtime.DataFolder;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.Hub;
import org.hourtap.server.books.LedgerStore;
import org.hourtap.server.certificates.CertificateAuthority;
import org.hourtap.simulator.instances.Township;

/// How many taps a second go from terminals over MQTT with TLS through a whole hub into the ledger,
/// and are acknowledged: beside pgbench's TPC-B with eight clients on the same disk, in turn.
final class MqttBench {
    private static final int TERMINALS = 8;
    private static final int BATCHES_EACH = 4;
    private static final int CLIENTS = 8;
    private static final int TPC_B_EACH = 300;
    private static final double TPC_B_TIMES_MIN = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final int rounds;
    private final Consumer<String> progress;
    private final Rate taps = new Rate();
    private final Rate tpcB = new Rate();

    MqttBench(int rounds, Consumer<String> progress) {
        this.rounds = rounds;
        this.progress = progress;
    }

    List<Figure> run(Path folder) throws Exception {
        Path data = folder.resolve("hub");
        DataFolder.make(data);
        Township town = Township.of(1, TERMINALS);
        town.build(
                LedgerStore.of(data.resolve("hub.db")),
                CertificateAuthority.open(
                        data.resolve("certificates"), List.of(), false, SystemTime::wallMicros),
                folder.resolve("doors"));
        Files.writeString(
                data.resolve("hub.properties"),
                String.join(
                        "\n",
                        "book=" + town.books().getFirst(),
                        "http.port=0",
                        "mqtt.host=127.0.0.1",
                        "mqtt.port=0"));
        List<Sender> senders = new ArrayList<>();
        try (Hub hub = Hub.start(data)) {
            try {
                for (Map.Entry<TerminalId, BookId> door : town.doors().entrySet()) {
                    senders.add(sender(folder, hub, door.getKey(), door.getValue()));
                }
                all(senders.stream().map(Sender::online).toList());
                measure(folder, senders);
            } finally {
                senders.forEach(Sender::close);
            }
        }
        return figures();
    }

    private void measure(Path folder, List<Sender> senders)
            throws IOException, InterruptedException, BenchProblem {
        Optional<PgBench> yardstick = PgBench.start(folder);
        try {
            for (int round = 0; round <= rounds; round++) {
                double measured = turn(senders);
                double beside =
                        yardstick.isPresent() ? yardstick.get().run(CLIENTS, TPC_B_EACH) : 0;
                if (round > 0) {
                    taps.add(measured);
                    if (yardstick.isPresent()) {
                        tpcB.add(beside);
                    }
                }
                progress.accept("  round " + round + " of " + rounds);
            }
        } finally {
            if (yardstick.isPresent()) {
                yardstick.get().close();
            }
        }
    }

    private static double turn(List<Sender> senders) throws InterruptedException, BenchProblem {
        all(senders.stream().map(sender -> sender.prepare(BATCHES_EACH)).toList());
        long began = SystemTime.bootMicros();
        all(senders.stream().map(Sender::send).toList());
        return Rate.of((long) senders.size() * BATCHES_EACH * EventBatch.EVENTS_MAX, began);
    }

    private static void all(List<CompletableFuture<Boolean>> answers)
            throws InterruptedException, BenchProblem {
        try {
            Boolean _ =
                    CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                            .thenApply(_ -> true)
                            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new BenchProblem("Terminals were not answered: " + e, e);
        }
    }

    private static Sender sender(Path folder, Hub hub, TerminalId terminal, BookId book)
            throws IOException {
        List<CardId> cards =
                IntStream.range(0, Township.PEOPLE_PER_BOOK)
                        .mapToObj(person -> Township.card(0, person))
                        .toList();
        return new Sender(
                new PahoUplink.Address(
                        "ssl://localhost:" + hub.mqttPort(),
                        book,
                        terminal,
                        TerminalIdentity.load(folder.resolve("doors").resolve(terminal.value())),
                        1_000),
                cards);
    }

    private List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        figures.add(Figure.of("taps over MQTT into the ledger", taps.median(), "/s"));
        if (!tpcB.isEmpty()) {
            figures.add(Figure.of("TPC-B on PostgreSQL, eight clients", tpcB.median(), "/s"));
            figures.add(
                    Figure.atLeast(
                            "  taps over MQTT / TPC-B with eight clients",
                            taps.over(tpcB),
                            "times",
                            TPC_B_TIMES_MIN));
        }
        return figures;
    }
}
