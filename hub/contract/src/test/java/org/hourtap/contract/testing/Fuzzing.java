package org.hourtap.contract.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Fuzzing seen from a test: Jazzer in a JVM of its own runs the corpus first, then goes on, guided
/// by the branches it sees taken, for `-Dfuzz.seconds=` on each target. `-Dfuzz.seed=` begins as a
/// run before did; what replays for certain is the input itself, which a finding leaves behind.
/// Where there is no Jazzer the corpus is run in this JVM.
public final class Fuzzing {
    private static final Path FOLDER = Path.of("target/fuzz");
    private static final Path FINDINGS = FOLDER.resolve(FuzzDriver.FINDINGS);
    private static final Path WORDS = FOLDER.resolve("words.dict");

    /// Short, because it is part of every build; the corpus is where longer runs are remembered.
    private static final int SECONDS_USUAL = 1;

    /// Above this the compiler's second stage pays for itself.
    private static final int SECONDS_LONG = 10;

    /// Jazzer and a hub take twenty seconds of processor time to start, and builders are busy.
    private static final int START_SECONDS_MAX = 900;

    /// No parser of ours may need longer for one input, on a machine with other things to do.
    private static final int INPUT_SECONDS_MAX = 60;

    private static final long LOOK_MILLIS = 100;

    private static final int INPUT_BYTES_MAX = 8 * 1024;

    /// A parser that wants more for an input of this size has no limit where it needs one.
    private static final String HEAP = "-Xmx512m";

    /// Jazzer's own alarms that our targets set off lawfully: they talk to servers on loopback, and
    /// a configuration may name any file.
    private static final String LAWFUL =
            "com.code_intelligence.jazzer.sanitizers.ServerSideRequestForgery:"
                    + "com.code_intelligence.jazzer.sanitizers.FilePathTraversal";

    /// The attacker's own side: branches taken there are no news.
    private static final String OURS =
            "org.hourtap.contract.testing.**:org.hourtap.card.testing.**:org.hourtap.device.testing.**";

    private static final Set<String> PROCESSORS = Set.of("amd64", "x86_64", "aarch64");
    private static final int LOG_LINES_SHOWN = 60;

    private final Class<? extends FuzzTargets> room;
    private final List<String> targets;
    private final int seconds = Integer.getInteger(FuzzDriver.SECONDS, SECONDS_USUAL);
    private int seeds;

    private Fuzzing(Class<? extends FuzzTargets> room) throws IOException {
        this.room = room;
        targets = Corpus.targets();
    }

    /// Runs a room's corpus, then attacks its targets, and tells what was done in `target/report`
    /// and `target/fuzz`, which `deploy/test` sums up.
    public static void attack(Class<? extends FuzzTargets> room) throws Exception {
        Fuzzing fuzzing = new Fuzzing(room);
        if (isSupported()) {
            fuzzing.prepare();
            fuzzing.runJazzer();
        } else {
            fuzzing.runCorpus();
        }
        fuzzing.tell();
    }

    /// Jazzer is partly native code.
    private static boolean isSupported() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        return system.contains("linux") && PROCESSORS.contains(System.getProperty("os.arch", ""));
    }

    private void runCorpus() throws Exception {
        try (FuzzTargets made = room.getDeclaredConstructor().newInstance()) {
            for (FuzzTarget target : made.targets()) {
                for (Path file : Corpus.of(target.name())) {
                    attackWith(file, target);
                }
            }
        }
    }

    private static void attackWith(Path file, FuzzTarget target) {
        try {
            target.attack(Files.readAllBytes(file));
        } catch (Throwable e) {
            throw new AssertionError(target.name() + " broke its word for " + file, e);
        }
    }

    private void prepare() throws IOException {
        if (Files.exists(FOLDER)) {
            Corpus.remove(FOLDER);
        }
        Files.createDirectories(FOLDER.resolve("corpus"));
        StringBuilder dictionary = new StringBuilder();
        for (String target : targets) {
            dictionary.append(Corpus.dictionary(target));
            for (Path file : Corpus.of(target)) {
                seed(target, Files.readAllBytes(file));
            }
        }
        if (!dictionary.isEmpty()) {
            Files.writeString(WORDS, dictionary);
        }
    }

    private void seed(String target, byte[] input) throws IOException {
        byte[] addressed = new byte[input.length + 1];
        addressed[0] = (byte) targets.indexOf(target);
        System.arraycopy(input, 0, addressed, 1, input.length);
        Files.write(FOLDER.resolve("corpus").resolve(target + "-" + seeds++), addressed);
    }

    private void runJazzer() throws IOException, InterruptedException {
        Path log = FOLDER.resolve("log.txt");
        Process jazzer =
                new ProcessBuilder(command())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            boolean isDone = isDone(jazzer);
            boolean isClean = !Files.exists(FINDINGS);
            assertThat(isDone && isClean)
                    .as(
                            "fuzzing of %s %s. An input it left in %s is replayed by keeping it in src/test/resources/fuzz-corpus.%n%s",
                            room.getSimpleName(),
                            isClean ? "did not come to its end" : "found something" + keptAlready(),
                            FINDINGS.toAbsolutePath(),
                            tail(log))
                    .isTrue();
        } finally {
            jazzer.destroyForcibly();
        }
    }

    /// @return which files of the corpus it found, if it did not get further
    private String keptAlready() throws IOException {
        StringBuilder kept = new StringBuilder();
        for (String target : targets) {
            for (Path file : Corpus.of(target)) {
                if (Files.exists(Corpus.finding(FINDINGS, target, Files.readAllBytes(file)))) {
                    kept.append(", and ").append(file).append(" is it");
                }
            }
        }
        return kept.toString();
    }

    private boolean isDone(Process jazzer) throws InterruptedException {
        Path done = FOLDER.resolve(FuzzDriver.DONE);
        long looks =
                TimeUnit.SECONDS.toMillis(START_SECONDS_MAX + (long) seconds * targets.size())
                        / LOOK_MILLIS;
        while (looks-- > 0 && !Files.exists(done)) {
            if (jazzer.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return Files.exists(done);
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), HEAP));
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:+EnableDynamicAgentLoading",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"));
        if (seconds < SECONDS_LONG) {
            command.add("-XX:TieredStopAtLevel=1");
        }
        for (String same : List.of("java.util.logging.config.file", "repository.root")) {
            command.add("-D" + same + "=" + System.getProperty(same, ""));
        }
        command.add("-D" + FuzzDriver.TARGETS + "=" + room.getName());
        command.add("-D" + FuzzDriver.FOLDER + "=" + FOLDER.toAbsolutePath());
        command.add("-D" + FuzzDriver.SEEDS + "=" + seeds);
        command.add("-D" + FuzzDriver.SECONDS + "=" + seconds);
        command.addAll(
                List.of(
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + FuzzDriver.class.getName(),
                        "--instrumentation_includes=org.hourtap.**",
                        "--custom_hook_includes=org.hourtap.**", // or libraries take a minute
                        "--instrumentation_excludes=" + OURS,
                        "--disabled_hooks=" + LAWFUL,
                        "--reproducer_path=" + FOLDER,
                        "-artifact_prefix=" + FOLDER + "/artifact-",
                        "-timeout=" + INPUT_SECONDS_MAX,
                        "-max_len=" + INPUT_BYTES_MAX));
        if (Files.exists(WORDS)) {
            command.add("-dict=" + WORDS);
        }
        @Nullable Integer seed = Integer.getInteger("fuzz.seed");
        if (seed != null) {
            command.add("-seed=" + seed);
        }
        command.add(FOLDER.resolve("corpus").toString());
        return command;
    }

    private static String tail(Path log) throws IOException {
        List<String> lines =
                Files.readAllLines(log).stream()
                        .filter(line -> !line.startsWith("INFO: "))
                        .toList();
        int from = Math.max(0, lines.size() - LOG_LINES_SHOWN);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("== ")) {
                from = i;
                break;
            }
        }
        int to = Math.min(lines.size(), from + LOG_LINES_SHOWN);
        return String.join(System.lineSeparator(), lines.subList(from, to));
    }

    private void tell() throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("fuzzed in " + Path.of("").toAbsolutePath().getFileName() + ":");
        if (isSupported()) {
            List<String> attacked = Files.readAllLines(FOLDER.resolve(FuzzDriver.EXECUTIONS));
            assertThat(attacked.stream().map(line -> line.split(" ")[2]))
                    .as("targets, which the folders of the corpus are named after")
                    .containsExactlyElementsOf(targets);
            for (String line : attacked) {
                String[] parts = line.split(" ");
                lines.add(
                        "  %-20s %9s executions in %5s s, 0 crashes"
                                .formatted(parts[2], parts[0], parts[1]));
                assertThat(Long.parseLong(parts[0])).as("executions of %s", parts[2]).isPositive();
            }
        } else {
            lines.add("  the corpus only: Jazzer runs on Linux on x86-64 and arm64");
        }
        Files.createDirectories(Path.of("target/report"));
        Files.write(Path.of("target/report/fuzz.txt"), lines);
    }
}
