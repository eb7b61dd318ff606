package org.hourtap.simulator.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.hourtap.runtime.DataFolder;
import org.hourtap.simulator.demo.Ground;

/// Disks that fill up and clocks that jump, as far as this machine lets us make them.
final class ShakyGround implements Ground, AutoCloseable {
    private final Optional<String> noDisks = SmallDisk.unavailable();
    private final Optional<String> noClocks = WallClock.unavailable();
    private final Optional<Path> library;
    private final Path clockFolder;
    private final Map<String, SmallDisk> disks = new ConcurrentHashMap<>();
    private final Map<String, WallClock> clocks = new ConcurrentHashMap<>();

    ShakyGround(Path folder) throws IOException {
        clockFolder = folder.resolve("clocks");
        DataFolder.make(clockFolder);
        library =
                noClocks.isEmpty()
                        ? Optional.of(WallClock.compiled(clockFolder))
                        : Optional.empty();
    }

    /// @return what cannot be done here, and why; empty if all can
    List<String> leftOut() {
        List<String> left = new ArrayList<>();
        noDisks.ifPresent(why -> left.add("full disks: " + why));
        noClocks.ifPresent(why -> left.add("jumping clocks: " + why));
        return left;
    }

    boolean hasDisks() {
        return noDisks.isEmpty();
    }

    boolean hasClocks() {
        return library.isPresent();
    }

    @Override
    public void make(Path folder) throws IOException {
        if (hasDisks()) {
            disks.put(folder.getFileName().toString(), SmallDisk.mount(folder));
        } else {
            DataFolder.make(folder);
        }
    }

    @Override
    public Map<String, String> environment(String program) {
        return library.isEmpty() ? Map.of() : clock(program, library.get()).environment();
    }

    SmallDisk disk(String program) {
        SmallDisk disk = disks.get(program);
        if (disk == null) {
            throw new IllegalStateException(program + " has no disk of its own");
        }
        return disk;
    }

    WallClock clock(String program) {
        return clock(program, library.orElseThrow());
    }

    @Override
    public void close() throws IOException {
        for (SmallDisk disk : disks.values()) {
            disk.close();
        }
        disks.clear();
    }

    private WallClock clock(String program, Path with) {
        return clocks.computeIfAbsent(
                program,
                name -> {
                    try {
                        return WallClock.in(clockFolder.resolve(name), with);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }
}
