package org.hourtap.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.hourtap.device.sqlite.JournalView;
import org.hourtap.runtime.DataFolder;
import org.hourtap.runtime.FolderInUseException;
import org.hourtap.tap.StoreException;
import picocli.CommandLine.Command;

/// `status`: how a terminal is, whether it runs or not. Only reads.
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows how this terminal is; works beside a running one.")
final class StatusCommand extends ReadingCommand {
    private static final int ANSWER_MILLIS_MAX = 2_000;
    private static final int ANSWER_BYTES_MAX = 1 << 20;

    @Override
    void read() throws ConfigException, IOException, StoreException {
        TerminalConfig config = TerminalConfig.load(folder());
        out().println("terminal      " + config.terminal() + " of " + config.book());
        out().println("hub           " + config.mqttUrl());
        boolean isRunning = isRunning();
        out().println("running       " + (isRunning ? "yes" : "no"));
        if (isRunning) {
            out().println("link          " + link(config.screenPort()));
        }
        if (!hasJournal()) {
            out().println("journal       none yet; it is made when the terminal runs");
            return;
        }
        JournalView.Outbox outbox = new JournalView(journal()).outbox();
        out().println("last tap      " + outbox.last());
        out().println("in the ledger " + outbox.acknowledged());
        out().println("waiting       " + outbox.waiting() + since(outbox));
        out().println("feed cursor   " + outbox.cursor());
    }

    private static String since(JournalView.Outbox outbox) {
        return outbox.waiting() == 0
                ? ""
                : ", the oldest since "
                        + Instant.EPOCH
                                .plus(outbox.oldestWallMicros(), ChronoUnit.MICROS)
                                .truncatedTo(ChronoUnit.SECONDS);
    }

    private boolean isRunning() throws IOException {
        if (!Files.exists(folder().resolve("lock"))) {
            return false;
        }
        try (DataFolder held = DataFolder.hold(folder())) {
            return Files.notExists(held.path());
        } catch (FolderInUseException e) {
            return true;
        }
    }

    /// Only the running terminal knows, so its own staff page is asked.
    private static String link(int port) {
        if (port == 0) {
            return "not known; its pages are at a port that changes";
        }
        try {
            HttpURLConnection page =
                    (HttpURLConnection)
                            URI.create("http://127.0.0.1:" + port + "/staff/state")
                                    .toURL()
                                    .openConnection();
            page.setConnectTimeout(ANSWER_MILLIS_MAX);
            page.setReadTimeout(ANSWER_MILLIS_MAX);
            try (InputStream in = page.getInputStream()) {
                JsonNode state = new ObjectMapper().readTree(in.readNBytes(ANSWER_BYTES_MAX));
                return state.path("link").asText("not known");
            }
        } catch (IOException e) {
            return "not known; its staff page does not answer";
        }
    }
}
