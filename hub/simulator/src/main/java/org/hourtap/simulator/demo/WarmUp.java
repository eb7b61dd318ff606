package org.hourtap.simulator.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.hourtap.runtime.DataFolder;
import org.hourtap.runtime.FolderInUseException;

/// Starts a hub and a terminal once, so that later ones start in half the time: keeps their classes
/// as the JVM had them in memory, in one archive for each program. An archive appears whole or not
/// at all, and a JVM it does not fit starts without it.
public final class WarmUp {
    private static final int START_MINUTES = 600;

    private final Path folder;

    private WarmUp(Path folder) {
        this.folder = folder;
    }

    /// @param arguments the reader, as in [Readers#open]
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (DataFolder held = DataFolder.hold(Launch.folder())) {
            Path folder = held.resolve("making");
            if (Files.exists(folder)) {
                TemporaryFolder.delete(folder);
            }
            make(Files.createDirectory(folder), arguments[0]);
        } catch (FolderInUseException e) {
            // Another is at it; until it is done, programs start without archives.
        }
    }

    /// What fails is not tried again for the same jars; what was killed is.
    private static void make(Path folder, String reader) throws IOException, InterruptedException {
        Path tried = Files.createFile(folder.resolve("tried"));
        try {
            WarmUp warmUp = new WarmUp(folder);
            for (Launch program : Launch.ALL) {
                Files.deleteIfExists(program.archive());
                warmUp.writeWords(program);
            }
            warmUp.record(reader);
            warmUp.makeArchives();
        } finally {
            keep(tried);
            TemporaryFolder.delete(folder);
        }
    }

    /// For the commands in deploy/, in the form that `java @FILE` reads.
    private void writeWords(Launch program) throws IOException {
        Path words = folder.resolve(program.title() + ".jvm");
        Files.write(
                words,
                program.words().stream()
                        .map(word -> '"' + word.replace("\\", "\\\\") + '"')
                        .toList());
        keep(words);
    }

    /// What the programs need for a start, a first tap and an end is what they always need.
    private void record(String reader) throws IOException, InterruptedException {
        Ground ground =
                new Ground() {
                    @Override
                    public Map<String, String> environment(String program) {
                        return Map.of(
                                "JAVA_TOOL_OPTIONS",
                                "-XX:AOTMode=record '-XX:AOTConfiguration=%s'"
                                        .formatted(
                                                recorded(
                                                        program.equals(Deployment.HUB)
                                                                ? Launch.HUB
                                                                : Launch.TERMINAL)));
                    }

                    // It writes all its classes, which takes a busy machine ten seconds.
                    @Override
                    public Duration stopMax() {
                        return Duration.ofMinutes(1);
                    }
                };
        Plan plan = new Plan(folder.resolve("data"), List.of(Place.POOL), reader, 0, 0, 0, ground);
        try (Deployment deployment = Deployment.start(plan, _ -> {})) {
            Person person = deployment.scheme().issue("warm-1", "Warm", "en", false);
            deployment.scheme().startWith(person, START_MINUTES);
            deployment.box(Place.POOL).tap(person);
        }
    }

    private void makeArchives() throws IOException, InterruptedException {
        List<Attempt> attempts = new ArrayList<>();
        for (Launch program : Launch.ALL) {
            attempts.add(Attempt.start(() -> makeArchive(program)));
        }
        for (Attempt attempt : attempts) {
            attempt.finish();
        }
    }

    private void makeArchive(Launch program) throws IOException, InterruptedException {
        Path made = folder.resolve(program.archive().getFileName());
        List<String> command = new ArrayList<>(List.of(Launch.java()));
        command.addAll(program.flags());
        command.addAll(
                List.of(
                        "-XX:AOTMode=create",
                        "-XX:AOTConfiguration=" + recorded(program),
                        "-XX:AOTCache=" + made));
        Path log = folder.resolve(program.title() + ".log");
        int status =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start()
                        .waitFor();
        if (status != 0) {
            throw new IOException(Files.readString(log));
        }
        keep(made);
    }

    private Path recorded(Launch program) {
        return folder.resolve(program.title() + ".recorded");
    }

    private static void keep(Path made) throws IOException {
        Files.move(
                made,
                Launch.folder().resolve(made.getFileName()),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }
}
