package org.hourtap.simulator.instances;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator.SplittableGenerator;
import java.util.random.RandomGeneratorFactory;
import org.hourtap.runtime.SystemTime;
import org.hourtap.simulator.demo.CleanStop;
import org.hourtap.simulator.demo.TemporaryFolder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `deploy/instances`: several hubs on one PostgreSQL behind one broker, taken out in turn.
@Command(
        name = "deploy/instances",
        mixinStandardHelpOptions = true,
        description = "Hubs that share their books are killed in turn while terminals tap.")
public final class InstancesMain implements Callable<Integer> {
    private static final int PROBLEM = 2;
    private static final int INSTANCES_MAX = 5;
    private static final int TERMINALS_MAX = 400;
    private static final int BOOKS_MAX = 90;
    private static final int SECONDS_PER_MINUTE = 60;

    /// Short enough to be typed again.
    private static final long SEED_MASK = 0xFFFF_FFFFL;

    @Option(names = "--minutes", defaultValue = "10", description = "For how long.")
    private double minutes;

    @Option(names = "--instances", defaultValue = "3", description = "Hubs, 2 to 5.")
    private int instances;

    @Option(names = "--books", defaultValue = "12", description = "How many, up to 90.")
    private int books;

    @Option(names = "--terminals", defaultValue = "100", description = "How many, up to 400.")
    private int terminals;

    @Option(names = "--gap", defaultValue = "20", description = "Seconds from hub to hub.")
    private int gap;

    @Option(names = "--tap-gap", defaultValue = "3", description = "Seconds from tap to tap.")
    private int tapGap;

    @Option(names = "--seed", description = "Chooses who taps when; else a new one.")
    private @Nullable Long seed;

    @Option(names = "--keep", description = "Keeps all files even when all is well.")
    private boolean keep;

    @Spec private @Nullable CommandSpec spec;

    /// A hundred terminals that connect are no news. Kept, because the setting is forgotten with
    /// it.
    private static final Logger LINKS = Logger.getLogger("org.hourtap.device");

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new InstancesMain()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        boolean isInRange =
                minutes > 0
                        && instances >= 2
                        && instances <= INSTANCES_MAX
                        && books >= instances
                        && books <= BOOKS_MAX
                        && terminals >= books
                        && terminals <= TERMINALS_MAX
                        && gap >= 1
                        && tapGap >= 1;
        if (!isInRange) {
            say(
                    "--minutes, --gap and --tap-gap are more than 0, --instances 2 to 5, --books"
                            + " at least as many and up to 90, --terminals at least as many as"
                            + " books and up to 400.");
            return PROBLEM;
        }
        LINKS.setLevel(Level.WARNING);
        return CleanStop.run(this::run, PROBLEM, this::say);
    }

    private int run() throws Exception {
        long number = seed == null ? SystemTime.randomLong() & SEED_MASK : seed;
        Path folder = Files.createTempDirectory("hourtap-instances-");
        say("Seed " + number + ". Everything is in " + folder + " as long as it runs.");
        SplittableGenerator chance =
                RandomGeneratorFactory.<SplittableGenerator>of("SplittableRandom").create(number);
        InstancesRun.Order order =
                new InstancesRun.Order(
                        folder,
                        instances,
                        books,
                        terminals,
                        Duration.ofSeconds(Math.round(minutes * SECONDS_PER_MINUTE)),
                        Duration.ofSeconds(gap),
                        Duration.ofSeconds(tapGap));
        Figures figures = new InstancesRun(order, chance, this::say).run();
        say("");
        figures.lines().forEach(this::say);
        say("");
        if (!figures.isWell()) {
            say("Not as it should be. All files are kept in " + folder + ".");
            return 1;
        }
        say("0 lost, 0 twice, in order, the books balance, and every book moved in time.");
        if (keep) {
            say("All files are kept in " + folder + ".");
        } else {
            TemporaryFolder.delete(folder);
        }
        return 0;
    }

    private void say(String line) {
        if (spec != null) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(line);
            out.flush();
        }
    }
}
