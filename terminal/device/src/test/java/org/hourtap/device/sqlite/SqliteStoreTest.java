package org.hourtap.device.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hourtap.device.testing.Taps.ALYS;
import static org.hourtap.device.testing.Taps.BRAN;
import static org.hourtap.device.testing.Taps.MORNING;
import static org.hourtap.device.testing.Taps.card;
import static org.hourtap.device.testing.Taps.declined;
import static org.hourtap.device.testing.Taps.keep;
import static org.hourtap.device.testing.Taps.lunchClub;
import static org.hourtap.device.testing.Taps.pool;
import static org.hourtap.device.testing.Taps.shift;
import static org.hourtap.device.testing.Taps.spend;
import static org.hourtap.device.testing.Taps.tell;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.hourtap.contract.ActivityId;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.Credits;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.FeedRow.CardRow;
import org.hourtap.contract.FeedRow.OpenShift;
import org.hourtap.contract.FeedRow.PolicyRow;
import org.hourtap.contract.TapEvent;
import org.hourtap.runtime.NewerDatabaseException;
import org.hourtap.tap.JournalLine;
import org.hourtap.tap.JournalPosition;
import org.hourtap.tap.Standing;
import org.hourtap.tap.StoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SqliteStoreTest {
    @TempDir Path folder;

    private SqliteStore store;

    @BeforeEach
    void openStore() throws Exception {
        store = open();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void aNewStoreKnowsNothingAndDecidesByTheFirstPolicy() throws Exception {
        assertThat(store.position()).isEqualTo(new JournalPosition(0, 0, 1, 0));
        assertThat(store.standing(ALYS, true))
                .isEqualTo(
                        new Standing(
                                null,
                                new PolicyRow(30, new Credits(120), new Credits(600)),
                                null,
                                null,
                                true));
    }

    @Test
    void eachStepIsStillThereAfterTheFileIsOpenedAgain() throws Exception {
        keep(store, spend(1, ALYS, 60, false));
        reopen();
        assertThat(store.position()).isEqualTo(new JournalPosition(1, 0, 1, 0));

        tell(
                store,
                1,
                pool(60),
                card(ALYS, 300),
                new PolicyRow(10, new Credits(60), new Credits(300)));
        reopen();
        assertThat(store.position()).isEqualTo(new JournalPosition(1, 1, 1, 1));
        assertThat(store.profile()).contains(pool(60));

        keep(store, spend(2, ALYS, 60, true));
        reopen();
        Standing standing = store.standing(ALYS, false);
        assertThat(standing.policy())
                .isEqualTo(new PolicyRow(10, new Credits(60), new Credits(300)));
        assertThat(standing.lastTap()).isEqualTo(spend(2, ALYS, 60, true));
        assertThat(known(standing).available()).isEqualTo(240);
        assertThat(store.waiting()).isEqualTo(1);
    }

    @Test
    void onlySpendsOfTheCardThatTheBalanceDoesNotKnowCountAsUnposted() throws Exception {
        keep(store, spend(1, ALYS, 60, false));
        keep(store, spend(2, ALYS, 30, true));
        keep(store, spend(3, BRAN, 60, true));
        keep(store, declined(4, ALYS));
        keep(store, spend(5, ALYS, 15, false));
        tell(store, 1, pool(60), card(ALYS, 300), card(BRAN, 60));

        Standing.KnownCard alys = known(store.standing(ALYS, true));
        assertThat(alys.row().balance()).isEqualTo(300);
        assertThat(alys.unposted()).isEqualTo(45);
        assertThat(alys.unpostedOffline()).isEqualTo(30);
        assertThat(known(store.standing(BRAN, true)).available()).isZero();
    }

    @Test
    void theLastTapIsTheNewestWelcomeOfTheCardItself() throws Exception {
        keep(store, spend(1, ALYS, 60, false));
        keep(store, declined(2, ALYS));
        keep(store, spend(3, BRAN, 60, false));

        assertThat(store.standing(ALYS, true).lastTap()).isEqualTo(spend(1, ALYS, 60, false));
        assertThat(store.standing(BRAN, true).lastTap()).isEqualTo(spend(3, BRAN, 60, false));
    }

    @Test
    void ownShiftTapsOutweighWhatTheHubSaidUntilItHasSeenThem() throws Exception {
        CardRow onShift =
                new CardRow(
                        ALYS,
                        FeedRow.Status.ACTIVE,
                        TapEvent.Proof.UID_ONLY,
                        0,
                        "cy",
                        new OpenShift(new ActivityId("serve"), MORNING));
        tell(store, 0, lunchClub(), onShift, card(BRAN, 0));
        assertThat(known(store.standing(ALYS, true)).isOnShift()).isTrue();
        assertThat(known(store.standing(BRAN, true)).isOnShift()).isFalse();

        keep(store, shift(1, ALYS, TapEvent.Kind.SHIFT_OUT));
        keep(store, shift(2, BRAN, TapEvent.Kind.SHIFT_IN));
        assertThat(known(store.standing(ALYS, true)).isOnShift()).isFalse();
        assertThat(known(store.standing(BRAN, true)).isOnShift()).isTrue();

        tell(store, 2);
        assertThat(known(store.standing(ALYS, true)).isOnShift()).isTrue();
    }

    @Test
    void aLaterRowReplacesAnEarlierOneAndARestartForgetsTheCards() throws Exception {
        tell(store, 0, pool(60), card(ALYS, 300));
        tell(store, 0, card(ALYS, 240));
        assertThat(known(store.standing(ALYS, true)).row().balance()).isEqualTo(240);

        store.apply(List.of(card(BRAN, 60)), true, new JournalPosition(0, 0, 1, 1));
        assertThat(store.standing(ALYS, true).card()).isNull();
        assertThat(known(store.standing(BRAN, true)).row().balance()).isEqualTo(60);
    }

    @Test
    void theNumbersOnlyGrowEvenWhenTheHubKnowsMoreOfUsThanWeDo() throws Exception {
        keep(store, spend(1, ALYS, 60, false));
        store.apply(List.of(), false, new JournalPosition(500, 0, 1, 1));
        assertThat(store.position()).isEqualTo(new JournalPosition(500, 0, 1, 1));

        keep(store, spend(501, ALYS, 60, false));
        assertThat(store.after(0, 10)).extracting(JournalLine::sequence).containsExactly(1L);
        tell(store, 1);
        assertThat(store.after(1, 10)).extracting(JournalLine::sequence).containsExactly(501L);
        // The hub is told that the batch begins a run, so it does not wait for 2 to 500.
        assertThat(store.position().oldest()).isEqualTo(501);
        reopen();
        assertThat(store.position()).isEqualTo(new JournalPosition(501, 1, 501, 2));
        tell(store, 0);
        assertThat(store.position().oldest()).isEqualTo(1);
    }

    @Test
    void aSequenceThatIsNotTheNextIsRefused() {
        assertThatThrownBy(() -> keep(store, spend(2, ALYS, 60, false)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("next tap is 1");
    }

    @Test
    void theEpochGrowsAcrossRestartsAndStartsAtTheClock() throws Exception {
        long first = store.nextEpoch();
        assertThat(first).isEqualTo(MORNING / 1_000_000 + 1);
        reopen();
        assertThat(store.nextEpoch()).isEqualTo(first + 1);
    }

    @Test
    void onlyAcknowledgedTapsOlderThanTwoWeeksAreForgotten() throws Exception {
        for (int i = 1; i <= 700; i++) {
            keep(store, spend(i, ALYS, 1, false));
        }
        tell(store, 600);
        assertThat(store.purge(afterReboot(13))).isZero();

        assertThat(store.purge(afterReboot(15))).isEqualTo(500);
        assertThat(store.purge(afterReboot(15))).isEqualTo(100);
        assertThat(store.purge(afterReboot(15))).isZero();
        assertThat(store.position()).isEqualTo(new JournalPosition(700, 600, 601, 1));
        assertThat(store.waiting()).isEqualTo(100);
    }

    @Test
    void aWallClockThatJumpsAheadForgetsNothingOfThisBoot() throws Exception {
        TapEvent tap = spend(1, ALYS, 1, false);
        keep(store, tap);
        tell(store, 1);
        ClockReading at = tap.at();
        long jumped = at.wallMicros() + TimeUnit.DAYS.toMicros(400);
        long minuteLater = at.monotonicMicros() + TimeUnit.MINUTES.toMicros(1);
        assertThat(store.purge(reading(at.bootId(), minuteLater, jumped))).isZero();
        assertThat(store.standing(ALYS, true).lastTap()).isEqualTo(tap);

        long weeksLater = at.monotonicMicros() + TimeUnit.DAYS.toMicros(15);
        assertThat(store.purge(reading(at.bootId(), weeksLater, at.wallMicros()))).isEqualTo(1);
    }

    @Test
    void aTapOfAClockThatNobodyHadSetStaysUntilALaterOneIsOld() throws Exception {
        long years = TimeUnit.DAYS.toMicros(400);
        for (int i = 1; i <= 600; i++) {
            keep(store, ofUnsetClock(declined(i, ALYS), MORNING - years));
        }
        keep(store, spend(601, ALYS, 1, false));
        tell(store, 601);
        assertThat(store.purge(afterReboot(13))).isZero();
        assertThat(store.purge(afterReboot(13))).isZero();
        ClockReading unset =
                new ClockReading("another-boot", 1, MORNING + years, ClockReading.Quality.UNKNOWN);
        assertThat(store.purge(unset)).isZero();
        assertThat(store.position().oldest()).isEqualTo(1);

        assertThat(store.purge(afterReboot(15))).isEqualTo(500);
        assertThat(store.purge(afterReboot(15))).isEqualTo(101);
    }

    @Test
    void noNumberIsGivenTwiceAfterEverythingWasForgotten() throws Exception {
        keep(store, spend(1, ALYS, 1, false));
        tell(store, 1);
        assertThat(store.purge(afterReboot(15))).isEqualTo(1);
        reopen();
        assertThat(store.position()).isEqualTo(new JournalPosition(1, 1, 2, 1));
        keep(store, spend(2, ALYS, 1, false));
        assertThat(store.position().oldest()).isEqualTo(2);
    }

    @Test
    void aFullOutboxSaysThatOnlyTheHubCanHelp() throws Exception {
        store.close();
        fill(SqliteStore.WAITING_MAX);
        store = open();

        TapEvent next = spend(SqliteStore.WAITING_MAX + 1, ALYS, 1, false);
        assertThatThrownBy(() -> keep(store, next))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("50000 taps wait for the hub");
        tell(store, 1);
        keep(store, next);
        assertThat(store.position().last()).isEqualTo(SqliteStore.WAITING_MAX + 1);
    }

    @Test
    void aHubThatOnlySaysHelloCausesNoWrite() throws Exception {
        tell(store, 0, card(ALYS, 300));
        JournalPosition before = store.position();
        long version = dataVersion();
        store.apply(List.of(), false, before);
        assertThat(dataVersion()).isEqualTo(version);
    }

    @Test
    void aFileOfALaterProgramIsLeftAlone() throws Exception {
        store.close();
        try (Connection raw = raw();
                Statement statement = raw.createStatement()) {
            statement.execute("PRAGMA user_version = 99");
        }
        assertThatThrownBy(this::open)
                .isInstanceOf(NewerDatabaseException.class)
                .hasMessageContaining("newer version");
    }

    @Test
    void staffSeeTheDayNewestFirstAndWhatHasNotReachedTheHub() throws Exception {
        keep(store, spend(1, ALYS, 60, false));
        keep(store, spend(2, BRAN, 60, true));
        keep(store, declined(3, BRAN));
        tell(store, 1, card(ALYS, 0));
        JournalView view = new JournalView(file());

        assertThat(view.since(MORNING + 2_000_000))
                .containsExactly(
                        new JournalView.Entry(declined(3, BRAN), false),
                        new JournalView.Entry(spend(2, BRAN, 60, true), false));
        assertThat(view.since(0)).last().extracting(JournalView.Entry::inLedger).isEqualTo(true);
        assertThat(view.outbox())
                .isEqualTo(new JournalView.Outbox(2, MORNING + 2_000_000, 3, 1, 1));
        assertThat(view.waiting())
                .extracting(entry -> entry.event().sequence())
                .containsExactly(2L, 3L);

        tell(store, 3);
        assertThat(view.outbox()).isEqualTo(new JournalView.Outbox(0, 0, 3, 3, 2));
    }

    private void fill(int count) throws Exception {
        try (Connection raw = raw();
                PreparedStatement insert = raw.prepareStatement(Journal.INSERT)) {
            raw.setAutoCommit(false);
            for (int i = 1; i <= count; i++) {
                Seal.bind(insert, Journal.Row.of(spend(i, BRAN, 1, false), "{}", 0).values());
                insert.executeUpdate();
            }
            raw.commit();
        }
    }

    /// Counts the commits of others, as another connection sees them.
    private long dataVersion() throws Exception {
        try (Connection raw = raw();
                Statement statement = raw.createStatement();
                var row = statement.executeQuery("SELECT count(*), sum(cursor) FROM meta")) {
            row.next();
            return java.nio.file.Files.size(folder.resolve("terminal.db-wal")) + row.getLong(2);
        }
    }

    private static Standing.KnownCard known(Standing standing) {
        return Objects.requireNonNull(standing.card());
    }

    private Connection raw() throws Exception {
        return DriverManager.getConnection("jdbc:sqlite:" + file());
    }

    private Path file() {
        return folder.resolve("terminal.db");
    }

    private SqliteStore open() throws Exception {
        return SqliteStore.open(file(), () -> MORNING);
    }

    private void reopen() throws Exception {
        store.close();
        store = open();
    }

    private static TapEvent ofUnsetClock(TapEvent tap, long wallMicros) {
        ClockReading at = tap.at();
        return new TapEvent(
                tap.sequence(),
                tap.id(),
                tap.kind(),
                tap.card(),
                tap.proof(),
                tap.activity(),
                tap.minutes(),
                tap.reason(),
                new ClockReading(
                        at.bootId(),
                        at.monotonicMicros(),
                        wallMicros,
                        ClockReading.Quality.UNKNOWN),
                tap.offline());
    }

    private static ClockReading afterReboot(int days) {
        return reading("another-boot", 1, MORNING + TimeUnit.DAYS.toMicros(days));
    }

    private static ClockReading reading(String boot, long monotonicMicros, long wallMicros) {
        return new ClockReading(boot, monotonicMicros, wallMicros, ClockReading.Quality.HUB);
    }
}
