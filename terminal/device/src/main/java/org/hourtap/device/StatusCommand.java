package org.hourtap.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.hourtap.device.sqlite.JournalView;
import org.hourtap.runtime.DataFolder;
import org.hourtap.runtime.FolderInUseException;
import org.hourtap.tap.StoreException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `status`: how a terminal is, whether it runs or not. Only reads.
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows how this terminal is; works beside a running one.")
@SuppressWarnings("NullAway.Init") // fields are set by picocli before call()
final class StatusCommand implements Callable<Integer> {
    private static final int ANSWER_MILLIS_MAX = 2_000;
    private static final int ANSWER_BYTES_MAX = 1 << 20;

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
        PrintWriter err = spec.commandLine().getErr();
        try {
            TerminalConfig config = TerminalConfig.load(folder);
            out.println("terminal      " + config.terminal() + " of " + config.book());
            out.println("hub           " + config.mqttUrl());
            boolean isRunning = isRunning();
            out.println("running       " + (isRunning ? "yes" : "no"));
            if (isRunning) {
                out.println("link          " + link(config.screenPort()));
            }
        } catch (ConfigException | IOException e) {
            err.println(e.getMessage());
            return TerminalMain.EXIT_USAGE;
        }
        Path file = folder.resolve(Terminal.STORE_FILE);
        if (!Files.exists(file)) {
            out.println("journal       none yet; it is made when the terminal runs");
            return 0;
        }
        try {
            JournalView.Outbox outbox = new JournalView(file).outbox();
            out.println("last tap      " + outbox.last());
            out.println("in the ledger " + outbox.acknowledged());
            out.println("waiting       " + outbox.waiting() + since(outbox));
            out.println("feed cursor   " + outbox.cursor());
            return 0;
        } catch (StoreException e) {
            err.println(e.getMessage());
            return 1;
        }
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
        if (!Files.exists(folder.resolve("lock"))) {
            return false;
        }
        try (DataFolder held = DataFolder.hold(folder)) {
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
