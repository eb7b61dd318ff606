package org.hourtap.simulator.power;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;

/// Which of a file's unsynced changes reached the disk. Devices write in any order, so every
/// selection is possible; the regular ones are drawn more often because they are the likely ones.
final class Losses {
    private static final int PATTERNS = 5;
    private static final int NONE = -1;

    private final byte[] kept;
    private final int torn;
    private final byte[] sectors;

    private Losses(byte[] kept, int torn, byte[] sectors) {
        this.kept = kept;
        this.torn = torn;
        this.sectors = sectors;
    }

    /// @param changes how many there are
    /// @param sectorsOf how many sectors a change touches; 0 for one that cannot be torn
    static Losses draw(RandomGenerator random, int changes, IntUnaryOperator sectorsOf) {
        byte[] kept = kept(random, changes);
        int last = changes - 1;
        while (last >= 0 && kept[last] == 0) {
            last--;
        }
        int sectors = last < 0 ? 0 : sectorsOf.applyAsInt(last);
        if (sectors < 2 || random.nextBoolean()) {
            return new Losses(kept, NONE, new byte[0]);
        }
        byte[] written = random.nextBoolean() ? first(random, sectors) : some(random, sectors);
        return new Losses(kept, last, written);
    }

    /// @return for each change 1 or 0
    byte[] kept() {
        return kept;
    }

    /// @return the change of which only some sectors are there, or -1
    int torn() {
        return torn;
    }

    /// @return of the torn change, for each sector 1 or 0
    byte[] sectors() {
        return sectors;
    }

    int keptCount() {
        int count = 0;
        for (byte one : kept) {
            count += one;
        }
        return count;
    }

    boolean isTorn() {
        return torn != NONE;
    }

    private static byte[] kept(RandomGenerator random, int changes) {
        return switch (random.nextInt(PATTERNS)) {
            case 0 -> all(changes);
            case 1 -> new byte[changes];
            case 2 -> first(random, changes);
            case 3 -> some(random, changes);
            default -> allButOne(random, changes);
        };
    }

    private static byte[] all(int count) {
        byte[] all = new byte[count];
        Arrays.fill(all, (byte) 1);
        return all;
    }

    private static byte[] first(RandomGenerator random, int count) {
        byte[] first = new byte[count];
        Arrays.fill(first, 0, random.nextInt(count + 1), (byte) 1);
        return first;
    }

    private static byte[] some(RandomGenerator random, int count) {
        byte[] some = new byte[count];
        for (int i = 0; i < count; i++) {
            some[i] = (byte) random.nextInt(2);
        }
        return some;
    }

    private static byte[] allButOne(RandomGenerator random, int count) {
        byte[] most = all(count);
        if (count > 0) {
            most[random.nextInt(count)] = 0;
        }
        return most;
    }
}
