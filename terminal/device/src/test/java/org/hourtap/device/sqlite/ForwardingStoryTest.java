package org.hourtap.device.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hourtap.device.testing.Taps.ALYS;
import static org.hourtap.device.testing.Taps.BRAN;
import static org.hourtap.device.testing.Taps.MORNING;
import static org.hourtap.device.testing.Taps.card;
import static org.hourtap.device.testing.Taps.clock;
import static org.hourtap.device.testing.Taps.pool;

import java.nio.file.Path;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.hourtap.contract.CardId;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TransferId;
import org.hourtap.device.testing.FakeHub;
import org.hourtap.tap.Cue;
import org.hourtap.tap.Forwarder;
import org.hourtap.tap.Presented;
import org.hourtap.tap.StoreException;
import org.hourtap.tap.TapLoop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A day at the pool: store, decisions and forwarding together, against a hub in memory.
@Timeout(60)
class ForwardingStoryTest {
    @TempDir Path folder;

    private final FakeHub hub = new FakeHub();
    private final List<Cue.Kind> cues = new ArrayList<>();
    private long seconds;
    private long ids;
    private SqliteStore store;
    private Forwarder forwarder;
    private TapLoop loop;

    @BeforeEach
    void start() throws Exception {
        store = SqliteStore.open(folder.resolve("terminal.db"), () -> MORNING);
        forwarder = new Forwarder(store, hub, () -> clock(seconds), "test");
        loop =
                new TapLoop(
                        store, cue -> cues.add(cue.kind()), () -> clock(seconds), this::newId, 1);
    }

    @AfterEach
    void stop() {
        store.close();
    }

    @Test
    void welcomesWhileTheLinkIsDownReachTheHubOnceAfterARestart() throws Exception {
        hub.publish(pool(60), card(ALYS, 300), card(BRAN, 120));
        connect();
        tap(ALYS);
        settle();
        assertThat(hub.ledger).hasSize(1);

        hub.isPlugged = false;
        forwarder.disconnected();
        tap(BRAN);
        seconds += 60;
        tap(BRAN);
        seconds += 60;
        tap(BRAN); // two hours were all, and all that one card may spend without the hub
        assertThat(cues)
                .containsExactly(
                        Cue.Kind.WELCOME, Cue.Kind.WELCOME, Cue.Kind.WELCOME, Cue.Kind.PLEASE_ASK);
        restart();

        hub.isPlugged = true;
        connect();
        assertThat(hub.ledger.values())
                .extracting(TapEvent::sequence)
                .containsExactly(1L, 2L, 3L, 4L);
        assertThat(hub.ledger.values())
                .extracting(TapEvent::offline)
                .containsExactly(false, true, true, true);
        assertThat(store.waiting()).isZero();
    }

    @Test
    void aSecondTapWithinTheWindowMovesNothing() throws Exception {
        hub.publish(pool(60), card(ALYS, 300));
        connect();
        tap(ALYS);
        seconds += 10;
        tap(ALYS);
        settle();
        assertThat(cues).containsExactly(Cue.Kind.WELCOME, Cue.Kind.WELCOME);
        assertThat(hub.ledger).hasSize(1);
    }

    @Test
    void whatTheHubHasIsNeverCountedTwiceAfterTheStoreWasDamaged() throws Exception {
        hub.publish(pool(60), card(ALYS, 6_000));
        connect();
        for (int i = 0; i < 40; i++) {
            seconds += 60;
            tap(ALYS);
        }
        settle();
        hub.isPlugged = false;
        forwarder.disconnected();
        tapLater(ALYS);
        tapLater(ALYS);
        int welcomed = cues.size();

        Logger.getLogger(Salvage.class.getName()).setLevel(Level.OFF);
        store.close();
        Path file = folder.resolve("terminal.db");
        byte[] bytes = java.nio.file.Files.readAllBytes(file);
        java.util.Arrays.fill(bytes, 0, PageScan.PAGE, (byte) 0x5A);
        java.nio.file.Files.write(file, bytes);
        restart();
        Logger.getLogger(Salvage.class.getName()).setLevel(null);
        hub.isPlugged = true;
        connect();

        assertThat(hub.ledger).hasSize(welcomed);
        assertThat(store.waiting()).isZero();
        tapLater(ALYS);
        settle();
        assertThat(cues).last().isEqualTo(Cue.Kind.WELCOME);
        assertThat(hub.ledger).hasSize(welcomed + 1);
    }

    @Test
    void aFullDiskPromisesNothingAndWorkGoesOnWhenThereIsSpace() throws Exception {
        hub.publish(pool(60), card(ALYS, 60_000));
        connect();
        tap(ALYS);
        limitPages(0);
        List<Throwable> refused = new ArrayList<>();
        for (int i = 0; i < 200 && refused.isEmpty(); i++) {
            try {
                tapLater(ALYS);
            } catch (StoreException e) {
                refused.add(e);
            }
        }
        assertThat(refused).hasSize(1);
        assertThat(refused.getFirst()).hasMessageContaining("disk is full");
        assertThat(cues).last().isEqualTo(Cue.Kind.OUT_OF_SERVICE);
        long welcomed = cues.stream().filter(Cue.Kind.WELCOME::equals).count();
        assertThat(store.position().last()).isEqualTo(welcomed);
        assertThatThrownBy(() -> tapLater(ALYS)).isInstanceOf(StoreException.class);

        limitPages(100_000);
        tapLater(ALYS);
        settle();
        assertThat(cues).last().isEqualTo(Cue.Kind.WELCOME);
        assertThat(hub.ledger).hasSize((int) welcomed + 1);
    }

    /// The store's own connection is the one whose limit counts.
    private void limitPages(int pages) throws Exception {
        try (Statement statement = store.connection().createStatement()) {
            statement.execute("PRAGMA max_page_count = " + Math.max(1, pages));
        }
    }

    private void connect() throws Exception {
        forwarder.connected(store.nextEpoch());
        settle();
    }

    private void settle() throws Exception {
        forwarder.tick();
        while (!hub.answers.isEmpty()) {
            forwarder.received(hub.answers.remove());
            forwarder.tick();
        }
    }

    private void restart() throws Exception {
        store.close();
        start();
    }

    private void tapLater(CardId card) throws StoreException {
        seconds += 60;
        tap(card);
    }

    private void tap(CardId card) throws StoreException {
        loop.tap(
                new Presented.Identified(card, TapEvent.Proof.DESFIRE_EV2),
                forwarder.isOnline(),
                "en");
    }

    private TransferId newId() {
        ids++;
        return TransferId.mint(MORNING / 1000, ids, ids << 4);
    }
}
