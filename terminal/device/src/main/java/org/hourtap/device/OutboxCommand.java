package org.hourtap.device;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import org.hourtap.contract.TapEvent;
import org.hourtap.device.sqlite.JournalView;
import org.hourtap.tap.StoreException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `outbox`: the taps that are not in the ledger yet. Only reads.
@Command(
        name = "outbox",
        mixinStandardHelpOptions = true,
        description = "Lists the taps that are not in the ledger yet, oldest first.")
@SuppressWarnings("NullAway.Init") // fields are set by picocli before call()
final class OutboxCommand implements Callable<Integer> {
    private static final int CARD_TAIL = 4;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "The terminal's folder.")
    private Path folder;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Path file = folder.resolve(Terminal.STORE_FILE);
        if (!Files.exists(file)) {
            spec.commandLine()
                    .getErr()
                    .println(folder + " holds no journal. Check the folder given as --data.");
            return TerminalMain.EXIT_USAGE;
        }
        try {
            JournalView view = new JournalView(file);
            List<JournalView.Entry> waiting = view.waiting();
            waiting.forEach(entry -> out.println(line(entry)));
            long all = view.outbox().waiting();
            if (all > waiting.size()) {
                out.println("… and " + (all - waiting.size()) + " more");
            }
            out.println(all == 0 ? "Every tap is in the ledger." : all + " waiting.");
            return 0;
        } catch (StoreException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return 1;
        }
    }

    private static String line(JournalView.Entry entry) {
        TapEvent event = entry.event();
        String card = event.card().value();
        String tail = card.substring(Math.max(0, card.length() - CARD_TAIL));
        Instant at =
                Instant.EPOCH
                        .plus(event.at().wallMicros(), ChronoUnit.MICROS)
                        .truncatedTo(ChronoUnit.SECONDS);
        return String.join(
                "  ",
                Long.toString(event.sequence()),
                at.toString(),
                "…" + tail,
                entry.inDoubt() ? "IN DOUBT" : event.kind().name(),
                event.minutes().isNone() ? "" : event.minutes().minutes() + " min",
                event.reason() == null ? "" : event.reason(),
                event.offline() ? "offline" : "");
    }
}
