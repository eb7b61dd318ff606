package org.hourtap.smartcardio.testing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The right to run pcscd on this machine. The path of its socket is compiled in, so there can be
/// one at a time; builds that run side by side wait here for each other.
record DaemonLock(FileChannel channel, FileLock lock) implements AutoCloseable {
    /// Longer than the longest test class that holds a pcscd.
    private static final long MAX_WAIT_SECONDS = 300;

    private static final long LOOK_MILLIS = 100;
    private static final Path SHARED = Path.of("/run/lock");
    private static final String NAME = "hourtap-pcscd.lock";

    static DaemonLock acquire() throws IOException {
        var channel = FileChannel.open(path(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(MAX_WAIT_SECONDS);
        while (System.nanoTime() < deadline && !Thread.currentThread().isInterrupted()) {
            var lock = tryLock(channel);
            if (lock != null) {
                return new DaemonLock(channel, lock);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
        }
        channel.close();
        throw new IllegalStateException(
                "another build has held pcscd for " + MAX_WAIT_SECONDS + " s: " + path());
    }

    /// @return null if another process, or another test of this one, has it
    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static Path path() {
        var folder =
                Files.isWritable(SHARED) ? SHARED : Path.of(System.getProperty("java.io.tmpdir"));
        return folder.resolve(NAME);
    }

    boolean held() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            lock.release();
        }
    }
}
