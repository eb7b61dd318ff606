package org.hourtap.simulator.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One of our programs as a process of its own, with a log file. It can be started again after a
/// stop or a kill.
public final class Program implements AutoCloseable {
    private static final int LOG_LINES_SHOWN = 15;

    private final String name;
    private final List<String> command;
    private final Path log;
    private final Map<String, String> environment;
    private final Duration stopMax;
    private volatile @Nullable Process process;

    private Program(
            String name,
            List<String> command,
            Path log,
            Map<String, String> environment,
            Duration stopMax) {
        this.name = name;
        this.command = command;
        this.log = log;
        this.environment = Map.copyOf(environment);
        this.stopMax = stopMax;
    }

    /// @param folder by whose name the ground knows it
    static Program of(
            String name,
            Path log,
            Launch launch,
            List<String> arguments,
            Ground ground,
            String folder) {
        List<String> command = new ArrayList<>(List.of(Launch.java()));
        command.addAll(launch.words());
        command.addAll(arguments);
        return new Program(name, command, log, ground.environment(folder), ground.stopMax());
    }

    /// A hub on a folder of its own, on a machine that works.
    public static Program hub(String name, Path folder, Path log) {
        return of(
                name,
                log,
                Launch.HUB,
                List.of("run", "--data", folder.toString()),
                Ground.FIRM,
                name);
    }

    public String name() {
        return name;
    }

    public void start() throws IOException {
        process =
                builder()
                        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                        .start();
    }

    /// Runs to the end with `input` on standard input.
    ///
    /// @throws IOException with the end of the log if it fails
    void runWith(String input) throws IOException, InterruptedException {
        Process once = builder().start();
        try (OutputStream in = once.getOutputStream()) {
            in.write((input + "\n").getBytes(StandardCharsets.UTF_8));
        }
        if (!once.waitFor(60, TimeUnit.SECONDS) || once.exitValue() != 0) {
            once.destroyForcibly();
            throw new IOException(name + " did not succeed. Its log ends:\n" + logEnd());
        }
    }

    public boolean isAlive() {
        Process running = process;
        return running != null && running.isAlive();
    }

    /// @return its process id, while it runs or after
    public long pid() {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException(name + " was never started");
        }
        return running.pid();
    }

    /// As pulling the power would, as far as the process is concerned.
    public void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly().onExit().join();
        }
    }

    public void stop() {
        Process running = process;
        if (running == null) {
            return;
        }
        running.destroy();
        try {
            running.onExit().get(stopMax.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            kill();
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
    }

    public String logEnd() throws IOException {
        if (!Files.exists(log)) {
            return "(no log)";
        }
        List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
        return String.join(
                "\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size()));
    }

    @Override
    public void close() {
        stop();
    }

    private ProcessBuilder builder() {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return builder;
    }
}
