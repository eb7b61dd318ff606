package org.hourtap.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;

/// The only class that reads a clock or makes a random number. Everything else is told the time.
public final class SystemTime {
    /// Linux: counts while suspended too, and goes on over restarts of a process in one boot.
    private static final int CLOCK_BOOTTIME = 7;

    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path NTP_SYNCHRONIZED = Path.of("/run/systemd/timesync/synchronized");

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final MethodHandle CLOCK_GETTIME = clockGettime();

    /// Whether the platform's own word, of which its time has two, is a `long` of ours. Looked up
    /// once: the clock is read many times within one tap.
    private static final boolean IS_WIDE = isWide();

    private SystemTime() {}

    /// @return microseconds since 1970, as good as the machine's clock
    public static long wallMicros() {
        Instant now = Instant.now();
        return Math.addExact(
                Math.multiplyExact(now.getEpochSecond(), 1_000_000L), now.getNano() / 1_000);
    }

    /// @return microseconds since boot; never goes back within one boot
    public static long bootMicros() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(2 * Long.BYTES, Long.BYTES);
            int status = (int) CLOCK_GETTIME.invokeExact(CLOCK_BOOTTIME, time);
            if (status != 0) {
                throw new IllegalStateException("clock_gettime(CLOCK_BOOTTIME) failed");
            }
            long seconds =
                    IS_WIDE
                            ? time.get(ValueLayout.JAVA_LONG, 0)
                            : time.get(ValueLayout.JAVA_INT, 0);
            long nanos =
                    IS_WIDE
                            ? time.get(ValueLayout.JAVA_LONG, 8)
                            : time.get(ValueLayout.JAVA_INT, 4);
            return seconds * 1_000_000L + nanos / 1_000;
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("cannot read CLOCK_BOOTTIME", e);
        }
    }

    /// @return an id that changes with every boot of this machine
    public static String bootId() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + BOOT_ID, e);
        }
    }

    /// @return whether the wall clock was set from the network since boot
    public static boolean isNetworkTime() {
        return Files.exists(NTP_SYNCHRONIZED);
    }

    public static long randomLong() {
        return RANDOM.nextLong();
    }

    /// @return that many unpredictable bytes, good enough for keys
    public static byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private static boolean isWide() {
        MemoryLayout word = Linker.nativeLinker().canonicalLayouts().get("long");
        return word != null && word.byteSize() == Long.BYTES;
    }

    @SuppressWarnings("restricted") // native access is what this method is for
    private static MethodHandle clockGettime() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().find("clock_gettime").orElseThrow(),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    }
}
