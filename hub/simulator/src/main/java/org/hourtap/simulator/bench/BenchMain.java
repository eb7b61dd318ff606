package org.hourtap.simulator.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
            "  tap   card in the field to the light, through the real pcscd (about 5 minutes)"
        })
public final class BenchMain implements Callable<Integer> {
    private static final int BELOW_THE_BAR = 1;
    private static final int PROBLEM = 2;
    private static final int TAPS_MAX = 10_000;

    @Parameters(
            paramLabel = "NAME",
            arity = "0..1",
            defaultValue = "tap",
            description = "Which measurement (default: all there are: ${DEFAULT-VALUE}).")
    private String name = "tap";

    @Option(names = "--json", description = "Prints the figures as JSON.")
    private boolean json;

    @Option(
            names = "--taps",
            paramLabel = "N",
            defaultValue = "200",
            description = "How many taps are counted (default: ${DEFAULT-VALUE}).")
    private int taps;

    @Spec private @Nullable CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BenchMain()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        if (!name.equals("tap")) {
            say("There is no measurement '" + name + "'. There is: tap.");
            return PROBLEM;
        }
        if (taps < 1 || taps > TAPS_MAX) {
            say("--taps is 1 to " + TAPS_MAX + ".");
            return PROBLEM;
        }
        Path folder = Files.createTempDirectory("hourtap-bench-");
        try {
            List<Figure> figures = new TapBench(taps, json ? _ -> {} : this::say).run(folder);
            show(figures);
            return figures.stream().allMatch(Figure::holds) ? 0 : BELOW_THE_BAR;
        } catch (IOException | IllegalStateException e) {
            say("The measurement could not be made: " + e.getMessage());
            return PROBLEM;
        } finally {
            delete(folder);
        }
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
                : String.format(Locale.ROOT, "%s %.0f", figure.atMost() ? "≤" : "≥", figure.bar());
    }

    private static String line(String... columns) {
        return String.format(Locale.ROOT, "%-50s %16s %8s  %s", (Object[]) columns);
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

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private void say(String line) {
        if (spec != null) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(line);
            out.flush();
        }
    }
}
