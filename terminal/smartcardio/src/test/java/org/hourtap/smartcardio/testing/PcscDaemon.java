package org.hourtap.smartcardio.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A real pcscd with virtual readers of its own, from [#prepare] or [#start] to [#close]. It can be
/// stopped, killed and started again in between. One at a time per machine: see [DaemonLock].
///
/// Confined to one thread.
public final class PcscDaemon implements AutoCloseable {
    private static final Path BINARY = Path.of("/usr/sbin/pcscd");
    private static final Path DRIVER = Path.of("/usr/lib/pcsc/drivers/serial/libifdvpcd.so");

    /// Compiled into Debian's pcscd and libpcsclite.
    private static final Path RUN = Path.of("/run/pcscd");

    private static final Path SOCKET = RUN.resolve("pcscd.comm");
    private static final Path PID = RUN.resolve("pcscd.pid");
    private static final String PACKAGES =
            "install the Debian packages pcscd vsmartcard-vpcd libpcsclite1";

    private static final String FOLDER = "hourtap-pcscd";

    /// pcscd holds 16 slots, and every virtual reader has two.
    private static final int MAX_READERS = 8;

    private static final long START_SECONDS = 20;
    private static final long STOP_SECONDS = 10;

    private final DaemonLock lock;
    private final Path folder;
    private final List<VirtualReader> readers;
    private @Nullable Process process;

    private PcscDaemon(DaemonLock lock, Path folder, List<VirtualReader> readers) {
        this.lock = lock;
        this.folder = folder;
        this.readers = readers;
    }

    /// Why no pcscd can be started here and what to do about it; empty if one can.
    public static Optional<String> unavailable() {
        if (!Files.isExecutable(BINARY)) {
            return Optional.of(BINARY + " is missing; " + PACKAGES);
        }
        if (!Files.isReadable(DRIVER)) {
            return Optional.of(DRIVER + " is missing; " + PACKAGES);
        }
        if (!Files.isWritable(Files.isDirectory(RUN) ? RUN : RUN.getParent())) {
            return Optional.of("pcscd may not write to " + RUN + "; run this as root");
        }
        return Optional.empty();
    }

    /// Takes this machine's pcscd for ourselves without starting it. Waits for another build that
    /// has it.
    ///
    /// @throws IllegalStateException if [#unavailable] or somebody else's pcscd runs
    public static PcscDaemon prepare(List<VirtualReader> readers) {
        unavailable()
                .ifPresent(reason -> {
                    throw new IllegalStateException(reason);
                });
        if (readers.size() > MAX_READERS) {
            throw new IllegalArgumentException("pcscd holds " + MAX_READERS + " virtual readers");
        }
        try {
            var lock = DaemonLock.acquire();
            try {
                requireNoOther();
                var folder = Files.createTempDirectory(FOLDER);
                writeConfiguration(folder, readers);
                return new PcscDaemon(lock, folder, List.copyOf(readers));
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("pcscd cannot be prepared", e);
        }
    }

    /// The same, started.
    public static PcscDaemon start(List<VirtualReader> readers) {
        var daemon = prepare(readers);
        try {
            daemon.start();
            return daemon;
        } catch (RuntimeException e) {
            daemon.close();
            throw e;
        }
    }

    public List<VirtualReader> readers() {
        return readers;
    }

    /// What pcscd has to say, for a failing test to show.
    public Path log() {
        return folder.resolve("pcscd.log");
    }

    /// The process id, while it runs.
    public long pid() {
        if (process == null) {
            throw new IllegalStateException("pcscd does not run");
        }
        return process.pid();
    }

    /// Starts pcscd, for the first time or again, and returns when it answers.
    public void start() {
        if (process != null) {
            throw new IllegalStateException("pcscd runs already");
        }
        try {
            // A killed pcscd leaves both behind. Nobody else's: we hold the lock and looked.
            Files.deleteIfExists(SOCKET);
            Files.deleteIfExists(PID);
            process =
                    new ProcessBuilder(
                                    BINARY.toString(),
                                    "--foreground",
                                    "--info",
                                    "-c",
                                    readerFolder(folder).toString())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                            .start();
            awaitAnswer(process);
        } catch (IOException e) {
            throw new UncheckedIOException("pcscd cannot be started", e);
        }
    }

    /// Ends pcscd as `systemctl stop` does. Nothing if it does not run.
    public void terminate() {
        if (process != null) {
            process.destroy();
            awaitEnd(process);
        }
    }

    /// Ends pcscd as a crash does (SIGKILL). Nothing if it does not run.
    public void kill() {
        if (process != null) {
            process.destroyForcibly();
            awaitEnd(process);
        }
    }

    /// Stops pcscd if it runs, removes what it left, and lets others have it. Once is enough.
    @Override
    public void close() {
        if (!lock.held()) {
            return;
        }
        try (lock) {
            terminate();
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("pcscd's folder cannot be removed", e);
        }
    }

    private void awaitAnswer(Process started) throws IOException {
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!answers()) {
            if (!started.isAlive() || System.nanoTime() > deadline) {
                var said = Files.readString(log());
                kill();
                throw new IllegalStateException("pcscd does not start; it says:\n" + said);
            }
            pause();
        }
    }

    private void awaitEnd(Process ending) {
        try {
            if (!ending.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                ending.destroyForcibly().waitFor();
            }
            process = null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while pcscd stops", e);
        }
    }

    private static boolean answers() {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(SOCKET));
        } catch (IOException e) {
            return false;
        }
    }

    private static void requireNoOther() throws IOException {
        endOrphan();
        if (answers()) {
            throw new IllegalStateException(
                    "a pcscd of this machine runs already; stop it:"
                            + " systemctl stop pcscd.socket pcscd.service");
        }
    }

    /// A build that was killed leaves its pcscd behind. It is ours if it runs in a folder of ours,
    /// and orphaned because we hold the lock.
    private static void endOrphan() throws IOException {
        if (!Files.isReadable(PID)) {
            return;
        }
        // pcscd ends the number with a NUL.
        var pid = Files.readString(PID).replaceAll("\\D", "");
        if (pid.isEmpty()) {
            return;
        }
        ProcessHandle.of(Long.parseLong(pid))
                .filter(process -> process.info().commandLine().orElse("").contains(FOLDER))
                .ifPresent(process -> {
                    process.destroyForcibly();
                    process.onExit().orTimeout(STOP_SECONDS, TimeUnit.SECONDS).join();
                });
    }

    private static void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }

    private static Path readerFolder(Path folder) {
        return folder.resolve("reader.conf.d");
    }

    /// vpcd keeps its slots in static memory, so that two readers in one driver are one reader:
    /// each gets a copy of the driver, which the loader takes for another library.
    private static void writeConfiguration(Path folder, List<VirtualReader> readers)
            throws IOException {
        Files.createDirectory(readerFolder(folder));
        var text = new StringBuilder();
        for (var reader : readers) {
            var driver = folder.resolve("vpcd-" + reader.port() + ".so");
            Files.copy(DRIVER, driver);
            text.append(entry(reader, driver));
        }
        Files.writeString(readerFolder(folder).resolve("virtual"), text);
    }

    private static String entry(VirtualReader reader, Path driver) {
        return String.format(
                Locale.ROOT,
                """
                FRIENDLYNAME "%s"
                DEVICENAME   /dev/null:0x%04X
                LIBPATH      %s
                CHANNELID    0x%04X

                """,
                reader.name(),
                reader.port(),
                driver,
                reader.port());
    }
}
