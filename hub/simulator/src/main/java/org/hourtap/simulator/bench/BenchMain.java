package org.hourtap.simulator.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.hourtap.simulator.demo.TemporaryFolder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `deploy/bench`: a table of figure, bar, and whether it holds.
@Command(
        name = "deploy/bench",
        mixinStandardHelpOptions = true,
        description = {
            "Measures, and holds what it measured to its bars.",
            "  tap     card in the field to the light, through the real pcscd (about 5 minutes)",
            "  ledger  posting beside TPC-B, reading and proving, at 5 million transfers (about 20"
                    + " minutes)",
            "  mqtt    taps from terminals over MQTT into the ledger, beside TPC-B (about a minute)",
            "  tamper  bytes changed in a database of 5 million transfers: what audit verify names"
                    + " (about a minute each)"
        })
public final class BenchMain implements Callable<Integer> {
    private static final int BELOW_THE_BAR = 1;
    private static final int PROBLEM = 2;
    private static final int TAPS_MAX = 10_000;
    private static final long ROWS_MIN = 1_000;
    private static final long ROWS_MAX = 50_000_000;
    private static final List<String> MEASUREMENTS = List.of("tap", "ledger", "mqtt", "tamper");

    @Parameters(
            paramLabel = "NAME",
            arity = "0..1",
            defaultValue = "tap",
            description = "Which measurement (default: ${DEFAULT-VALUE}).")
    private String name = "tap";

    @Option(names = "--json", description = "Prints the figures as JSON.")
    private boolean json;

    @Option(
            names = "--taps",
            paramLabel = "N",
            defaultValue = "200",
            description = "How many taps are counted (default: ${DEFAULT-VALUE}).")
    private int taps;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "5000000",
            description = "How many transfers a large book has (default: ${DEFAULT-VALUE}).")
    private long rows;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "7",
            description = "How often each is measured, in turn (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--changes",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many bytes are changed (default: ${DEFAULT-VALUE}).")
    private int changes;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Which bytes (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Spec private @Nullable CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BenchMain()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        if (!MEASUREMENTS.contains(name)) {
            say("There is no measurement '" + name + "'. There are: " + MEASUREMENTS + ".");
            return PROBLEM;
        }
        if (taps < 1 || taps > TAPS_MAX) {
            say("--taps is 1 to " + TAPS_MAX + ".");
            return PROBLEM;
        }
        if (rows < ROWS_MIN || rows > ROWS_MAX || rounds < 1 || changes < 1) {
            say("--rows is " + ROWS_MIN + " to " + ROWS_MAX + "; --rounds, --changes at least 1.");
            return PROBLEM;
        }
        Path folder = Files.createTempDirectory("hourtap-bench-");
        try {
            List<Figure> figures = measure(folder, json ? _ -> {} : this::say);
            show(figures);
            return figures.stream().allMatch(Figure::holds) ? 0 : BELOW_THE_BAR;
        } catch (IOException | BenchProblem | IllegalStateException e) {
            say("The measurement could not be made: " + e.getMessage());
            return PROBLEM;
        } finally {
            TemporaryFolder.delete(folder);
        }
    }

    private List<Figure> measure(Path folder, Consumer<String> progress) throws Exception {
        return switch (name) {
            case "ledger" -> new LedgerBench(rows, rounds, progress).run(folder);
            case "mqtt" -> new MqttBench(rounds, progress).run(folder);
            case "tamper" -> new TamperBench(rows, changes, seed, progress).run(folder);
            default -> new TapBench(taps, progress).run(folder);
        };
    }

    private void show(List<Figure> figures) throws IOException {
        if (json) {
            say(asJson(figures));
            return;
        }
        say("");
        say(line("figure", "value", "bar", "holds"));
        for (Figure figure : figures) {
            say(
                    line(
                            figure.name(),
                            String.format(Locale.ROOT, "%.2f %s", figure.value(), figure.unit()),
                            bar(figure),
                            figure.bar() == null ? "" : figure.holds() ? "yes" : "NO"));
        }
    }

    private static String bar(Figure figure) {
        return figure.bar() == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        figure.bar() < 1 && figure.bar() > 0 ? "%s %.1f" : "%s %.0f",
                        figure.atMost() ? "≤" : "≥",
                        figure.bar());
    }

    private static String line(String... columns) {
        return String.format(Locale.ROOT, "%-58s %16s %9s  %s", (Object[]) columns);
    }

    private static String asJson(List<Figure> figures) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ArrayNode list = mapper.createArrayNode();
        for (Figure figure : figures) {
            ObjectNode node = list.addObject();
            node.put("figure", figure.name());
            node.put("value", figure.value());
            node.put("unit", figure.unit());
            node.put("bar", figure.bar());
            node.put("holds", figure.holds());
        }
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(list);
    }

    private void say(String line) {
        if (spec != null) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(line);
            out.flush();
        }
    }
}
