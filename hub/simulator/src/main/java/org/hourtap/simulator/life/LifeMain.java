package org.hourtap.simulator.life;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.LogManager;
import org.hourtap.simulator.power.SimDisks;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `deploy/simulate`: plays lives from seeds.
@Command(
        name = "deploy/simulate",
        mixinStandardHelpOptions = true,
        description = {
            "Plays a whole deployment on one thread, with everything that can go wrong, and looks"
                    + " after every step whether the rules hold.",
            "With --seed, the story of one life; with --seeds, many lives, a line for each that"
                    + " broke a rule, and what they met."
        })
public final class LifeMain implements Callable<Integer> {
    private static final int BROKEN = 1;
    private static final int PROBLEM = 2;
    private static final int DAYS_MAX = 3_650;
    private static final long SEEDS_MAX = 10_000_000;
    private static final int PROGRESS = 100;

    @Option(names = "--seed", paramLabel = "N", description = "Tells the story of this one life.")
    private @Nullable Long seed;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many lives (default: ${DEFAULT-VALUE}).")
    private long seeds;

    @Option(
            names = "--first-seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "The first of them (default: ${DEFAULT-VALUE}).")
    private long firstSeed;

    @Option(
            names = "--days",
            paramLabel = "D",
            defaultValue = "30",
            description = "How long each is (default: ${DEFAULT-VALUE}).")
    private int days;

    @Spec private @Nullable CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new LifeMain()).execute(arguments));
    }

    @Override
    public Integer call() {
        if (days < 1 || days > DAYS_MAX || seeds < 1 || seeds > SEEDS_MAX) {
            say("--days is 1 to " + DAYS_MAX + ", --seeds 1 to " + SEEDS_MAX + ".");
            return PROBLEM;
        }
        // The programs warn of every mishap, as they should; here mishaps are the rule.
        LogManager.getLogManager().reset();
        try {
            SimDisks.install();
            Long one = seed;
            return one == null ? many() : tell(one);
        } catch (IOException | UncheckedIOException e) {
            say(String.valueOf(e.getMessage()));
            return PROBLEM;
        }
    }

    private int tell(long one) {
        Life.Outcome outcome = Lives.one(one, days, this::say);
        say(
                "seed "
                        + one
                        + ", "
                        + days
                        + " days: "
                        + outcome.taps()
                        + " taps, story "
                        + Long.toHexString(outcome.digest())
                        + ", "
                        + verdict(outcome));
        return outcome.broken() == null ? 0 : BROKEN;
    }

    private int many() {
        AtomicLong over = new AtomicLong();
        Lives.Report report =
                Lives.live(
                        firstSeed,
                        seeds,
                        days,
                        () -> true,
                        one -> {
                            if (one.broken() != null) {
                                say("seed " + one.seed() + ": " + verdict(one));
                            }
                            if (over.incrementAndGet() % PROGRESS == 0) {
                                say("  " + over + " of " + seeds + " lives");
                            }
                        });
        new TreeMap<>(report.coverage().counts())
                .forEach((what, count) -> say(String.format("%10d  %s", count, what)));
        say(
                report.lives()
                        + " lives of "
                        + days
                        + " days, "
                        + report.taps()
                        + " taps, "
                        + report.events()
                        + " events: "
                        + report.broken().size()
                        + " broke a rule");
        return report.isClean() ? 0 : BROKEN;
    }

    private static String verdict(Life.Outcome outcome) {
        Violation broken = outcome.broken();
        return broken == null ? "every rule held" : String.valueOf(broken.getMessage());
    }

    private void say(String line) {
        CommandSpec known = spec;
        if (known != null) {
            PrintWriter out = known.commandLine().getOut();
            out.println(line);
            out.flush();
        }
    }
}
