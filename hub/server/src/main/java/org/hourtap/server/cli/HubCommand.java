package org.hourtap.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What every command that asks the running hub has in common.
@CommandLine.Command(mixinStandardHelpOptions = true)
abstract class HubCommand implements Callable<Integer> {
    /// The hub said no, or is not there.
    private static final int REFUSED = 1;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "the hub's data folder (default: ${DEFAULT-VALUE})",
            defaultValue = "hourtap-hub-data")
    private Path data = Path.of("hourtap-hub-data");

    @Option(
            names = "--book",
            paramLabel = "ID",
            description = "which of several books in one database (default: the hub's own)")
    private @Nullable String book;

    @Spec private @Nullable CommandSpec spec;

    /// Asks the hub and prints what it said.
    abstract void run(HubClient hub) throws HubClient.AskException, InterruptedException;

    @Override
    public final Integer call() throws InterruptedException {
        try {
            run(new HubClient(data, book));
            return CommandLine.ExitCode.OK;
        } catch (HubClient.AskException e) {
            PrintWriter err = spec().commandLine().getErr();
            err.println(e.getMessage());
            err.flush();
            return REFUSED;
        }
    }

    final void print(String line) {
        PrintWriter out = spec().commandLine().getOut();
        out.println(line);
        out.flush();
    }

    /// Prints where in the journal something stands now.
    final void posted(JsonNode answer) {
        print("entry " + answer.path("sequence").asText() + ", id " + answer.path("id").asText());
    }

    /// Prints an account's newest lines and balance.
    final void statement(JsonNode statement) {
        table(
                statement.path("lines"),
                "sequence",
                "reason",
                "stage",
                "debit",
                "credit",
                "change",
                "balance",
                "id");
        long held = statement.path("pendingDebits").asLong();
        long waiting = statement.path("pendingCredits").asLong();
        print(
                "balance "
                        + statement.path("balance").asText()
                        + " "
                        + statement.path("unit").asText()
                        + (held == 0 ? "" : ", " + held + " may still be taken")
                        + (waiting == 0 ? "" : ", " + waiting + " more may still come"));
    }

    /// Prints a list in columns as wide as they need to be.
    final void table(JsonNode list, String... keys) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(keys));
        for (JsonNode row : list) {
            rows.add(List.of(keys).stream().map(key -> row.path(key).asText()).toList());
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < keys.length; column++) {
                int width = width(rows, column);
                String cell = row.get(column);
                line.append(cell).append(" ".repeat(width - cell.length() + 2));
            }
            print(line.toString().stripTrailing());
        }
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    private CommandSpec spec() {
        if (spec == null) {
            throw new IllegalStateException("run by picocli only");
        }
        return spec;
    }
}
