package org.hourtap.simulator.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;

/// How the JVM of each of our programs is started, whoever starts it: deployments do, and so do
/// deploy/hourtap-hub and deploy/hourtap-terminal, from the files that [WarmUp] writes.
///
/// @param title what its files there are called
/// @param main class whose main method is the program
/// @param own flags beyond those that all programs get
record Launch(String title, String main, List<String> own) {
    static final Launch HUB = new Launch("hub", "org.hourtap.server.HubMain", List.of("-Xmx256m"));

    /// A tap runs through much code once. Compiled after two hundred taps, as it is by default, it
    /// would be slow for the whole of a quiet day.
    static final Launch TERMINAL =
            new Launch(
                    "terminal",
                    "org.hourtap.device.TerminalMain",
                    List.of("-Xmx64m", "-XX:CompileThresholdScaling=0.1"));

    static final List<Launch> ALL = List.of(HUB, TERMINAL);

    private static final Path BUILT = built();
    private static final Path FOLDER = BUILT.resolve("start");
    private static final List<String> COMMON =
            List.of(
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    // Else the JVM crashes on what a bad disk made of an archive.
                    "-XX:+VerifySharedSpaces",
                    // A program whose archive is missing or does not fit starts all the same.
                    "-Xlog:aot*=off");

    Launch {
        own = List.copyOf(own);
    }

    /// @return where everything about starts is kept
    static Path folder() {
        return FOLDER;
    }

    /// @return the program that starts JVMs
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /// @return its classes as the JVM had them in memory after a start, which may be missing,
    ///   broken, or made from other jars than today's
    Path archive() {
        return FOLDER.resolve(title() + ".aot");
    }

    /// @return what an archive must be made with, so that it fits
    List<String> flags() {
        List<String> words = new ArrayList<>(COMMON);
        words.addAll(own);
        words.addAll(List.of("-cp", classPath()));
        return words;
    }

    /// @return flags and main class, before the program's own arguments
    List<String> words() {
        List<String> words = new ArrayList<>(flags());
        // A JVM that records for a new archive may not be given one.
        if (Files.exists(archive())) {
            words.add("-XX:AOTCache=" + archive());
        }
        words.add(main);
        return words;
    }

    /// An archive is for one order of jars, without folders. Tests have more than the programs
    /// need, in another order; where modules were not packed, there is nothing to be had.
    private static String classPath() {
        String ours = System.getProperty("java.class.path");
        try {
            Path file = BUILT.resolve("classpath");
            String packed = Files.exists(file) ? Files.readString(file).strip() : ours;
            boolean isOurs = new HashSet<>(entries(ours)).containsAll(entries(packed));
            return isOurs ? packed : ours;
        } catch (IOException e) {
            throw new UncheckedIOException("the class path of the programs", e);
        }
    }

    private static List<String> entries(String path) {
        return Arrays.asList(path.split(":"));
    }

    private static Path built() {
        try {
            return Objects.requireNonNull(
                    Path.of(
                                    Launch.class
                                            .getProtectionDomain()
                                            .getCodeSource()
                                            .getLocation()
                                            .toURI())
                            .getParent());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("not built where files are", e);
        }
    }
}
