package org.hourtap.device.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.device.sqlite.DatabaseBytes.endOfRow;
import static org.hourtap.device.sqlite.DatabaseBytes.flipped;
import static org.hourtap.device.sqlite.DatabaseBytes.indexOf;
import static org.hourtap.device.sqlite.DatabaseBytes.isFollowedBy;
import static org.hourtap.device.sqlite.DatabaseBytes.startOfRow;
import static org.hourtap.device.testing.Taps.ALYS;
import static org.hourtap.device.testing.Taps.BRAN;
import static org.hourtap.device.testing.Taps.MORNING;
import static org.hourtap.device.testing.Taps.card;
import static org.hourtap.device.testing.Taps.carried;
import static org.hourtap.device.testing.Taps.clock;
import static org.hourtap.device.testing.Taps.doubt;
import static org.hourtap.device.testing.Taps.keep;
import static org.hourtap.device.testing.Taps.pool;
import static org.hourtap.device.testing.Taps.settle;
import static org.hourtap.device.testing.Taps.spend;
import static org.hourtap.device.testing.Taps.tell;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.hourtap.contract.CardId;
import org.hourtap.contract.CardStamp;
import org.hourtap.contract.Codec;
import org.hourtap.contract.TapEvent;
import org.hourtap.runtime.Migrations;
import org.hourtap.runtime.Sqlite;
import org.hourtap.runtime.StorageFault;
import org.hourtap.tap.JournalLine;
import org.hourtap.tap.Standing.KnownCard;
import org.hourtap.tap.StoreException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Memory cards flip bits. What is read then is what was written, or it is noticed.
@Timeout(240)
class BitFlipTest {
    private static final int TAPS = 5;
    private static final String NOTICED = "noticed";
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
    void everyFlippedBitOfARowIsNoticedWhenItIsRead() throws Exception {
        byte[] sound = written();
        String before = readings();
        int end = endOfRow(sound, 3);
        int unnoticed = 0;
        for (int bit = startOfRow(sound, 3) * 8; bit < end * 8; bit++) {
            Files.write(file(), flipped(sound, bit));
            String now = readings();
            if (!now.equals(before) && !now.equals(NOTICED)) {
                // What no read sees is seen at the start.
                try (Sqlite sqlite = Sqlite.openReadOnly(file(), 100)) {
                    assertThat(sqlite.integrityCheck()).as("bit %d", bit).isNotEqualTo("ok");
                }
            }
            unnoticed += now.equals(before) ? 1 : 0;
        }
        // The length of a row may say more than there is without anything being read wrongly.
        assertThat(unnoticed).isLessThan(8);
    }

    @Test
    void oneFlippedBitAnywhereInAPageOfTheJournalCostsNoTap() throws Exception {
        byte[] sound = written();
        int row = startOfRow(sound, 3);
        int page = row / PAGE * PAGE;
        for (int bit = page * 8; bit < (page + PAGE) * 8; bit++) {
            boolean isOfHeads = bit < (page + 20) * 8 || (bit >= row * 8 && bit < (row + 40) * 8);
            if (isOfHeads || bit % 97 == 0) {
                byte[] whole = flipped(sound, bit);
                Files.write(file(), Arrays.copyOfRange(whole, page, page + PAGE));
                Map<Long, String> found = scanned();
                for (long sequence = 1; sequence <= TAPS; sequence++) {
                    assertThat(found.remove(sequence)).as("bit %d", bit).isEqualTo(text(sequence));
                }
                assertThat(found).as("bit %d", bit).isEmpty();
            }
        }
    }

    @Test
    void aFlippedBitIsPutRightAndStaffAreTold() throws Exception {
        byte[] sound = written();
        int at = indexOf(sound, "\"minutes\":60", startOfRow(sound, 3)) + 10;
        Files.write(file(), flipped(sound, at * 8 + 1));
        try (SqliteStore store = open()) {
            StoreException noticed = null;
            try {
                store.after(0, 10);
            } catch (StoreException e) {
                noticed = e;
            }
            assertThat(noticed).hasMessageContaining("damaged");
            assertThat(store.after(0, 10))
                    .extracting(JournalLine::text)
                    .containsExactly(text(1), text(2), text(3), text(4), text(5));
            assertThat(store.salvageNote().orElseThrow())
                    .contains("5 taps were rescued")
                    .contains("only one bit had changed: tap 3.")
                    .doesNotContain("Not believed");
        }
    }

    @Test
    void aTapThatCannotBePutRightIsNamedAndTheOthersTravelOn() throws Exception {
        byte[] sound = written();
        int at = indexOf(sound, "\"minutes\":60", startOfRow(sound, 3)) + 10;
        Files.write(file(), flipped(flipped(sound, at * 8 + 1), at * 8 + 2));
        try (SqliteStore store = reopenedAfterNotice()) {
            assertThat(store.salvageNote().orElseThrow())
                    .contains("4 taps were rescued")
                    .contains("missing at the hub unless a card brings it: tap 3.");
            assertThat(store.after(0, 10))
                    .extracting(JournalLine::sequence)
                    .containsExactly(1L, 2L);
            tell(store, 2);
            assertThat(store.after(2, 10))
                    .extracting(JournalLine::sequence)
                    .containsExactly(4L, 5L);
            // So the hub does not wait for tap 3.
            assertThat(store.position().oldest()).isEqualTo(4);
            // Its card's own word on it is news now, and is passed on.
            assertThat(store.memory(ALYS).seen()).isZero();
        }
    }

    @Test
    void aDoubtSurvivesAFlippedBit() throws Exception {
        TapEvent tap = carried(1, ALYS, 60, 7);
        try (SqliteStore store = open()) {
            doubt(store, tap);
        }
        byte[] sound = Files.readAllBytes(file());
        Files.write(file(), flipped(sound, indexOf(sound, "DOUBT", startOfRow(sound, 1)) * 8));
        try (SqliteStore store = reopenedAfterNotice()) {
            assertThat(store.doubts()).containsExactly(tap);
            store.settle(tap.torn(), Codec.encodeEvent(tap.torn()));
            assertThat(store.memory(ALYS).seen()).isEqualTo(6);
        }
    }

    /// Told from an older page, the tap would be closed as torn: people were let in on it.
    @Test
    void aSettledTapThatIsUnfitDoesNotComeBackAsADoubt() throws Exception {
        TapEvent tap = carried(1, ALYS, 60, 7);
        try (SqliteStore store = open()) {
            doubt(store, tap);
        }
        byte[] before = Files.readAllBytes(file());
        int page = startOfRow(before, 1) / PAGE * PAGE;
        try (SqliteStore store = open()) {
            settle(store, tap.with(new CardStamp(7, "00112233aabbccdd")));
        }
        byte[] settled = Files.readAllBytes(file());
        int mac = indexOf(settled, "00112233aabbccdd", 0);
        byte[] unfit = flipped(flipped(settled, mac * 8), mac * 8 + 1);
        byte[] both = Arrays.copyOf(unfit, unfit.length + PAGE);
        System.arraycopy(before, page, both, unfit.length, PAGE);
        Files.write(file(), both);
        try (SqliteStore store = reopenedAfterNotice()) {
            assertThat(store.doubts()).isEmpty();
            assertThat(store.after(0, 10)).isEmpty();
            assertThat(store.salvageNote().orElseThrow())
                    .contains("missing at the hub unless a card brings it: tap 1.");
        }
    }

    @Test
    void aFlippedBalanceIsForgottenAndEveryoneElseIsStillKnown() throws Exception {
        byte[] sound = written();
        int at = indexOf(sound, BRAN.value() + "ACTIVE", 0) + BRAN.value().length();
        int balance = at + "ACTIVE".length() + "UID_ONLY".length() + 1;
        Files.write(file(), flipped(sound, balance * 8));
        try (SqliteStore store = open()) {
            assertThat(noticed(store)).isTrue();
            assertThat(store.standing(BRAN, false).card()).isNull();
            KnownCard alys = known(store, ALYS);
            assertThat(alys.row()).isEqualTo(card(ALYS, 300));
            assertThat(store.profile()).contains(pool(60));
            assertThat(store.position().cursor()).isZero();
        }
    }

    @Test
    void flippedNumbersAndDocumentsAreNoticedAtTheStart() throws Exception {
        byte[] sound = written();
        Files.write(file(), flipped(sound, indexOf(sound, "Pwll Dinas", 0) * 8));
        try (SqliteStore store = open()) {
            assertThat(store.salvageNote()).isPresent();
            assertThat(store.profile()).isEmpty();
            assertThat(store.after(0, 10)).hasSize(TAPS);
        }
        Files.write(file(), sound);
        try (Sqlite sqlite = Sqlite.open(file(), 100);
                var statement = sqlite.connection().createStatement()) {
            statement.executeUpdate("UPDATE meta SET acknowledged = 4");
        }
        try (SqliteStore store = open()) {
            assertThat(store.salvageNote()).isPresent();
            assertThat(store.position().acknowledged()).isZero();
            assertThat(store.after(0, 10)).hasSize(TAPS);
        }
    }

    @Test
    void anIndexThatSaysOtherwiseThanTheJournalIsMended() throws Exception {
        byte[] sound = written();
        int index = indexOf(sound, BRAN.value(), 0);
        while (sound[index / PAGE * PAGE] != 0x0a
                || isFollowedBy("ACTIVE", sound, index + BRAN.value().length())) {
            index = indexOf(sound, BRAN.value(), index + 1);
        }
        Files.write(file(), flipped(sound, index * 8));
        try (SqliteStore store = open()) {
            assertThat(store.salvageNote()).isPresent();
            KnownCard bran = known(store, BRAN);
            assertThat(bran.unposted()).isEqualTo(120);
        }
    }

    @Test
    void aTapThatNobodyAsksForIsLookedAtInTime() throws Exception {
        byte[] sound;
        try (SqliteStore store = open()) {
            for (long i = 1; i <= 250; i++) {
                keep(store, tap(i));
            }
            tell(store, 250);
        }
        sound = Files.readAllBytes(file());
        int at = indexOf(sound, "\"sequence\":231,", 0) + 20;
        Files.write(file(), flipped(sound, at * 8));
        try (SqliteStore store = open()) {
            StoreException noticed = null;
            for (long minute = 0; minute < 3 && noticed == null; minute++) {
                try {
                    store.purge(clock(minute * 60));
                } catch (StoreException e) {
                    noticed = e;
                }
            }
            assertThat(noticed).hasMessageContaining("damaged");
            store.purge(clock(300));
            assertThat(store.salvageNote().orElseThrow()).contains("250 taps were rescued");
        }
    }

    @Test
    void aFileOfTheFirstVersionIsSealedWhenItIsOpened() throws Exception {
        try (Sqlite sqlite = Sqlite.open(file(), 100)) {
            Migrations.apply(sqlite, Tables.class, List.of("terminal-1.sql"));
            String columns = Journal.COLUMNS.substring(0, Journal.COLUMNS.lastIndexOf(','));
            try (PreparedStatement insert =
                    sqlite.connection()
                            .prepareStatement(
                                    "INSERT INTO journal ("
                                            + columns
                                            + ") SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE ?")) {
                for (long i = 1; i <= TAPS; i++) {
                    Seal.bind(insert, Journal.Row.of(tap(i), text(i), 0).values());
                    insert.setBoolean(12, true);
                    insert.executeUpdate();
                }
            }
            try (var statement = sqlite.connection().createStatement()) {
                statement.executeUpdate(
                        "INSERT INTO card VALUES ('04A1B2C3D4E5F6', 'ACTIVE', 'UID_ONLY', 300, 'cy',"
                                + " NULL, NULL, 0, 0, NULL)");
            }
        }
        try (SqliteStore store = open()) {
            assertThat(store.after(0, 10)).hasSize(TAPS);
            KnownCard alys = known(store, ALYS);
            assertThat(alys.row()).isEqualTo(card(ALYS, 300));
            assertThat(alys.unposted()).isEqualTo(180);
            assertThat(store.salvageNote()).isEmpty();
        }
    }

    /// Five taps, two cards and a profile, all in the file and nothing in the log.
    private byte[] written() throws Exception {
        try (SqliteStore store = open()) {
            for (long i = 1; i <= TAPS; i++) {
                keep(store, tap(i));
            }
            tell(store, 0, pool(60), card(ALYS, 300), card(BRAN, 300));
        }
        return Files.readAllBytes(file());
    }

    private static TapEvent tap(long sequence) {
        return spend(sequence, sequence % 2 == 1 ? ALYS : BRAN, 60, true);
    }

    private static String text(long sequence) {
        return Codec.encodeEvent(tap(sequence));
    }

    /// @return everything that is read to be believed, or [#NOTICED]
    private String readings() {
        try (Sqlite sqlite = Sqlite.openReadOnly(file(), 100)) {
            Journal journal = new Journal(sqlite);
            StringBuilder all = new StringBuilder();
            all.append(journal.after(0, 10)).append(journal.doubts()).append(journal.newestHeld());
            for (var card : List.of(ALYS, BRAN)) {
                all.append(journal.lastWelcome(card))
                        .append(journal.unposted(card, 0))
                        .append(journal.seen(card));
            }
            return all.toString();
        } catch (SQLException e) {
            assertThat(StorageFault.of(e)).isEqualTo(StorageFault.DAMAGED);
            return NOTICED;
        }
    }

    private Map<Long, String> scanned() throws Exception {
        Map<Long, String> found = new TreeMap<>();
        new PageScan(
                        new PageScan.Finding() {
                            @Override
                            public void found(Journal.Row row) {
                                found.put(row.event().sequence(), row.text());
                            }

                            @Override
                            public void mended(Journal.Row row) {
                                found(row);
                            }

                            @Override
                            public void unfit(long sequence, String kind, String text) {
                                found.put(-sequence, text);
                            }
                        })
                .scan(file());
        return found;
    }

    private static KnownCard known(SqliteStore store, CardId card) throws StoreException {
        return Objects.requireNonNull(store.standing(card, false).card());
    }

    private SqliteStore reopenedAfterNotice() throws Exception {
        SqliteStore store = open();
        noticed(store);
        return store;
    }

    /// @return whether reading everything failed once
    private static boolean noticed(SqliteStore store) {
        try {
            store.after(0, 10);
            store.doubts();
            store.standing(ALYS, false);
            store.standing(BRAN, false);
            return false;
        } catch (StoreException e) {
            return true;
        }
    }

    private Path file() {
        return folder.resolve("terminal.db");
    }

    private SqliteStore open() throws Exception {
        return SqliteStore.open(file(), () -> MORNING);
    }
}
