package org.hourtap.device;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.hourtap.contract.TapEvent;
import org.hourtap.device.sqlite.JournalView;
import org.hourtap.tap.StoreException;
import picocli.CommandLine.Command;

/// `outbox`: the taps that are not in the ledger yet. Only reads.
@Command(
        name = "outbox",
        mixinStandardHelpOptions = true,
        description = "Lists the taps that are not in the ledger yet, oldest first.")
final class OutboxCommand extends ReadingCommand {
    private static final int CARD_TAIL = 4;

    @Override
    void read() throws IOException, StoreException {
        JournalView view = new JournalView(journal());
        List<JournalView.Entry> waiting = view.waiting();
        waiting.forEach(entry -> out().println(line(entry)));
        long all = view.outbox().waiting();
        if (all > waiting.size()) {
            out().println("… and " + (all - waiting.size()) + " more");
        }
        out().println(all == 0 ? "Every tap is in the ledger." : all + " waiting.");
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
