package org.hourtap.simulator.power;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Puts the disk that can lose power under every SQLite connection of this process. It is compiled
/// here because the driver's SQLite lends its functions only to extensions it loads, and an
/// extension is a piece of C.
public final class SimDisks {
    private static final String SOURCE = "powerdisk.c";
    private static final String ENTRY = "sqlite3_powerdisk_init";

    /// A second is usual; a loaded machine may take long.
    private static final int COMPILER_SECONDS_MAX = 120;

    private static final Path MEMORY = Path.of("/dev/shm");
    private static final ReentrantLock INSTALLING = new ReentrantLock();
    private static final AtomicReference<@Nullable PowerLibrary> INSTALLED =
            new AtomicReference<>();

    private SimDisks() {}

    /// Compiles and loads it, once in a process; connections opened before are not affected. Files
    /// below no [SimDisk] behave as always.
    ///
    /// @throws IOException if that cannot be done here, with what to install
    public static void install() throws IOException {
        library();
    }

    /// @return a new folder for simulated disks, in memory where the machine has such a place
    public static Path newFolder() throws IOException {
        return Files.isWritable(MEMORY)
                ? Files.createTempDirectory(MEMORY, "hourtap-disks")
                : Files.createTempDirectory("hourtap-disks");
    }

    static PowerLibrary library() throws IOException {
        INSTALLING.lock();
        try {
            if (INSTALLED.get() == null) {
                INSTALLED.set(compiledAndLoaded());
            }
            return Objects.requireNonNull(INSTALLED.get());
        } finally {
            INSTALLING.unlock();
        }
    }

    @SuppressWarnings("restricted") // our own C
    private static PowerLibrary compiledAndLoaded() throws IOException {
        Path folder = Files.createTempDirectory("hourtap-powerdisk");
        Path source = folder.resolve(SOURCE);
        Path library = folder.resolve("powerdisk.so");
        try {
            try (InputStream in = SimDisks.class.getResourceAsStream(SOURCE)) {
                Files.copy(Objects.requireNonNull(in, SOURCE), source);
            }
            compile(source, library);
            load(library);
            return PowerLibrary.of(SymbolLookup.libraryLookup(library, Arena.global()));
        } finally {
            // What is loaded stays loaded.
            Files.deleteIfExists(source);
            Files.deleteIfExists(library);
            Files.deleteIfExists(folder);
        }
    }

    private static void compile(Path source, Path library) throws IOException {
        List<String> command =
                List.of(
                        "gcc",
                        "-std=c11",
                        "-O2",
                        "-fPIC",
                        "-shared",
                        "-pthread",
                        "-Wall",
                        "-Wextra",
                        "-o",
                        library.toString(),
                        source.toString());
        String advice =
                "The simulated disk needs a C compiler and SQLite's headers: apt-get install"
                        + " --no-install-recommends gcc libc6-dev libsqlite3-dev";
        Process gcc;
        try {
            gcc = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new IOException(advice, e);
        }
        try {
            String said = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!gcc.waitFor(COMPILER_SECONDS_MAX, TimeUnit.SECONDS) || gcc.exitValue() != 0) {
                throw new IOException(advice + "\n" + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while compiling " + SOURCE, e);
        } finally {
            gcc.destroyForcibly();
        }
    }

    private static void load(Path library) throws IOException {
        Properties settings = new Properties();
        settings.setProperty("enable_load_extension", "true");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:", settings);
                PreparedStatement load =
                        connection.prepareStatement("SELECT load_extension(?, ?)")) {
            load.setString(1, library.toString());
            load.setString(2, ENTRY);
            load.execute();
        } catch (SQLException e) {
            throw new IOException("SQLite did not take in the simulated disk", e);
        }
    }
}
