package org.hourtap.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.device.testing.Taps.ALYS;
import static org.hourtap.device.testing.Taps.MORNING;
import static org.hourtap.device.testing.Taps.clock;
import static org.hourtap.device.testing.Taps.pool;
import static org.hourtap.device.testing.Taps.tell;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.hourtap.card.Authenticated;
import org.hourtap.card.CardChannel;
import org.hourtap.card.CardIdentifier;
import org.hourtap.card.CardLostException;
import org.hourtap.card.CardRefusedException;
import org.hourtap.card.MasterKeys;
import org.hourtap.card.testing.VirtualDesfire;
import org.hourtap.contract.CardRecord;
import org.hourtap.contract.CardStamp;
import org.hourtap.contract.CarriedTap;
import org.hourtap.contract.Codec;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.FeedRow.CardRow;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TransferId;
import org.hourtap.device.sqlite.SqliteStore;
import org.hourtap.device.testing.VirtualCards;
import org.hourtap.runtime.SystemTime;
import org.hourtap.tap.Cue;
import org.hourtap.tap.JournalLine;
import org.hourtap.tap.Presented;
import org.hourtap.tap.TapLoop;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A whole tap with a card that speaks for itself and a store on disk, broken off before and after
/// each command: by pulling the card, and by killing the program.
@Timeout(300)
class TornCardTest {
    /// UID, select, two passes, UID inside; counter, record, end of reading, write, commit.
    private static final int COMMANDS = 10;

    private static final Logger LOG = Logger.getLogger("org.hourtap");

    @TempDir Path folder;

    private int folders;

    /// The program died here, as under kill -9.
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    @BeforeAll
    static void keepTheExpectedTroubleOutOfTheLog() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void logAgain() {
        LOG.setLevel(null);
    }

    @Test
    void asManyHoursAreChargedAsPeopleWereLetInWhereverItBreaks(TestReporter report)
            throws Exception {
        List<String> table = new ArrayList<>();
        for (boolean isElsewhere : new boolean[] {false, true}) {
            for (boolean isKill : new boolean[] {false, true}) {
                for (int command = 0; command < COMMANDS; command++) {
                    for (boolean isAfter : new boolean[] {false, true}) {
                        String cell =
                                "%s %s command %d, again %s"
                                        .formatted(
                                                isKill ? "killed" : "pulled",
                                                isAfter ? "after" : "before",
                                                command + 1,
                                                isElsewhere ? "elsewhere" : "here");
                        String came = new Scene().live(command, isAfter, isKill, isElsewhere);
                        table.add(cell + ": " + came);
                        assertThat(came).as(cell).endsWith("charged 1, let in 1");
                    }
                }
            }
        }
        assertThat(table).hasSize(80);
        report.publishEntry("torn taps", String.join("\n", table));
    }

    @Test
    void aWholeTapTakesThisManyCommands() throws Exception {
        Scene scene = new Scene();
        Breaking unbroken = new Breaking(scene.card, Integer.MAX_VALUE, false, false);
        assertThat(scene.here.hold(unbroken)).isEqualTo(Cue.Kind.WELCOME);
        assertThat(unbroken.count).isEqualTo(COMMANDS);
    }

    /// A card whose conversation breaks off once.
    private static final class Breaking implements CardChannel {
        private final VirtualDesfire card;
        private final int at;
        private final boolean isAfter;
        private final boolean isKill;
        private int count;

        Breaking(VirtualDesfire card, int at, boolean isAfter, boolean isKill) {
            card.reset();
            this.card = card;
            this.at = at;
            this.isAfter = isAfter;
            this.isKill = isKill;
        }

        @Override
        public byte[] transceive(byte[] command) throws CardLostException {
            int now = count++;
            if (now == at && !isAfter) {
                breakOff();
            }
            byte[] answer = card.answer(command);
            if (now == at) {
                breakOff();
            }
            return answer;
        }

        private void breakOff() throws CardLostException {
            card.reset();
            if (isKill) {
                throw new Killed();
            }
            throw new CardLostException("pulled");
        }
    }

    /// One card, two terminals, no hub.
    private final class Scene {
        private final VirtualDesfire card = VirtualCards.genuine(ALYS).build();
        private final Terminal here = new Terminal(1);
        private final Terminal elsewhere = new Terminal(2);
        private long seconds;
        private long ids;

        Scene() throws Exception {
            // So that there is a record to read.
            elsewhere.hold(new Breaking(card, Integer.MAX_VALUE, false, false));
            seconds += 60;
        }

        String live(int command, boolean isAfter, boolean isKill, boolean isElsewhere)
                throws Exception {
            Cue.Kind first = here.hold(new Breaking(card, command, isAfter, isKill));
            seconds += 2;
            Terminal second = isElsewhere ? elsewhere : here;
            Cue.Kind then = second.hold(new Breaking(card, Integer.MAX_VALUE, false, false));
            int entries = (first == Cue.Kind.WELCOME ? 1 : 0) + (then == Cue.Kind.WELCOME ? 1 : 0);
            seconds += 400;
            here.loop.tick();
            elsewhere.loop.tick();
            int charged = charged() - 1;
            here.store.close();
            elsewhere.store.close();
            return "first %s, then %s: charged %d, let in %d"
                    .formatted(first, then, charged, entries);
        }

        /// As the hub counts: each id once, whoever brings it, without those nobody was let in on.
        private int charged() throws Exception {
            Set<TransferId> posted = new HashSet<>();
            Set<TransferId> torn = new HashSet<>();
            for (Terminal terminal : List.of(here, elsewhere)) {
                for (JournalLine line : terminal.store.after(0, 100)) {
                    TapEvent event = Codec.decodeEvent(line.text());
                    for (CarriedTap tap : event.carried()) {
                        posted.add(tap.parsed().id());
                    }
                    switch (event.kind()) {
                        case SPEND -> posted.add(event.id());
                        case TORN -> torn.add(event.id());
                        case SHIFT_IN, SHIFT_OUT, DECLINED -> {}
                    }
                }
            }
            posted.removeAll(torn);
            return posted.size();
        }

        private final class Terminal {
            private final int tag;
            private final Path file = Files.createDirectory(folder.resolve("t" + ++folders));
            private @Nullable Cue shown;
            private SqliteStore store = open();
            private TapLoop loop;

            Terminal(int tag) throws Exception {
                this.tag = tag;
                loop = started();
                tell(store, 0, pool(60), row());
            }

            Cue.@Nullable Kind hold(CardChannel channel) throws Exception {
                shown = null;
                CardIdentifier identifier =
                        new CardIdentifier(
                                MasterKeys.forSpending(VirtualCards.MASTER),
                                SystemTime::randomBytes);
                try (Authenticated proved = identifier.identify(channel)) {
                    loop.tap(
                            new Presented.Identified(
                                    ALYS,
                                    TapEvent.Proof.DESFIRE_EV2,
                                    proved.journal().orElseThrow()),
                            false,
                            "en");
                } catch (CardLostException | CardRefusedException _) {
                    return Cue.Kind.HOLD_AGAIN;
                } catch (Killed _) {
                    store.close();
                    store = open();
                    loop = started();
                }
                return shown == null ? null : shown.kind();
            }

            private SqliteStore open() throws Exception {
                return SqliteStore.open(file.resolve("terminal.db"), () -> MORNING);
            }

            private TapLoop started() {
                return new TapLoop(
                        store, cue -> shown = cue, () -> clock(seconds), Scene.this::newId, tag);
            }
        }

        private TransferId newId() {
            ids++;
            return TransferId.mint(MORNING / 1000, ids, ids << 4);
        }
    }

    private static CardRow row() {
        return new CardRow(
                ALYS, FeedRow.Status.ACTIVE, TapEvent.Proof.DESFIRE_EV2, 240, "cy", null);
    }

    @Test
    void theRecordOnTheCardSaysWhatTheJournalSays() throws Exception {
        Scene scene = new Scene();
        CardRecord record = CardRecord.parse(scene.card.records().getLast());
        TapEvent event = Codec.decodeEvent(scene.elsewhere.store.after(0, 1).getFirst().text());
        assertThat(record).isEqualTo(CardRecord.of(event, 2, 1));
        CardStamp stamp = Objects.requireNonNull(event.stamp());
        assertThat(stamp.counter()).isEqualTo(scene.card.counter());
        assertThat(stamp.mac()).isNotNull();
    }
}
