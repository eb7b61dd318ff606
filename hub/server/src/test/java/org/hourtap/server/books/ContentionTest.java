package org.hourtap.server.books;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.hourtap.contract.BookId;
import org.hourtap.server.books.Instance.Wanted;
import org.junit.jupiter.api.Test;

class ContentionTest {
    private static final Wanted ALL = Wanted.parse("*");

    private static BookId book(int n) {
        return new BookId("b%02d".formatted(n));
    }

    private static Map<BookId, String> holders(String... holders) {
        return IntStream.range(0, holders.length)
                .boxed()
                .collect(Collectors.toMap(ContentionTest::book, n -> holders[n]));
    }

    private static Map<String, Wanted> living(String... hubs) {
        return Set.of(hubs).stream().collect(Collectors.toMap(hub -> hub, _ -> ALL));
    }

    private static Contention.Moves decide(
            String me, Map<BookId, String> holders, Map<String, Wanted> living) {
        Set<BookId> held =
                holders.keySet().stream()
                        .filter(book -> me.equals(holders.get(book)))
                        .collect(Collectors.toSet());
        return Contention.decide(me, held, holders, living);
    }

    @Test
    void whoIsAloneTakesEverythingNobodyHas() {
        assertThat(decide("a", holders("", "", ""), living("a")).take()).hasSize(3);
    }

    @Test
    void whatALivingHubHoldsIsNotTaken() {
        Contention.Moves moves = decide("a", holders("b", "b", "b"), living("a", "b"));
        assertThat(moves.take()).isEmpty();
        assertThat(moves.giveBack()).isEmpty();
    }

    @Test
    void theHolderGivesBackWhatIsAnothersShareAndThatOneTakesIt() {
        Map<BookId, String> before = holders("b", "b", "b", "b");
        Set<BookId> given = decide("b", before, living("a", "b")).giveBack();
        assertThat(given).hasSize(2);
        Map<BookId, String> after = new HashMap<>(before);
        given.forEach(book -> after.put(book, ""));
        assertThat(decide("a", after, living("a", "b")).take()).isEqualTo(given);
    }

    @Test
    void theBooksOfADeadHubAreDividedAmongTheOthers() {
        Map<BookId, String> holders = holders("a", "b", "c", "a", "b", "c");
        Set<BookId> byA = decide("a", holders, living("a", "b")).take();
        Set<BookId> byB = decide("b", holders, living("a", "b")).take();
        assertThat(byA).hasSize(1).doesNotContainAnyElementsOf(byB);
        assertThat(byB).hasSize(1);
    }

    @Test
    void aRestartTakesItsOwnBooksBackAtOnce() {
        assertThat(Contention.decide("a", Set.of(), holders("a", "b"), living("a", "b")).take())
                .containsExactly(book(0));
    }

    @Test
    void whatOnlyOneHubWantsStaysThereHoweverMuchItIs() {
        Map<String, Wanted> living =
                Map.of("a", ALL, "b", Wanted.parse("b03"), "c", Wanted.parse("elsewhere"));
        Contention.Moves moves = decide("a", holders("a", "a", "a", "a", ""), living);
        assertThat(moves.giveBack()).containsExactly(book(3));
        assertThat(moves.take()).containsExactly(book(4));
        assertThat(decide("c", holders("", "", ""), living).take()).isEmpty();
    }

    @Test
    void aHolderThatNoLongerWantsABookGivesItBack() {
        Map<String, Wanted> living = Map.of("a", Wanted.parse("b00"), "b", ALL);
        assertThat(decide("a", holders("a", "a"), living).giveBack()).containsExactly(book(1));
    }

    /// Whoever comes and goes: one round of giving back and one of taking, and all is fair; then
    /// nothing moves any more, and nobody ever wants a book that a living hub holds.
    @Test
    void itComesToRestAndIsFairWhateverHappened() {
        SplittableRandom random = new SplittableRandom(20_261_122);
        for (int round = 0; round < 2_000; round++) {
            Map<BookId, String> holders = new HashMap<>();
            int books = random.nextInt(20);
            for (int n = 0; n < books; n++) {
                holders.put(book(n), random.nextInt(4) == 0 ? "" : "h" + random.nextInt(5));
            }
            Map<String, Wanted> living = new HashMap<>();
            for (int n = 0; n < 1 + random.nextInt(5); n++) {
                living.put("h" + random.nextInt(5), ALL);
            }
            for (String hub : living.keySet()) {
                decide(hub, holders, living).giveBack().forEach(book -> holders.put(book, ""));
            }
            for (String hub : living.keySet()) {
                for (BookId book : decide(hub, holders, living).take()) {
                    assertThat(living).doesNotContainKey(holders.get(book));
                    holders.put(book, hub);
                }
            }
            int share = (books + living.size() - 1) / living.size();
            Set<String> hubs = new HashSet<>(living.keySet());
            for (String hub : hubs) {
                assertThat(Collections.frequency(holders.values(), hub)).isLessThanOrEqualTo(share);
                Contention.Moves moves = decide(hub, holders, living);
                assertThat(moves.take()).isEmpty();
                assertThat(moves.giveBack()).isEmpty();
            }
            assertThat(hubs).containsAll(holders.values());
        }
    }
}
