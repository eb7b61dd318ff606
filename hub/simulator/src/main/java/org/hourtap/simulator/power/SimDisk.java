package org.hourtap.simulator.power;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// The disk of one simulated machine: a folder. Same calls and same random numbers, same files: no
/// clock and no other chance is in it. Used by one thread at a time; several disks by several.
///
/// After [#cutAfter] or [#cutNow] came true, every write fails, and what the program does about it
/// does not reach the disk. Close all connections then and call [#settle].
public final class SimDisk implements AutoCloseable {
    /// Longest path a file may have; Linux knows none longer.
    private static final int PATH_MAX = 4_096;

    private static final long UNLIMITED = -1;

    private final PowerLibrary library;
    private final Path folder;
    private final MemorySegment disk;
    private boolean isFailing;
    private boolean isLying;
    private boolean isClosed;

    /// One bit that is not what it was.
    ///
    /// @param at the byte's place in the file, from 0
    /// @param bit 0 to 7, the lowest first
    public record Flip(String fileName, long at, int bit) {}

    private SimDisk(PowerLibrary library, Path folder, MemorySegment disk) {
        this.library = library;
        this.folder = folder;
        this.disk = disk;
    }

    /// Everything that SQLite keeps below this folder, which exists, is on this disk from now on.
    public static SimDisk in(Path folder) throws IOException {
        PowerLibrary library = SimDisks.library();
        Path real = folder.toRealPath(); // as SQLite will name it
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment disk = library.add().of(arena.allocateFrom(real.toString()));
            if (disk.equals(MemorySegment.NULL)) {
                throw new IOException("no memory for another disk");
            }
            return new SimDisk(library, real, disk);
        }
    }

    /// @return how many writes, truncations, syncs and deletions were done so far
    public long effects() {
        return library.effects().of(open());
    }

    /// The power will fail at the `n`-th effect from now: neither it nor any after it happens.
    ///
    /// @param effects 1 for the very next; 0 takes the plan back
    public void cutAfter(long effects) {
        if (effects < 0) {
            throw new IllegalArgumentException("power cannot fail in the past: " + effects);
        }
        library.cutAfter().on(open(), effects);
    }

    /// The power fails.
    public void cutNow() {
        library.cut().on(open());
    }

    /// @return whether the power failed and nobody called [#settle] since
    public boolean isDead() {
        return library.isDead().of(open()) != 0;
    }

    /// From now on, or no more, writes that make a file longer fail for want of space.
    public void setFull(boolean full) {
        library.limit().on(open(), full ? 0 : UNLIMITED);
    }

    /// From now on files may grow by this much, less what is freed again.
    public void setSpace(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("no disk has less than no space: " + bytes);
        }
        library.limit().on(open(), bytes);
    }

    /// From now on, or no more, nothing can be written, synced or deleted.
    public void failWrites(boolean failing) {
        isFailing = failing;
        behave();
    }

    /// From now on, or no more, syncs are acknowledged and not done, as by a cheap memory card.
    public void lieAboutSyncs(boolean lying) {
        isLying = lying;
        behave();
    }

    /// Leaves the files as they are after the accident and makes the disk usable again. To be
    /// called when all connections are closed. A disk that is not dead is cut first.
    ///
    /// @return what was lost
    public Accident settle(RandomGenerator random, Fate fate) throws IOException {
        requireAtRest();
        library.cut().on(disk);
        int count = library.files().of(disk);
        List<Accident.Loss> losses = new ArrayList<>();
        if (fate == Fate.POWER) {
            SortedMap<String, MemorySegment> files = filesByName(count);
            for (var file : files.entrySet()) {
                settle(random, file.getKey(), file.getValue(), losses);
            }
        }
        library.revive().on(disk);
        return new Accident(fate, losses);
    }

    /// Flips one bit of a file while nobody has it open.
    ///
    /// @param fileName within this folder
    public Flip flipBit(RandomGenerator random, String fileName) throws IOException {
        requireAtRest();
        Path file = folder.resolve(fileName);
        long size = Files.size(file);
        if (size == 0) {
            throw new IOException(fileName + " is empty: there is no bit to flip");
        }
        Flip flip = new Flip(fileName, random.nextLong(size), random.nextInt(Byte.SIZE));
        flip(flip);
        return flip;
    }

    /// Flips this bit of a file while nobody has it open.
    public void flip(Flip flip) throws IOException {
        requireAtRest();
        Path file = folder.resolve(flip.fileName());
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, flip.at());
            one.put(0, (byte) (one.get(0) ^ (1 << flip.bit())));
            channel.write(one.flip(), flip.at());
        }
    }

    /// The folder becomes an ordinary one; the files stay.
    @Override
    public void close() {
        if (!isClosed) {
            requireAtRest();
            if (isDead()) {
                library.files().of(disk); // puts the names back and clears away what kept them
            }
            isClosed = true;
            library.forget().on(disk);
        }
    }

    private void settle(
            RandomGenerator random, String name, MemorySegment file, List<Accident.Loss> losses)
            throws IOException {
        int changes = library.changes().of(file);
        boolean isNewborn = library.isNewborn().of(file) != 0;
        if (changes > 0 || isNewborn) {
            Losses drawn =
                    Losses.draw(random, changes, change -> library.sectors().of(file, change));
            boolean isGone = isNewborn && drawn.keptCount() == 0 && random.nextBoolean();
            apply(name, file, drawn);
            if (isGone) {
                library.vanish().on(file);
            }
            losses.add(new Accident.Loss(name, drawn.keptCount(), changes, drawn.isTorn(), isGone));
        }
        library.dropIndex().on(file);
    }

    private void apply(String name, MemorySegment file, Losses drawn) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int error =
                    library.settle()
                            .on(
                                    file,
                                    arena.allocateFrom(ValueLayout.JAVA_BYTE, drawn.kept()),
                                    drawn.torn(),
                                    arena.allocateFrom(ValueLayout.JAVA_BYTE, drawn.sectors()));
            if (error != 0) {
                throw new IOException(name + " could not be put back, error " + error);
            }
        }
    }

    /// Sorted, because the order in which SQLite opened them is nobody's business.
    @SuppressWarnings("restricted") // names that our own C ends with a zero
    private SortedMap<String, MemorySegment> filesByName(int count) {
        SortedMap<String, MemorySegment> files = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            MemorySegment file = library.file().of(disk, i);
            String path = library.path().of(file).reinterpret(PATH_MAX).getString(0);
            files.put(folder.relativize(Path.of(path)).toString(), file);
        }
        return files;
    }

    private void behave() {
        library.behave().on(open(), isFailing ? 1 : 0, isLying ? 1 : 0);
    }

    private void requireAtRest() {
        int handles = library.handles().of(open());
        if (handles != 0) {
            throw new IllegalStateException(
                    folder + ": close all connections first, " + handles + " files are open");
        }
    }

    private MemorySegment open() {
        if (isClosed) {
            throw new IllegalStateException(folder + " is no simulated disk any more");
        }
        return disk;
    }
}
