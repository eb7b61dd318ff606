package org.hourtap.device.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.device.testing.Taps.ALYS;
import static org.hourtap.device.testing.Taps.BRAN;
import static org.hourtap.device.testing.Taps.MORNING;
import static org.hourtap.device.testing.Taps.card;
import static org.hourtap.device.testing.Taps.carried;
import static org.hourtap.device.testing.Taps.clock;
import static org.hourtap.device.testing.Taps.doubt;
import static org.hourtap.device.testing.Taps.head;
import static org.hourtap.device.testing.Taps.keep;
import static org.hourtap.device.testing.Taps.pool;
import static org.hourtap.device.testing.Taps.spend;
import static org.hourtap.device.testing.Taps.tell;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.FeedRow;
import org.hourtap.device.sqlite.SqliteStore;
import org.hourtap.runtime.NewerDatabaseException;
import org.hourtap.tap.JournalLine;
import org.hourtap.tap.StoreException;

/// A damaged store: opened and mended, or refused in words. What it gives back is in order, and
/// within a few calls it takes taps again, unless it says why not.
///
/// An input is a list of injuries to a small store and its log: what (1), where (3, high byte
/// first), and what that needs.
final class StoreTarget {
    private static final Logger SALVAGE = Logger.getLogger("org.hourtap.device.sqlite");
    private static final List<String> SUFFIXES = List.of("", "-wal");
    private static final int TAPS = 12;
    private static final int PAGE = 4_096;

    /// Damage that is found while running is mended by the next call.
    private static final int TRIES = 4;

    private final Path folder;
    private final Path file;
    private final byte[][] sound;

    StoreTarget(Path folder) throws IOException {
        this.folder = folder;
        this.file = folder.resolve("terminal.db");
        SALVAGE.setLevel(Level.OFF); // it says each time that the file is damaged, and it is
        try {
            sound = sound();
        } catch (StoreException | NewerDatabaseException e) {
            throw new IOException(e);
        }
    }

    private byte[][] sound() throws IOException, StoreException, NewerDatabaseException {
        try (SqliteStore store = SqliteStore.open(file, () -> MORNING)) {
            keep(store, spend(1, ALYS, 1, false));
            tell(store, 1, pool(60), new FeedRow.PolicyRow(30, minutes(), minutes()));
            tell(store, 1, card(ALYS, 300), card(BRAN, -20));
            store.keep(head(1, 'a'), clock(0));
        }
        byte[] main = Files.readAllBytes(file);
        try (SqliteStore store = SqliteStore.open(file, () -> MORNING)) {
            for (int tap = 2; tap < TAPS; tap++) {
                keep(store, spend(tap, ALYS, 1, false));
            }
            doubt(store, carried(TAPS, BRAN, 30, 7));
            return new byte[][] {main, Files.readAllBytes(folder.resolve("terminal.db-wal"))};
        }
    }

    private static org.hourtap.contract.Credits minutes() {
        return new org.hourtap.contract.Credits(120);
    }

    void attack(byte[] input) throws Exception {
        byte[][] files = {sound[0].clone(), sound[1].clone()};
        ByteBuffer injuries = ByteBuffer.wrap(input);
        while (injuries.remaining() >= 5) {
            int what = Byte.toUnsignedInt(injuries.get());
            int high = Byte.toUnsignedInt(injuries.get()) << 16;
            int where = high + Short.toUnsignedInt(injuries.getShort());
            files[what & 1] = injured(files[what & 1], what >> 1, where, injuries);
        }
        clear();
        for (int i = 0; i < files.length; i++) {
            Files.write(folder.resolve("terminal.db" + SUFFIXES.get(i)), files[i]);
        }
        use();
    }

    private static byte[] injured(byte[] whole, int what, int where, ByteBuffer more) {
        if (whole.length == 0) {
            return whole;
        }
        int at = where % whole.length;
        switch (what % 4) {
            case 0 -> whole[at] ^= more.get();
            case 1 -> {
                int length = Math.min(more.get() & 0x3F, more.remaining());
                byte[] other = new byte[Math.min(length, whole.length - at)];
                more.get(other);
                System.arraycopy(other, 0, whole, at, other.length);
            }
            case 2 -> {
                int from = at / PAGE * PAGE;
                Arrays.fill(whole, from, Math.min(whole.length, from + PAGE), more.get());
            }
            default -> {
                more.get();
                return Arrays.copyOf(whole, at);
            }
        }
        return whole;
    }

    private void use() throws Exception {
        try (SqliteStore store = SqliteStore.open(file, () -> MORNING)) {
            boolean isUsable = false;
            String complaint = "";
            for (int i = 0; i < TRIES && !isUsable; i++) {
                try {
                    lookAt(store);
                    keep(store, spend(store.position().last() + 1, ALYS, 1, false));
                    tell(store, store.position().acknowledged(), card(ALYS, 10));
                    isUsable = true;
                } catch (StoreException e) {
                    complaint = String.valueOf(e.getMessage());
                    assertThat(complaint).isNotBlank();
                }
            }
            assertThat(isUsable).as("never usable: %s", complaint).isTrue();
        } catch (StoreException | NewerDatabaseException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private static void lookAt(SqliteStore store) throws StoreException {
        long at = 0;
        for (List<JournalLine> batch = store.after(at, 10);
                !batch.isEmpty();
                batch = store.after(at, 10)) {
            for (JournalLine line : batch) {
                assertThat(line.sequence()).isGreaterThan(at);
                at = line.sequence();
            }
        }
        store.profile();
        store.doubts();
        store.standing(ALYS, true);
        store.memory(BRAN);
        store.keep(head(2, 'b'), clock(0));
        store.salvageNote();
        store.purge(new ClockReading("boot", 1, Long.MAX_VALUE / 2, ClockReading.Quality.HUB));
        store.nextEpoch();
    }

    private void clear() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            for (Path path : all.toList()) {
                Files.delete(path);
            }
        }
    }
}
