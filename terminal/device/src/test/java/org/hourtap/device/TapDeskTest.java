package org.hourtap.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.device.testing.Taps.ALYS;
import static org.hourtap.device.testing.Taps.BRAN;
import static org.hourtap.device.testing.Taps.MORNING;
import static org.hourtap.device.testing.Taps.card;
import static org.hourtap.device.testing.Taps.pool;
import static org.hourtap.device.testing.Taps.tell;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.hourtap.contract.CardId;
import org.hourtap.contract.TapEvent;
import org.hourtap.device.sqlite.HeadView;
import org.hourtap.device.sqlite.JournalView;
import org.hourtap.device.sqlite.SqliteStore;
import org.hourtap.device.testing.Awaiting;
import org.hourtap.device.testing.FakeHub;
import org.hourtap.device.testing.Taps;
import org.hourtap.runtime.RoleThread;
import org.hourtap.tap.Cue;
import org.hourtap.tap.Presented;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TapDeskTest {
    @TempDir Path folder;

    private final FakeHub hub = new FakeHub();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private JournalView journal;
    private TapDesk desk;

    @BeforeEach
    void open() throws Exception {
        SqliteStore store = SqliteStore.open(file(), () -> MORNING);
        tell(store, 0, pool(60), card(ALYS, 300), card(BRAN, 300));
        journal = new JournalView(file());
        desk =
                new TapDesk(
                        store,
                        this::show,
                        hub,
                        TerminalClock.ofThisMachine(),
                        "en",
                        "test",
                        1,
                        RoleThread::startDraining);
    }

    @AfterEach
    void close() {
        desk.close();
    }

    /// Asks a connection of its own, which sees only what is committed.
    private void show(Cue cue) {
        try {
            seen.add(cue.kind() + " with " + journal.outbox().last() + " journalled");
        } catch (org.hourtap.tap.StoreException e) {
            seen.add("unreadable: " + e.getMessage());
        }
    }

    @Test
    void aHeadTheLinkTellsIsKept() throws Exception {
        desk.told(Taps.head(7, 'a'));
        Awaiting.until(
                "it is kept", () -> new HeadView(file()).kept().equals(List.of(Taps.head(7, 'a'))));
    }

    @Test
    void afterItsEndTheStoreStaysClosed() {
        Path log = folder.resolve(file().getFileName() + "-wal");
        assertThat(log).exists();
        desk.close();
        assertThat(log).doesNotExist();
    }

    @Test
    void theTapIsOnDiskWhenTheLightGoesOn() throws Exception {
        present(ALYS);
        present(BRAN);
        assertThat(seen).containsExactly("WELCOME with 1 journalled", "WELCOME with 2 journalled");
    }

    @Test
    void aDeadReaderIsShownOnceAndTheScreenRestsWhenItIsBack() throws Exception {
        desk.readerFailed("No card reader is connected.");
        desk.readerFailed("No card reader is connected.");
        assertThat(desk.readerTrouble()).isEqualTo("No card reader is connected.");
        desk.readerWorks();
        Awaiting.until("the screen rests", () -> seen.size() == 2);
        assertThat(seen.getFirst()).startsWith("OUT_OF_SERVICE");
        assertThat(seen.getLast()).startsWith("READY");
        assertThat(desk.readerTrouble()).isEmpty();
    }

    @Test
    void aStoreThatCannotWriteIsSaidToStaffAndWorkGoesOnByItself() throws Exception {
        Logger quiet = Logger.getLogger(TapDesk.class.getName());
        quiet.setLevel(Level.OFF);
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN EXCLUSIVE");
            present(ALYS);
            assertThat(seen).last().asString().startsWith("OUT_OF_SERVICE with 0");
            assertThat(desk.state().storeTrouble()).contains("Another program holds the database");
            statement.execute("ROLLBACK");
        } finally {
            quiet.setLevel(null);
        }
        Awaiting.until("the screen rests", () -> seen.getLast().startsWith("READY"));
        Awaiting.until("staff see that", () -> desk.state().storeTrouble().isEmpty());
        present(ALYS);
        assertThat(seen).last().isEqualTo("WELCOME with 1 journalled");
    }

    @Test
    void theLinkIsAskedForAnEpochThatGrowsAndAConnectionBeginsWithAHello() throws Exception {
        long first = desk.nextEpoch();
        assertThat(desk.nextEpoch()).isEqualTo(first + 1);
        desk.connected(first + 1);
        Awaiting.until("it said hello", () -> !hub.answers.isEmpty());
        desk.received(hub.answers.remove());
        Awaiting.until("it is online", () -> desk.state().online());
        present(ALYS);
        Awaiting.until("the tap is at the hub", () -> hub.ledger.size() == 1);
        assertThat(hub.ledger.values()).noneMatch(TapEvent::offline);
        desk.disconnected();
        Awaiting.until("it is offline", () -> !desk.state().online());
    }

    private Path file() {
        return folder.resolve("terminal.db");
    }

    private void present(CardId card) throws Exception {
        desk.presented(new Presented.Identified(card, TapEvent.Proof.DESFIRE_EV2));
    }
}
