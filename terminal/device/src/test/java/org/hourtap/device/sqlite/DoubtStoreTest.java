package org.hourtap.device.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hourtap.device.testing.Taps.ALYS;
import static org.hourtap.device.testing.Taps.BRAN;
import static org.hourtap.device.testing.Taps.MORNING;
import static org.hourtap.device.testing.Taps.card;
import static org.hourtap.device.testing.Taps.carried;
import static org.hourtap.device.testing.Taps.declined;
import static org.hourtap.device.testing.Taps.doubt;
import static org.hourtap.device.testing.Taps.keep;
import static org.hourtap.device.testing.Taps.pool;
import static org.hourtap.device.testing.Taps.settle;
import static org.hourtap.device.testing.Taps.spend;
import static org.hourtap.device.testing.Taps.tell;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.hourtap.contract.ActivityId;
import org.hourtap.contract.CardStamp;
import org.hourtap.contract.Codec;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.FeedRow.CardRow;
import org.hourtap.contract.FeedRow.OpenShift;
import org.hourtap.contract.TapEvent;
import org.hourtap.tap.CardMemory;
import org.hourtap.tap.HeldTaps;
import org.hourtap.tap.JournalLine;
import org.hourtap.tap.JournalPosition;
import org.hourtap.tap.Standing;
import org.hourtap.tap.StoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Taps of cards that carry them, and taps in doubt.
@Timeout(60)
class DoubtStoreTest {
    private static final String MAC = "00112233aabbccdd";

    @TempDir Path folder;

    private SqliteStore store;

    @BeforeEach
    void openStore() throws Exception {
        store = SqliteStore.open(file(), () -> MORNING);
        tell(store, 0, pool(60), card(ALYS, 300), card(BRAN, 300));
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void aTapInDoubtIsOnDiskIsNotWelcomedAndNothingTravelsPastIt() throws Exception {
        keep(store, spend(1, BRAN, 60, true));
        TapEvent tap = carried(2, ALYS, 60, 7);
        doubt(store, tap);
        keep(store, spend(3, BRAN, 60, true));
        for (int opened = 0; opened < 2; opened++) {
            assertThat(store.doubts()).containsExactly(tap);
            assertThat(store.after(0, 10)).extracting(JournalLine::sequence).containsExactly(1L);
            assertThat(store.after(1, 10)).isEmpty();
            assertThat(store.standing(ALYS, false).lastTap()).isNull();
            assertThat(store.memory(ALYS)).isEqualTo(new CardMemory(6, List.of()));
            assertThat(store.position()).isEqualTo(new JournalPosition(3, 0, 1, 1));
            assertThat(store.waiting()).isEqualTo(3);
            reopen();
        }
    }

    @Test
    void aTapThatTheCardTookInIsWelcomedInItsPlace() throws Exception {
        doubt(store, carried(1, ALYS, 60, 7));
        keep(store, declined(2, BRAN));
        reopen();
        TapEvent taken = carried(1, ALYS, 60, 7).with(new CardStamp(7, MAC));
        settle(store, taken);
        for (int opened = 0; opened < 2; opened++) {
            assertThat(store.doubts()).isEmpty();
            assertThat(store.after(0, 10))
                    .extracting(JournalLine::text)
                    .containsExactly(
                            Codec.encodeEvent(taken), Codec.encodeEvent(declined(2, BRAN)));
            assertThat(store.standing(ALYS, false).lastTap()).isEqualTo(taken);
            assertThat(store.memory(ALYS))
                    .isEqualTo(
                            new CardMemory(
                                    7,
                                    List.of(
                                            new CardMemory.OwnTap(
                                                    taken.id(),
                                                    TapEvent.Kind.SPEND,
                                                    60,
                                                    true,
                                                    7))));
            reopen();
        }
        tell(store, 2);
        assertThat(store.memory(ALYS)).isEqualTo(new CardMemory(7, List.of()));
        assertThat(store.waiting()).isZero();
    }

    @Test
    void aTornTapTravelsAndCostsNothing() throws Exception {
        doubt(store, carried(1, ALYS, 60, 7));
        settle(store, carried(1, ALYS, 60, 7).torn());
        reopen();
        assertThat(store.doubts()).isEmpty();
        assertThat(store.after(0, 10))
                .extracting(JournalLine::text)
                .containsExactly(Codec.encodeEvent(carried(1, ALYS, 60, 7).torn()));
        Standing standing = store.standing(ALYS, false);
        assertThat(standing.lastTap()).isNull();
        assertThat(Objects.requireNonNull(standing.card()).available()).isEqualTo(300);
        assertThat(store.memory(ALYS)).isEqualTo(new CardMemory(6, List.of()));
    }

    @Test
    void aDoubtEndsOnce() throws Exception {
        TapEvent tap = carried(1, ALYS, 60, 7);
        doubt(store, tap);
        settle(store, tap.torn());
        assertThatThrownBy(() -> settle(store, tap)).isInstanceOf(StoreException.class);
        assertThat(store.doubts()).isEmpty();
        assertThat(store.standing(ALYS, false).lastTap()).isNull();
    }

    @Test
    void onlyTheNextTapOfACardThatCarriesThemCanBeInDoubt() {
        assertThatThrownBy(() -> doubt(store, carried(2, ALYS, 60, 7)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> doubt(store, spend(1, ALYS, 60, false)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theHighestCounterSeenIsKeptOfWelcomedAndOfDeclinedTaps() throws Exception {
        assertThat(store.memory(ALYS).seen()).isZero();
        TapEvent refused = declined(1, ALYS);
        store.record(refused, Codec.encodeEvent(refused), 9);
        keep(store, spend(2, BRAN, 60, true));
        assertThat(store.memory(ALYS).seen()).isEqualTo(9);
        assertThat(store.memory(BRAN).seen()).isZero();
        doubt(store, carried(3, ALYS, 60, 12));
        assertThat(store.memory(ALYS).seen()).isEqualTo(11);
    }

    @Test
    void theJournalSaysWhichTapsAreItsOwnAndWhichAreTorn() throws Exception {
        TapEvent welcome = spend(1, ALYS, 60, true);
        TapEvent torn = carried(2, ALYS, 60, 2).torn();
        keep(store, welcome);
        keep(store, torn);
        TapEvent elsewhere = spend(99, ALYS, 60, true);
        assertThat(store.held(List.of(welcome.id(), torn.id(), elsewhere.id())))
                .isEqualTo(new HeldTaps(Set.of(welcome.id()), Set.of(torn.id())));
        assertThat(store.held(List.of())).isEqualTo(new HeldTaps(Set.of(), Set.of()));
    }

    @Test
    void aCardRowComesBackAsTheHubSentIt() throws Exception {
        OpenShift shift = new OpenShift(new ActivityId("serve"), MORNING);
        for (Long allowance : new Long[] {null, 0L, 90L}) {
            CardRow row =
                    new CardRow(
                            ALYS,
                            FeedRow.Status.STOPPED,
                            TapEvent.Proof.DESFIRE_EV2,
                            -15,
                            "cy",
                            allowance == null ? null : shift,
                            41,
                            0x8000_0005,
                            allowance);
            tell(store, 0, row);
            reopen();
            Standing.KnownCard known = store.standing(ALYS, true).card();
            assertThat(Objects.requireNonNull(known).row()).isEqualTo(row);
        }
    }

    @Test
    void staffSeeWhatIsInDoubt() throws Exception {
        TapEvent tap = carried(1, ALYS, 60, 7);
        doubt(store, tap);
        JournalView view = new JournalView(file());
        assertThat(view.since(0)).containsExactly(new JournalView.Entry(tap, false, true));
        assertThat(view.waiting()).containsExactly(new JournalView.Entry(tap, false, true));
        settle(store, tap.torn());
        assertThat(view.since(0)).containsExactly(new JournalView.Entry(tap.torn(), false, false));
    }

    /// The log holds the row twice, as it was in doubt and as it was settled; the main file is
    /// gone.
    @Test
    void aRescueTakesTheSettledTapAndKeepsTheOneInDoubt() throws Exception {
        TapEvent taken = carried(1, ALYS, 60, 7);
        TapEvent left = carried(2, BRAN, 60, 3);
        doubt(store, taken);
        settle(store, taken.with(new CardStamp(7, MAC)));
        doubt(store, left);
        Path copy = Files.createDirectory(folder.resolve("copy"));
        for (String suffix : List.of("", "-wal")) {
            Files.copy(
                    folder.resolve("terminal.db" + suffix),
                    copy.resolve("terminal.db" + suffix),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        byte[] head = Files.readAllBytes(copy.resolve("terminal.db"));
        Arrays.fill(head, (byte) 0x5A);
        Files.write(copy.resolve("terminal.db"), head);
        Logger quiet = Logger.getLogger(Salvage.class.getName());
        quiet.setLevel(Level.OFF);
        try (SqliteStore rescued = SqliteStore.open(copy.resolve("terminal.db"), () -> MORNING)) {
            assertThat(rescued.after(0, 10))
                    .extracting(JournalLine::text)
                    .containsExactly(Codec.encodeEvent(taken.with(new CardStamp(7, MAC))));
            assertThat(rescued.doubts()).containsExactly(left);
            assertThat(rescued.memory(ALYS).seen()).isEqualTo(7);
            assertThat(rescued.memory(BRAN).seen()).isEqualTo(2);
            settle(rescued, left.torn());
            assertThat(rescued.after(1, 10)).hasSize(1);
        } finally {
            quiet.setLevel(null);
        }
    }

    private Path file() {
        return folder.resolve("terminal.db");
    }

    private void reopen() throws Exception {
        store.close();
        store = SqliteStore.open(file(), () -> MORNING);
    }
}
