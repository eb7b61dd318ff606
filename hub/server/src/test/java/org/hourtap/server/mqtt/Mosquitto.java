package org.hourtap.server.mqtt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Debian's own MQTT clients, which share no code with ours, as processes.
final class Mosquitto implements AutoCloseable {
    private final Process process;
    private final Path output;

    private Mosquitto(List<String> command) throws IOException {
        requireInstalled(command.getFirst());
        output = Files.createTempFile("mosquitto", ".txt");
        // Into a file it would write only now and then, not line by line.
        List<String> prompt = new ArrayList<>(List.of("stdbuf", "-oL"));
        prompt.addAll(command);
        process =
                new ProcessBuilder(prompt)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
    }

    static void requireInstalled(String program) {
        String path = System.getenv().getOrDefault("PATH", "/usr/bin");
        if (Stream.of(path.split(":")).noneMatch(p -> Files.isExecutable(Path.of(p, program)))) {
            throw new AssertionError(
                    program + " is missing: install the Debian package mosquitto-clients");
        }
    }

    /// What a client that ended had to say.
    record Outcome(int exit, String said) {}

    static Outcome publish(
            BrokerScene.Credentials who, int port, String topic, String text, String... more)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.addAll(List.of("-t", topic, "-m", text, "-q", "1"));
        return run("mosquitto_pub", who, port, arguments);
    }

    static Outcome run(
            String program, BrokerScene.Credentials who, int port, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = command(program, port, arguments);
        command.addAll(credentials(who));
        return end(command);
    }

    /// Runs a client with just these arguments.
    static Outcome runBare(String program, int port, List<String> arguments)
            throws IOException, InterruptedException {
        return end(command(program, port, arguments));
    }

    /// Subscribes and returns when the broker has answered, one way or the other.
    static Mosquitto subscribe(BrokerScene.Credentials who, int port, String... filters)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-v", "-q", "1"));
        for (String filter : filters) {
            arguments.addAll(List.of("-t", filter));
        }
        Mosquitto client = start("mosquitto_sub", who, port, arguments);
        client.awaitAnswer();
        return client;
    }

    /// Starts a client and lets it run.
    static Mosquitto start(
            String program, BrokerScene.Credentials who, int port, List<String> arguments)
            throws IOException {
        List<String> command = command(program, port, arguments);
        command.addAll(credentials(who));
        return new Mosquitto(command);
    }

    /// Waits until the broker has granted or refused a subscription, or cut the connection.
    void awaitAnswer() {
        BrokerScene.await("an answer to a subscription", this::isAnswered, this::said);
    }

    /// Gives the client a line to publish.
    void type(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    String said() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @return the messages it printed, without its own log lines
    List<String> received() {
        return said().lines()
                .filter(line -> line.startsWith("hourtap/") || line.startsWith("$"))
                .toList();
    }

    /// A client that was cut off connects again by itself.
    private boolean isAnswered() {
        String said = said();
        long connects = said.lines().filter(line -> line.contains("sending CONNECT")).count();
        return said.contains("SUBACK") || !process.isAlive() || connects > 1;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().orTimeout(5, TimeUnit.SECONDS).join();
        Files.deleteIfExists(output);
    }

    private static Outcome end(List<String> command) throws IOException, InterruptedException {
        try (Mosquitto client = new Mosquitto(command)) {
            if (!client.process.waitFor(20, TimeUnit.SECONDS)) {
                throw new AssertionError("it does not end: " + command + client.said());
            }
            return new Outcome(client.process.exitValue(), client.said());
        }
    }

    private static List<String> command(String program, int port, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(program, "-d", "-h", "127.0.0.1"));
        command.addAll(List.of("-p", Integer.toString(port)));
        if (!arguments.contains("-V")) {
            command.addAll(List.of("-V", "mqttv5"));
        }
        command.addAll(arguments);
        return command;
    }

    private static List<String> credentials(BrokerScene.Credentials who) {
        return List.of(
                "-i",
                who.clientId(),
                "--cafile",
                who.authority().toString(),
                "--cert",
                who.certificate().toString(),
                "--key",
                who.key().toString());
    }
}
