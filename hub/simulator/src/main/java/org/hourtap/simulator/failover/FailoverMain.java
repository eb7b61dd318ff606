package org.hourtap.simulator.failover;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.hourtap.simulator.demo.TemporaryFolder;
import org.hourtap.simulator.postgresql.PostgresPrograms;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `deploy/failover`: a PostgreSQL primary dies, its standby takes over.
@Command(
        name = "deploy/failover",
        mixinStandardHelpOptions = true,
        description = {
            "Kills a PostgreSQL primary under load, promotes its synchronous standby, and compares"
                    + " what was acknowledged with the books.",
            "Prints each step as the command that an administrator would type."
        })
public final class FailoverMain implements Callable<Integer> {
    private static final int BROKEN = 1;
    private static final int PROBLEM = 2;
    private static final int SECONDS_MAX = 3_600;

    @Option(
            names = "--seconds",
            defaultValue = "10",
            description = "How long there is load before the primary dies (default: 10).")
    private int seconds;

    @Option(
            names = "--asynchronous",
            description = "Shows what is lost when no commit waits for the standby.")
    private boolean asynchronous;

    @Spec private @Nullable CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new FailoverMain()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        if (seconds < 1 || seconds > SECONDS_MAX) {
            say("--seconds is 1 to " + SECONDS_MAX + ".");
            return PROBLEM;
        }
        Path folder = Files.createTempDirectory("hourtap-failover-");
        try {
            Failover.Result result =
                    new Failover(PostgresPrograms.installed(), folder, !asynchronous, this::say)
                            .run(Duration.ofSeconds(seconds));
            show(result);
            return result.holds() ? 0 : BROKEN;
        } catch (IOException e) {
            say("The drill could not be finished: " + e.getMessage());
            return PROBLEM;
        } finally {
            TemporaryFolder.delete(folder);
        }
    }

    private void show(Failover.Result result) {
        say("");
        say("acknowledged before the primary died   " + result.beforeTheKill());
        say("acknowledged in all                    " + result.acknowledged());
        say("handed in again                        " + result.again());
        say("longest time without an answer         " + result.longestSilence().toMillis() + " ms");
        say("acknowledged and lost                  " + result.lost());
        say("posted twice                           " + result.twice());
        say(
                "chain and balances                     "
                        + (result.fault().isEmpty() ? "hold" : result.fault()));
    }

    private void say(String line) {
        if (spec != null) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(line);
            out.flush();
        }
    }
}
