package org.hourtap.simulator.power;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.hourtap.contract.CardStamp;
import org.hourtap.contract.Codec;
import org.hourtap.contract.FeedRow.CardRow;
import org.hourtap.contract.FeedRow.Status;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TapEvent.Proof;
import org.hourtap.device.sqlite.SqliteStore;
import org.hourtap.tap.JournalLine;
import org.hourtap.tap.JournalPosition;
import org.hourtap.tap.StoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The terminal's store on a disk that loses power at every effect: what a call returned is there.
@Timeout(240)
class StorePowerTest {
    private static final int SEEDS = 3;

    /// Each ten taps are acknowledged and the store is opened afresh.
    private static final int TAPS = 20;

    private Path root;

    @BeforeEach
    void makeFolder() throws IOException {
        root = SimDisks.newFolder();
    }

    @AfterEach
    void deleteFolder() throws IOException {
        Folders.delete(root);
    }

    @Test
    void everyTapThatWasReturnedIsThereWheneverThePowerFails() throws Exception {
        long effects = livesThrough(root);
        assertThat(effects).isBetween(50L, 500L);
        for (long cut = 1; cut <= effects; cut++) {
            for (int seed = 0; seed <= SEEDS; seed++) {
                Path folder = Files.createDirectory(root.resolve(cut + "-" + seed));
                try (SimDisk disk = SimDisk.in(folder)) {
                    disk.cutAfter(cut);
                    Life life = new Life(folder.resolve("terminal.db"));
                    life.live(disk);
                    assertThat(disk.isDead()).isTrue();
                    Fate fate = seed == 0 ? Fate.KILLED : Fate.POWER;
                    Accident accident = disk.settle(new SplittableRandom(cut * 10 + seed), fate);
                    assertThat(life.audit())
                            .as("cut at effect %d, seed %d: %s", cut, seed, accident)
                            .isEmpty();
                }
                Folders.delete(folder);
            }
        }
    }

    private static long livesThrough(Path root) throws Exception {
        Path folder = Files.createDirectory(root.resolve("whole"));
        try (SimDisk disk = SimDisk.in(folder)) {
            Life life = new Life(folder.resolve("terminal.db"));
            life.live(disk);
            long effects = disk.effects();
            assertThat(life.next).isEqualTo(TAPS + 1);
            assertThat(life.audit()).isEmpty();
            return effects;
        }
    }

    /// A terminal's store in use, and what it said.
    private static final class Life {
        private final Path file;
        private final Map<Long, String> kept = new TreeMap<>();
        private final Map<Long, String> doubtful = new TreeMap<>();
        private long acknowledged;
        private long cursor;
        private long balance = -1;
        private long epoch;
        private long next = 1;

        /// What was under way, which may be there or not.
        private String attempt = "open";

        Life(Path file) {
            this.file = file;
        }

        void live(SimDisk disk) throws Exception {
            try {
                while (next <= TAPS) {
                    try (SqliteStore store = SqliteStore.open(file, () -> Spends.MORNING)) {
                        attempt = "epoch";
                        epoch = store.nextEpoch();
                        for (int i = 0; i < 10; i++) {
                            tap(store);
                        }
                        hear(store);
                    }
                }
            } catch (StoreException e) {
                if (!disk.isDead()) {
                    throw e;
                }
            }
        }

        private void tap(SqliteStore store) throws StoreException {
            TapEvent tap = Spends.spend(next);
            String text = Codec.encodeEvent(tap);
            if (next % 3 != 0) {
                attempt = "record " + text;
                store.record(tap, text, 0);
                kept.put(next, text);
            } else {
                TapEvent doubt = tap.with(new CardStamp(next, null));
                String asked = Codec.encodeEvent(doubt);
                attempt = "doubt " + asked;
                store.doubt(doubt, asked);
                doubtful.put(next, asked);
                TapEvent settled =
                        next % 2 == 0
                                ? doubt.torn()
                                : tap.with(new CardStamp(next, "00112233aabbccdd"));
                String answered = Codec.encodeEvent(settled);
                attempt = "settle " + answered;
                store.settle(settled, answered);
                doubtful.remove(next);
                kept.put(next, answered);
            }
            next++;
        }

        private void hear(SqliteStore store) throws StoreException {
            long last = next - 1;
            attempt = "apply " + (last - 2);
            store.apply(
                    List.of(
                            new CardRow(
                                    Spends.ALYS, Status.ACTIVE, Proof.UID_ONLY, last, "cy", null)),
                    false,
                    new JournalPosition(last, last - 2, 1, last));
            acknowledged = last - 2;
            cursor = last;
            balance = last;
        }

        /// @return what is not as it was said to be
        List<String> audit() throws Exception {
            List<String> wrong = new ArrayList<>();
            try (SqliteStore store = SqliteStore.open(file, () -> Spends.MORNING)) {
                auditJournal(store, wrong);
                auditCache(store, wrong);
                store.salvageNote().ifPresent(wrong::add);
                long then = store.nextEpoch();
                if (then <= epoch) {
                    wrong.add("epoch " + then + " again");
                }
                TapEvent more = Spends.spend(store.position().last() + 1);
                store.record(more, Codec.encodeEvent(more), 0);
            }
            return wrong;
        }

        private void auditJournal(SqliteStore store, List<String> wrong) throws StoreException {
            Map<Long, String> found = new TreeMap<>();
            for (TapEvent doubt : store.doubts()) {
                found.put(doubt.sequence(), Codec.encodeEvent(doubt));
                // Nothing travels past it, so what comes after it is seen once it is settled.
                store.settle(doubt, Codec.encodeEvent(doubt));
            }
            for (JournalLine line : store.after(0, 100)) {
                found.put(line.sequence(), line.text());
            }
            Map<Long, String> expected = new TreeMap<>(kept);
            expected.putAll(doubtful);
            expected.forEach((sequence, text) -> {
                String there = found.remove(sequence);
                if (!text.equals(there) && !attempt.equals("settle " + there)) {
                    wrong.add("tap " + sequence + " is " + there + ", not " + text);
                }
            });
            found.forEach((sequence, text) -> {
                if (!attempt.endsWith(" " + text)) {
                    wrong.add("nobody made tap " + sequence + ": " + text);
                }
            });
        }

        private void auditCache(SqliteStore store, List<String> wrong) throws StoreException {
            JournalPosition position = store.position();
            boolean isNew = attempt.equals("apply " + position.acknowledged());
            if (position.acknowledged() != acknowledged && !isNew) {
                wrong.add("acknowledged is " + position.acknowledged() + ", not " + acknowledged);
            }
            long expected = isNew ? position.acknowledged() + 2 : balance;
            var card = store.standing(Spends.ALYS, false).card();
            long found = card == null ? -1 : card.row().balance();
            if (found != expected || position.cursor() != (isNew ? expected : cursor)) {
                wrong.add("the cache holds " + found + " at " + position);
            }
        }
    }
}
