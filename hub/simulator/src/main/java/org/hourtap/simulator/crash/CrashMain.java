package org.hourtap.simulator.crash;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
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

/// `deploy/crash`: a whole deployment on this machine, under people and mishaps.
@Command(
        name = "deploy/crash",
        mixinStandardHelpOptions = true,
        description = "People tap while programs are killed, disks fill up and cables are cut.")
public final class CrashMain implements Callable<Integer> {
    private static final int PROBLEM = 2;
    private static final int TERMINALS_MAX = 16;
    private static final Duration MISHAP_MAX = Duration.ofSeconds(15);
    private static final int PASSBACK_SECONDS = 60;
    private static final int SECONDS_PER_MINUTE = 60;

    /// Short enough to be typed again.
    private static final long SEED_MASK = 0xFFFF_FFFFL;

    @Option(names = "--minutes", defaultValue = "5", description = "For how long.")
    private double minutes;

    @Option(names = "--seed", description = "Chooses victims, moments and doors; else a new one.")
    private @Nullable Long seed;

    @Option(names = "--terminals", defaultValue = "10", description = "How many, up to 16.")
    private int terminals;

    @Option(names = "--gap", defaultValue = "4", description = "Seconds between mishaps.")
    private int gap;

    @Option(names = "--reader", defaultValue = "auto", description = "auto, pcsc or in-process.")
    private String reader = "auto";

    @Option(names = "--keep", description = "Keeps all files even when all is well.")
    private boolean keep;

    @Spec private @Nullable CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new CrashMain()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        if (minutes <= 0 || terminals < 1 || terminals > TERMINALS_MAX || gap < 1) {
            say("--minutes and --gap are more than 0, --terminals is 1 to " + TERMINALS_MAX + ".");
            return PROBLEM;
        }
        if (!List.of("auto", "pcsc", "in-process").contains(reader)) {
            say("--reader is auto, pcsc or in-process, not '" + reader + "'.");
            return PROBLEM;
        }
        return CleanStop.run(this::run, PROBLEM, this::say);
    }

    private int run() throws IOException, InterruptedException, SQLException {
        long number = seed == null ? SystemTime.randomLong() & SEED_MASK : seed;
        Path folder = Files.createTempDirectory("hourtap-crash-");
        say("Seed " + number + ". Everything is in " + folder + " as long as it runs.");
        CrashRun.Order order =
                new CrashRun.Order(
                        folder,
                        reader,
                        terminals,
                        Duration.ofSeconds(Math.round(minutes * SECONDS_PER_MINUTE)),
                        Duration.ofSeconds(gap),
                        MISHAP_MAX,
                        PASSBACK_SECONDS);
        SplittableGenerator chance =
                RandomGeneratorFactory.<SplittableGenerator>of("SplittableRandom").create(number);
        Outcome outcome = new CrashRun(order, chance, this::say).run();
        Files.write(folder.resolve("report.txt"), outcome.lines());
        say("");
        outcome.lines().forEach(this::say);
        say("");
        if (!outcome.isWell()) {
            say("Not as it should be. --seed " + number + " makes the same choices again.");
            say("All files are kept in " + folder + ", with answers.tsv and report.txt.");
            return 1;
        }
        say("Seed " + number + ": 0 lost, 0 twice, the books balance.");
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
