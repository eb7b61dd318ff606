package org.hourtap.server.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.server.books.TestBooks.ANN;
import static org.hourtap.server.books.TestBooks.ANNS_CARD;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.books.TestBooks.BOB;
import static org.hourtap.server.books.TestBooks.BOBS_CARD;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.hourtap.contract.CardId;
import org.hourtap.contract.CardStamp;
import org.hourtap.contract.CarriedTap;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.VenueId;
import org.hourtap.ledger.AccountId;
import org.hourtap.server.books.TestBooks;
import org.hourtap.server.cards.CardRegister;
import org.hourtap.server.cards.Counted;
import org.hourtap.server.fleet.Fleet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two cards, two doors that come back and one that never does: whatever arrives, in whatever order
/// and however often, each tap counts once.
@Timeout(240)
class CourierOrderTest {
    private static final TerminalId BURNT_DOOR = new TerminalId("burnt-door");
    private static final int DELIVERIES = 250;

    @TempDir Path folder;

    /// What happened in truth.
    private static final class Story {
        private final Random random;
        private final List<Door> doors;
        private final List<List<TapEvent>> journals =
                List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        private final Map<CardId, List<CarriedTap>> onCard = new HashMap<>();
        private final Map<CardId, Long> spent = new HashMap<>();
        private final List<Long> earnedByDoor = new ArrayList<>(List.of(0L, 0L, 0L));
        private int ids;

        Story(Random random, List<Door> doors) {
            this.random = random;
            this.doors = doors;
        }

        void tell() {
            for (int i = 0; i < 40; i++) {
                CardId card = random.nextBoolean() ? ANNS_CARD : BOBS_CARD;
                boolean isFull = held(card).size() == TapEvent.CARRIED_MAX;
                swim(random.nextInt(3), card, isFull ? 9 : random.nextInt(10));
            }
            // Both cards come to the first door in the end, with all that they carry.
            for (CardId card : List.of(ANNS_CARD, BOBS_CARD)) {
                add(0, card, TapEvent.Kind.DECLINED, 0, held(card));
            }
        }

        /// @param fate 9: the card left before it took the tap in; 8: just after, and the door did
        ///   not learn of it; else all went well
        private void swim(int door, CardId card, int fate) {
            List<CarriedTap> held = held(card);
            int from = Math.max(0, held.size() - random.nextInt(8));
            List<CarriedTap> carried = List.copyOf(held.subList(from, held.size()));
            int minutes = 1 + random.nextInt(60);
            TapEvent tap = add(door, card, TapEvent.Kind.SPEND, minutes, carried);
            boolean isHome = door < 2;
            if (fate != 9) {
                long counter = held.size() + 1L;
                held.add(CarriedTap.of(doors.get(door).record(tap, counter), null));
                tap = tap.with(new CardStamp(counter, null));
            }
            journals.get(door).set(journals.get(door).size() - 1, fate < 8 ? tap : tap.torn());
            // A door that burnt down never said that nobody was let in.
            if (fate < 8 || (fate == 8 && !isHome)) {
                spent.merge(card, (long) minutes, Long::sum);
                earnedByDoor.set(door, earnedByDoor.get(door) + minutes);
            }
        }

        private TapEvent add(
                int door, CardId card, TapEvent.Kind kind, int minutes, List<CarriedTap> carried) {
            List<TapEvent> journal = journals.get(door);
            ids++;
            TapEvent tap = doors.get(door).event(journal.size() + 1, ids, kind, card, minutes);
            tap = Door.carrying(tap, carried.toArray(CarriedTap[]::new));
            journal.add(tap);
            return tap;
        }

        private List<CarriedTap> held(CardId card) {
            return onCard.computeIfAbsent(card, _ -> new ArrayList<>());
        }
    }

    @Test
    void eachTapCountsOnceByTerminalByCardOrByBoth() throws Exception {
        for (long seed = 1; seed <= 6; seed++) {
            Path own = Files.createDirectory(folder.resolve("seed" + seed));
            try (TestBooks books = TestBooks.furnished(own)) {
                books.give(2, ANN, 100_000);
                books.give(3, BOB, 100_000);
                books.write(writing -> {
                    Fleet.put(
                            writing,
                            BARRY,
                            TestBooks.terminal(BURNT_DOOR, new VenueId("hall"), true));
                    return true;
                });
                run(seed, books);
            }
        }
    }

    private static void run(long seed, TestBooks books) throws Exception {
        Random random = new Random(seed);
        Door pool = new Door(books, TestBooks.POOL_DOOR);
        Door hall = new Door(books, TestBooks.LUNCH_DOOR);
        Story story = new Story(random, List.of(pool, hall, new Door(books, BURNT_DOOR)));
        story.tell();
        deliver(random, story, books);
        long atHall = books.balance(AccountId.of(BARRY, new VenueId("hall")));
        assertThat(books.balance(AccountId.of(BARRY, TestBooks.POOL)))
                .as("seed %d", seed)
                .isEqualTo(story.earnedByDoor.get(0));
        assertThat(atHall)
                .as("seed %d", seed)
                .isEqualTo(story.earnedByDoor.get(1) + story.earnedByDoor.get(2));
        assertThat(books.balance(ANN))
                .as("seed %d", seed)
                .isEqualTo(100_180 - story.spent.getOrDefault(ANNS_CARD, 0L));
        assertThat(books.balance(BOB))
                .as("seed %d", seed)
                .isEqualTo(100_000 - story.spent.getOrDefault(BOBS_CARD, 0L));
        for (CardId card : List.of(ANNS_CARD, BOBS_CARD)) {
            assertThat(books.read(sql -> new CardRegister(sql).card(BARRY, card)).orElseThrow())
                    .as("seed %d", seed)
                    .extracting(known -> known.counted())
                    .isEqualTo(new Counted(story.held(card).size(), 0));
        }
        assertThat(new Door(books, BURNT_DOOR).last()).as("seed %d", seed).isZero();
        List<Findings.Kept> found =
                books.read(sql -> new Findings(sql).list(BARRY, Long.MAX_VALUE, 9));
        assertThat(found).as("seed %d", seed).isEmpty();
        assertThat(books.trialBalance().isBalanced()).as("seed %d", seed).isTrue();
    }

    private static void deliver(Random random, Story story, TestBooks books) throws Exception {
        int delivered = 0;
        while (delivered < DELIVERIES || !isAllIn(story)) {
            int from = random.nextInt(2);
            List<TapEvent> journal = story.journals.get(from);
            Door door = story.doors.get(from);
            int start = (int) Math.min(door.last(), random.nextInt(journal.size()));
            int end = Math.min(journal.size(), start + 1 + random.nextInt(6));
            door.send(1, journal.subList(start, end).toArray(TapEvent[]::new));
            delivered += end - start;
            if (random.nextInt(40) == 0) {
                books.reopen();
            }
        }
    }

    private static boolean isAllIn(Story story) throws Exception {
        return story.doors.get(0).last() == story.journals.get(0).size()
                && story.doors.get(1).last() == story.journals.get(1).size();
    }
}
