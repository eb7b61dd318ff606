package org.hourtap.simulator.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `deploy/demo`: a whole deployment on this machine until Ctrl-C, or for the length of a tour.
@Command(
        name = "deploy/demo",
        mixinStandardHelpOptions = true,
        description = "Starts a hub and three terminals on this machine, with virtual cards.")
public final class DemoMain implements Callable<Integer> {
    private static final int PROBLEM = 2;

    @Option(names = "--tour", description = "Plays a story, checks the books, and ends.")
    private boolean tour;

    @Option(
            names = "--reader",
            paramLabel = "KIND",
            defaultValue = "auto",
            description = "auto, pcsc or in-process (default: ${DEFAULT-VALUE}).")
    private String reader = "auto";

    @Option(
            names = "--port",
            defaultValue = "8080",
            description = "Port of the bench page on loopback (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--data", description = "An empty folder to keep the data in afterwards.")
    private @Nullable Path data;

    @Spec private @Nullable CommandSpec spec;

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch cleaned = new CountDownLatch(1);

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new DemoMain()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        if (!List.of("auto", "pcsc", "in-process").contains(reader)) {
            say("--reader is auto, pcsc or in-process, not '" + reader + "'.");
            return PROBLEM;
        }
        Path folder = folder();
        if (folder == null) {
            return PROBLEM;
        }
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::interrupt));
        try {
            return run(folder);
        } catch (IOException | IllegalStateException e) {
            say("");
            say("The demonstration could not go on: " + e.getMessage());
            return PROBLEM;
        } finally {
            if (data == null) {
                TemporaryFolder.delete(folder);
            }
            cleaned.countDown();
        }
    }

    private int run(Path folder) throws IOException, InterruptedException {
        try (Deployment deployment =
                        Deployment.start(folder, reader, Tour.PASSBACK_SECONDS, this::say);
                BenchPage bench = BenchPage.open(port, deployment)) {
            say("The bench page is at " + bench.address());
            if (tour) {
                return end(new Tour(deployment, this::say).play());
            }
            bench.addPeople();
            say("");
            say("Ctrl-C stops all of it.");
            stopped.await();
            say("Stopping.");
            return 0;
        }
    }

    private int end(List<String> wrong) {
        say("");
        if (wrong.isEmpty()) {
            say("All taps are in the ledger exactly once, and the books balance.");
            return 0;
        }
        say("Not as it should be:");
        wrong.forEach(line -> say("  - " + line));
        return 1;
    }

    /// Ctrl-C reaches this process and the programs it started at once; wait until all are down.
    private void interrupt() {
        stopped.countDown();
        try {
            cleaned.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Path folder() throws IOException {
        if (data == null) {
            return Files.createTempDirectory("hourtap-demo-");
        }
        if (Files.isDirectory(data)) {
            try (Stream<Path> content = Files.list(data)) {
                if (content.findAny().isPresent()) {
                    say(
                            "--data "
                                    + data
                                    + " is not empty. Name a new folder, so that nothing is lost.");
                    return null;
                }
            }
        }
        return data.toAbsolutePath();
    }

    private void say(String line) {
        if (spec != null) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(line);
            out.flush();
        }
    }
}
