package org.hourtap.device.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.device.testing.Taps.ALYS;
import static org.hourtap.device.testing.Taps.MORNING;
import static org.hourtap.device.testing.Taps.card;
import static org.hourtap.device.testing.Taps.keep;
import static org.hourtap.device.testing.Taps.pool;
import static org.hourtap.device.testing.Taps.spend;
import static org.hourtap.device.testing.Taps.tell;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.hourtap.contract.Codec;
import org.hourtap.contract.TapEvent;
import org.hourtap.tap.JournalLine;
import org.hourtap.tap.JournalPosition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SalvageTest {
    private static final int TAPS = 400;
    private static final long ACKNOWLEDGED = 100;
    private static final int PAGE = PageScan.PAGE;

    private static final Logger QUIET = Logger.getLogger(Salvage.class.getName());

    @TempDir Path folder;

    @BeforeAll
    static void keepTheExpectedDamageOutOfTheLog() {
        QUIET.setLevel(Level.OFF);
    }

    @AfterAll
    static void logAgain() {
        QUIET.setLevel(null);
    }

    @Test
    void aSoundFileIsLeftAlone() throws Exception {
        long epoch = write();
        try (SqliteStore store = open()) {
            assertThat(store.salvageNote()).isEmpty();
            assertThat(store.nextEpoch()).isEqualTo(epoch + 1);
            assertThat(store.position().last()).isEqualTo(TAPS);
        }
        assertThat(damagedFiles()).isEmpty();
    }

    @Test
    void aLostHeadCostsNoTapAndTheDamagedFileIsKept() throws Exception {
        long epoch = write();
        overwrite(0, PAGE, 1);
        byte[] damaged = Files.readAllBytes(file());

        try (SqliteStore store = open()) {
            assertThat(sequencesOf(store)).containsExactlyElementsOf(upTo(TAPS));
            assertThat(store.position())
                    .isEqualTo(new JournalPosition(TAPS + Salvage.NUMBERS_SKIPPED, 0, 1, 0));
            assertThat(store.nextEpoch()).isGreaterThanOrEqualTo(epoch);
            assertThat(store.salvageNote())
                    .hasValueSatisfying(note ->
                            assertThat(note)
                                    .contains("400 taps were rescued")
                                    .contains("terminal.db.damaged-20260314T101500Z"));
            assertThat(store.standing(ALYS, true).card()).isNull();
        }
        assertThat(damagedFiles()).hasSize(1);
        assertThat(Files.readAllBytes(damagedFiles().getFirst())).isEqualTo(damaged);
    }

    @Test
    void aRescuedTapIsTheSameToTheByte() throws Exception {
        write();
        overwrite(0, 100, 2);
        try (SqliteStore store = open()) {
            List<JournalLine> lines = store.after(0, TAPS);
            assertThat(lines).hasSize(TAPS);
            for (JournalLine line : lines) {
                assertThat(line.text())
                        .isEqualTo(Codec.encodeEvent(spend(line.sequence(), ALYS, 1, false)));
            }
        }
    }

    @Test
    void aTruncatedFileGivesUpWhatIsLeftOfIt() throws Exception {
        write();
        long size = Files.size(file());
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            channel.truncate(size / 2);
        }
        try (SqliteStore store = open()) {
            List<Long> rescued = sequencesOf(store);
            assertThat(rescued).isNotEmpty().doesNotHaveDuplicates().isSorted();
            assertThat(store.salvageNote()).isPresent();
        }
    }

    @Test
    void anEmptyFileBeginsAnewAndSaysSo() throws Exception {
        write();
        Files.write(file(), new byte[0]);
        try (SqliteStore store = open()) {
            assertThat(store.salvageNote().orElseThrow()).contains("0 taps were rescued");
            keep(store, spend(store.position().last() + 1, ALYS, 1, false));
        }
    }

    @Test
    void tapsThatAreOnlyInTheLogAreRescuedToo() throws Exception {
        Path copy = Files.createDirectory(folder.resolve("copy"));
        try (SqliteStore store = open()) {
            for (int i = 1; i <= 50; i++) {
                keep(store, spend(i, ALYS, 1, false));
            }
            // As a power cut leaves it: nothing was folded into the main file yet.
            for (String suffix : List.of("", "-wal")) {
                Files.copy(
                        folder.resolve("terminal.db" + suffix),
                        copy.resolve("terminal.db" + suffix),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.write(copy.resolve("terminal.db"), new byte[PAGE]);
        try (SqliteStore store = SqliteStore.open(copy.resolve("terminal.db"), () -> MORNING)) {
            assertThat(sequencesOf(store)).containsExactlyElementsOf(upTo(50));
        }
    }

    @Test
    void theHubTakesARescuedJournalRunByRunAndNewTapsAfterIt() throws Exception {
        write();
        damageOneJournalPage();
        try (SqliteStore store = open()) {
            List<List<Long>> runs = new ArrayList<>();
            long at = 0;
            for (List<JournalLine> batch = store.after(at, 1000);
                    !batch.isEmpty();
                    batch = store.after(at, 1000)) {
                runs.add(batch.stream().map(JournalLine::sequence).toList());
                at = batch.getLast().sequence();
                tell(store, at);
                assertThat(store.position().oldest()).isLessThanOrEqualTo(at + 1000);
            }
            assertThat(runs).hasSize(2);
            assertThat(store.waiting()).isZero();
            keep(store, spend(store.position().last() + 1, ALYS, 1, false));
            assertThat(store.position().oldest()).isEqualTo(TAPS + Salvage.NUMBERS_SKIPPED + 1);
        }
    }

    @Test
    void aRescueCutShortAtAnyStepIsFinishedAtTheNextStart() throws Exception {
        write();
        overwrite(0, PAGE, 3);
        Salvage.openMended(file(), MORNING, "").close();
        byte[] mended = Files.readAllBytes(file());
        Path rescue = folder.resolve("terminal.db.rescue");

        // The rescue is complete, but the damaged file was not yet put aside.
        Files.write(rescue, mended);
        Files.write(file(), new byte[] {1, 2, 3});
        assertRescuedAll();
        // It was put aside, but nothing had taken its place.
        Files.move(file(), rescue);
        assertRescuedAll();
        // The rescue itself was cut short.
        overwrite(0, PAGE, 4);
        Files.write(folder.resolve("terminal.db.rescue.part"), new byte[] {4, 5, 6});
        assertRescuedAll();
    }

    @Test
    void damageFoundWhileRunningIsMendedByTheNextCall() throws Exception {
        write();
        try (SqliteStore store = open()) {
            assertThat(store.position().last()).isEqualTo(TAPS);
            overwrite(PAGE, (int) Files.size(file()) - PAGE, 5);
            List<Throwable> failures = new ArrayList<>();
            for (int i = 0; i < 3 && store.salvageNote().isEmpty(); i++) {
                try {
                    store.after(0, TAPS);
                    store.standing(ALYS, true);
                } catch (org.hourtap.tap.StoreException e) {
                    failures.add(e);
                }
            }
            assertThat(failures).isNotEmpty();
            assertThat(store.salvageNote()).isPresent();
            keep(store, spend(store.position().last() + 1, ALYS, 1, false));
        }
    }

    /// Whatever bytes go bad, the store opens, what it gives back is true, and it takes new taps.
    @Test
    void noDamageKeepsTheTerminalFromWorkingOrInventsATap() throws Exception {
        for (long seed = 1; seed <= 30; seed++) {
            clear();
            write();
            SplittableRandom random = new SplittableRandom(seed);
            int size = (int) Files.size(file());
            for (int hit = 0; hit <= random.nextInt(4); hit++) {
                int at = random.nextInt(size);
                overwrite(at, Math.min(size - at, 1 + random.nextInt(3 * PAGE)), random.nextLong());
            }
            try (SqliteStore store = open()) {
                List<Long> sequences = sequencesOf(store);
                assertThat(sequences).as("seed %d", seed).doesNotHaveDuplicates().isSorted();
                for (long sequence : sequences) {
                    JournalLine line = store.after(sequence - 1, 1).getFirst();
                    TapEvent event = Codec.decodeEvent(line.text());
                    assertThat(event)
                            .as("seed %d", seed)
                            .isEqualTo(spend(sequence, ALYS, 1, false));
                }
                long next = store.position().last() + 1;
                assertThat(next).as("seed %d", seed).isGreaterThan(TAPS / 2);
                keep(store, spend(next, ALYS, 1, false));
            }
        }
    }

    private void assertRescuedAll() throws Exception {
        try (SqliteStore store = open()) {
            assertThat(sequencesOf(store)).containsExactlyElementsOf(upTo(TAPS));
        }
    }

    /// @return the epoch reached
    private long write() throws Exception {
        try (SqliteStore store = open()) {
            for (int i = 1; i <= TAPS; i++) {
                keep(store, spend(i, ALYS, 1, false));
            }
            tell(store, ACKNOWLEDGED, pool(60), card(ALYS, 300));
            return store.nextEpoch();
        }
    }

    private void damageOneJournalPage() throws Exception {
        byte[] bytes = Files.readAllBytes(file());
        TreeSet<Integer> pages = new TreeSet<>();
        for (int page = 1; page < bytes.length / PAGE; page++) {
            String text =
                    new String(
                            bytes, page * PAGE, PAGE, java.nio.charset.StandardCharsets.ISO_8859_1);
            if (bytes[page * PAGE] == 0x0d && text.contains("\"sequence\":2")) {
                pages.add(page);
            }
        }
        int middle = new ArrayList<>(pages).get(pages.size() / 2);
        overwrite(middle * PAGE, PAGE, 6);
    }

    private void overwrite(int at, int length, long seed) throws Exception {
        byte[] noise = new byte[length];
        new SplittableRandom(seed).nextBytes(noise);
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(noise), at);
        }
    }

    private static List<Long> sequencesOf(SqliteStore store) throws Exception {
        List<Long> all = new ArrayList<>();
        long at = 0;
        for (List<JournalLine> batch = store.after(at, 1000);
                !batch.isEmpty();
                batch = store.after(at, 1000)) {
            batch.forEach(line -> all.add(line.sequence()));
            at = batch.getLast().sequence();
        }
        return all;
    }

    private static List<Long> upTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    private void clear() throws Exception {
        try (Stream<Path> all = Files.list(folder)) {
            for (Path path : all.toList()) {
                Files.delete(path);
            }
        }
    }

    private List<Path> damagedFiles() throws Exception {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(path -> path.toString().contains(".damaged-")).toList();
        }
    }

    private Path file() {
        return folder.resolve("terminal.db");
    }

    private SqliteStore open() throws Exception {
        return SqliteStore.open(file(), () -> MORNING);
    }
}
