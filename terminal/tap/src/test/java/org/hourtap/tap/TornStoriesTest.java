package org.hourtap.tap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.hourtap.card.CardJournal;
import org.hourtap.contract.TransferId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/// Weeks of one card at two doors, each cut off from the hub and from the other for most of it,
/// with cards pulled, programs killed, power cuts and lost acknowledgements, from a seed.
class TornStoriesTest {
    private static final int SEEDS = 2_000;
    private static final int VISITS = 14;
    private static final int MISHAPS_MAX = 3;
    private static final Logger LOG = Logger.getLogger(CardDialogue.class.getName());
    private static final long SECOND = 1_000_000;
    private static final long HOUR = 60;
    private static final List<Mishap.How> HOWS = List.of(Mishap.How.values());

    /// What many stories came to.
    private static final class Sum {
        long entries;
        long refusals;
        long mishaps;
        long gaveUp;
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
    void asManyHoursAreChargedAsPeopleWereLetIn(TestReporter report) throws Exception {
        Sum sum = new Sum();
        for (long seed = 0; seed < SEEDS; seed++) {
            new Story(new SplittableRandom(seed), sum).live("seed " + seed);
        }
        // The stories are worth telling: things went wrong, and most people got in all the same.
        assertThat(sum.mishaps).isGreaterThan(SEEDS * 2L);
        assertThat(sum.gaveUp).isGreaterThan(SEEDS / 8);
        assertThat(sum.entries).isGreaterThan(SEEDS * 4L);
        assertThat(sum.refusals).isGreaterThan(SEEDS);
        report.publishEntry(
                "stories",
                "%d seeds: %d let in, %d asked to see staff, %d gave up, %d mishaps"
                        .formatted(SEEDS, sum.entries, sum.refusals, sum.gaveUp, sum.mishaps));
    }

    private static final class Story {
        private final SplittableRandom random;
        private final Sum sum;
        private final AtomicLong wall = new AtomicLong(1_790_000_000L * SECOND);
        private final Supplier<TransferId> ids = TapFixtures.ids();
        private final PocketCard card = new PocketCard();
        private final Door[] doors = {new Door(1, wall::get, ids), new Door(2, wall::get, ids)};
        private final long hours;
        private final ModelHub hub;
        private long entries;

        Story(SplittableRandom random, Sum sum) {
            this.random = random;
            this.sum = sum;
            hours = random.nextInt(3, 13);
            hub = new ModelHub(hours * HOUR);
        }

        void live(String seed) throws StoreException {
            for (Door door : doors) {
                hub.meets(door);
            }
            for (int i = 0; i < VISITS; i++) {
                visit();
                between();
            }
            end();
            assertThat(hub.charged()).as(seed).isEqualTo(entries * HOUR);
            if (card.counter <= CardJournal.CAPACITY) {
                assertThat(entries).as(seed).isLessThanOrEqualTo(hours);
            }
            sum.entries += entries;
        }

        /// Someone comes with the card and means to get in.
        private void visit() throws StoreException {
            Door door = doors[random.nextInt(2)];
            boolean isDark = false;
            for (int attempt = 0; ; attempt++) {
                // Whoever walks away in the dark is charged; see TornTapTest. These people do not.
                Steps mishap = attempt < MISHAPS_MAX && !isDark ? mishap() : new Steps();
                Cue seen = door.hold(card, mishap);
                sum.mishaps += mishap instanceof Mishap it && it.happened() ? 1 : 0;
                wall.addAndGet(SECOND);
                isDark |= mishap instanceof Mishap it && it.isInTheDark() && it.happened();
                if (seen == null) {
                    // The screen went dark. Whoever stands there holds the card again.
                    if (random.nextInt(4) == 0) {
                        door.reboot();
                    }
                    continue;
                }
                switch (seen.kind()) {
                    case WELCOME -> {
                        entries++;
                        return;
                    }
                    case PLEASE_ASK -> {
                        sum.refusals++;
                        return;
                    }
                    case HOLD_AGAIN -> {
                        int mood = random.nextInt(6);
                        if (mood == 0) {
                            sum.gaveUp++;
                            return;
                        }
                        if (mood == 1) {
                            door = doors[random.nextInt(2)];
                        }
                    }
                    case READY, SHIFT_STARTED, SHIFT_ENDED, OUT_OF_SERVICE ->
                            throw new AssertionError("not at an entrance: " + seen);
                }
            }
        }

        private Steps mishap() {
            if (random.nextInt(3) != 0) {
                return new Steps();
            }
            Mishap.How how = HOWS.get(random.nextInt(HOWS.size()));
            List<String> steps = how == Mishap.How.KILLED ? Mishap.ALL_STEPS : Mishap.CARD_STEPS;
            return new Mishap(how, steps.get(random.nextInt(steps.size())), random.nextBoolean());
        }

        /// Longer than the passback window, and sometimes than a doubt lasts.
        private void between() throws StoreException {
            wall.addAndGet((31 + random.nextInt(500)) * SECOND);
            for (Door door : doors) {
                if (random.nextInt(12) == 0) {
                    door.reboot();
                }
                door.tick();
                switch (random.nextInt(10)) {
                    case 0 -> hub.meets(door);
                    case 1 -> hub.hears(door);
                    default -> {} // still cut off
                }
            }
        }

        private void end() throws StoreException {
            wall.addAndGet(400 * SECOND);
            for (Door door : doors) {
                door.tick();
                hub.hears(door);
            }
            for (Door door : doors) {
                hub.meets(door);
            }
        }
    }
}
