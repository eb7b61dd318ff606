package org.hourtap.device.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hourtap.device.testing.Taps.ALYS;
import static org.hourtap.device.testing.Taps.MORNING;
import static org.hourtap.device.testing.Taps.clock;
import static org.hourtap.device.testing.Taps.head;
import static org.hourtap.device.testing.Taps.keep;
import static org.hourtap.device.testing.Taps.spend;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.hourtap.contract.SignedHead;
import org.hourtap.runtime.Migrations;
import org.hourtap.runtime.Sqlite;
import org.hourtap.tap.StoreException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HeadsTest {
    private static final long DAY_SECONDS = 86_400;
    private static final Logger QUIET = Logger.getLogger(Salvage.class.getName());

    @TempDir Path folder;

    private SqliteStore store;

    @BeforeAll
    static void keepTheExpectedDamageOutOfTheLog() {
        QUIET.setLevel(Level.OFF);
    }

    @AfterAll
    static void logAgain() {
        QUIET.setLevel(null);
    }

    @BeforeEach
    void open() throws Exception {
        store = SqliteStore.open(file(), () -> MORNING);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Path file() {
        return folder.resolve("terminal.db");
    }

    private void told(int day, SignedHead head) throws StoreException {
        store.keep(head, clock(day * DAY_SECONDS));
    }

    private List<SignedHead> kept() throws StoreException {
        return new HeadView(file()).kept();
    }

    @Test
    void theNewestOfEachDayIsKeptAndNoneOfAnEarlierDayGivesWay() throws Exception {
        told(0, head(5, 'a'));
        told(0, head(7, 'b'));
        told(1, head(9, 'c'));
        told(1, head(9, 'c'));
        told(2, head(9, 'c'));
        told(3, head(20, 'd'));
        assertThat(kept()).containsExactly(head(7, 'b'), head(9, 'c'), head(20, 'd'));
    }

    @Test
    void aSmallerNumberTakesNothingAwayAndIsTheHeadOfItsOwnDay() throws Exception {
        told(0, head(50, 'a'));
        told(0, head(40, 'b'));
        assertThat(kept()).containsExactly(head(50, 'a'));
        told(1, head(41, 'c'));
        told(1, head(42, 'd'));
        assertThat(kept()).containsExactly(head(50, 'a'), head(42, 'd'));
        assertThat(new HeadView(file()).contradiction()).isEmpty();
    }

    @Test
    void theSameNumberWithAnotherHashIsKeptBesideTheFirstAndNeitherGivesWay() throws Exception {
        told(0, head(5, 'a'));
        told(1, head(7, 'b'));
        told(1, head(7, 'c'));
        told(1, head(7, 'd'));
        told(1, head(8, 'e'));
        told(1, head(5, 'f'));
        assertThat(kept()).containsExactly(head(5, 'a'), head(7, 'b'), head(7, 'c'), head(5, 'f'));
        assertThat(new HeadView(file()).contradiction()).contains(head(5, 'f'));
        told(2, head(9, 'e'));
        assertThat(kept()).endsWith(head(9, 'e')).hasSize(5);
    }

    @Test
    void afterFourHundredDaysTheOldestGoesWithWhatIsBesideIt() throws Exception {
        told(0, head(1, 'a'));
        told(0, head(1, 'b'));
        for (int day = 1; day < Heads.DAYS_MAX; day++) {
            told(day, head(day + 1, 'a'));
        }
        assertThat(kept()).hasSize(Heads.DAYS_MAX + 1).startsWith(head(1, 'a'), head(1, 'b'));
        told(Heads.DAYS_MAX, head(1_000, 'a'));
        assertThat(kept())
                .hasSize(Heads.DAYS_MAX)
                .startsWith(head(2, 'a'))
                .endsWith(head(1_000, 'a'));
        assertThat(new HeadView(file()).contradiction()).isEmpty();
    }

    @Test
    void whatIsToldAgainWritesNothing() throws Exception {
        told(0, head(5, 'a'));
        Path log = folder.resolve("terminal.db-wal");
        byte[] before = Files.readAllBytes(log);
        told(0, head(5, 'a'));
        told(1, head(5, 'a'));
        close();
        open();
        assertThat(before).isNotEmpty();
        told(1, head(5, 'a'));
        assertThat(Files.exists(log) ? Files.size(log) : 0).isZero();
        assertThat(kept()).containsExactly(head(5, 'a'));
    }

    @Test
    void aFlippedBitIsNoticedAndTheOtherHeadsAreKept() throws Exception {
        told(0, head(5, 'a'));
        told(1, head(7, 'b'));
        told(2, head(9, 'c'));
        keep(store, spend(1, ALYS, 60, false));
        close();
        byte[] bytes = Files.readAllBytes(file());
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        bytes[text.lastIndexOf("dinas 7 ") + 6] ^= 1;
        Files.write(file(), bytes);
        open();
        assertThatThrownBy(() -> told(3, head(11, 'd'))).hasMessageContaining("damaged");
        told(3, head(11, 'd'));
        assertThat(kept()).containsExactly(head(5, 'a'), head(9, 'c'), head(11, 'd'));
        assertThat(store.after(0, 10)).hasSize(1);
        assertThat(store.salvageNote()).isPresent();
    }

    @Test
    void aFileOfAnEarlierVersionHasNoneUntilItIsOpened() throws Exception {
        close();
        Path old = folder.resolve("old.db");
        try (Sqlite sqlite = Sqlite.open(old, 100)) {
            Seal.lend(sqlite.connection());
            Migrations.apply(sqlite, Tables.class, List.of("terminal-1.sql", "terminal-2.sql"));
        }
        assertThat(new HeadView(old).kept()).isEmpty();
        try (SqliteStore opened = SqliteStore.open(old, () -> MORNING)) {
            opened.keep(head(5, 'a'), clock(0));
            assertThat(opened.salvageNote()).isEmpty();
        }
        assertThat(new HeadView(old).kept()).containsExactly(head(5, 'a'));
    }
}
