package org.hourtap.simulator.crash;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// The wall clock of one program: everyone else's stays right, and so does the program's own time
/// since boot. A few lines of C, compiled here, stand between the program and the clock.
final class WallClock {
    private static final String SOURCE = "wall-clock.c";
    private static final String LIBRARY = "wall-clock.so";

    private final Path offset;
    private final Path library;

    private WallClock(Path offset, Path library) {
        this.offset = offset;
        this.library = library;
    }

    /// @return why no clock can be set here, empty if one can
    static Optional<String> unavailable() {
        try {
            Tool.run("cc", "--version");
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("there is no C compiler; install the Debian packages gcc libc6-dev");
        }
    }

    /// @return the library to preload, made in this folder
    static Path compiled(Path folder) throws IOException {
        Path source = folder.resolve(SOURCE);
        Path library = folder.resolve(LIBRARY);
        try (InputStream text = WallClock.class.getResourceAsStream(SOURCE)) {
            if (text == null) {
                throw new IOException(SOURCE + " is missing in this build");
            }
            Files.copy(text, source);
        }
        Tool.run(
                "cc",
                "-O2",
                "-shared",
                "-fPIC",
                "-o",
                library.toString(),
                source.toString(),
                "-ldl");
        return library;
    }

    /// @param offset a file in which the offset is kept
    static WallClock in(Path offset, Path library) throws IOException {
        WallClock clock = new WallClock(offset, library);
        clock.jump(Duration.ZERO);
        return clock;
    }

    /// @return the environment of a program that goes by this clock
    Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD", library.toString(),
                "HOURTAP_WALL_CLOCK", offset.toString());
    }

    /// Sets the clock so far beside the right time, at once.
    void jump(Duration by) throws IOException {
        ByteBuffer seconds =
                ByteBuffer.allocate(Long.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .putLong(by.toSeconds())
                        .flip();
        // In place: the programs have this very file mapped.
        try (FileChannel file =
                FileChannel.open(offset, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(seconds, 0);
        }
    }
}
