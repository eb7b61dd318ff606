package org.hourtap.server.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.contract.EventOutcome.Outcome.CONFLICTING;
import static org.hourtap.contract.EventOutcome.Outcome.POSTED;
import static org.hourtap.contract.EventOutcome.Outcome.POSTED_FOR_REVIEW;
import static org.hourtap.contract.EventOutcome.Outcome.RECORDED;
import static org.hourtap.contract.EventOutcome.Outcome.UNREADABLE;
import static org.hourtap.server.books.TestBooks.ANN;
import static org.hourtap.server.books.TestBooks.ANNS_CARD;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.books.TestBooks.BOB;
import static org.hourtap.server.books.TestBooks.BOBS_CARD;
import static org.hourtap.server.books.TestBooks.POOL;
import static org.hourtap.server.books.TestBooks.POOL_DOOR;
import static org.hourtap.server.books.TestBooks.STRANGERS_CARD;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.hourtap.contract.CardId;
import org.hourtap.contract.EventOutcome;
import org.hourtap.contract.FeedRow;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.Entry;
import org.hourtap.runtime.Engine;
import org.hourtap.server.books.Statements;
import org.hourtap.server.books.TestBooks;
import org.hourtap.server.cards.CardRegister;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Engine.class)
@Timeout(120)
class TapDeskTest {
    private static final AccountId SUSPENSE = AccountId.suspense(BARRY);

    private final Engine engine;
    @TempDir Path folder;
    private TestBooks books;
    private Door door;

    TapDeskTest(Engine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open() throws Exception {
        books = TestBooks.furnished(engine, folder);
        door = new Door(books, POOL_DOOR);
    }

    @AfterEach
    void close() throws Exception {
        assertThat(books.trialBalance().isBalanced()).isTrue();
        books.close();
    }

    private List<Finding.Kind> findings() throws Exception {
        return books.read(sql -> new Findings(sql).list(BARRY, Long.MAX_VALUE, 500)).stream()
                .map(kept -> kept.finding().kind())
                .toList();
    }

    private String note(Finding.Kind kind) throws Exception {
        return books.read(sql -> new Findings(sql).list(BARRY, Long.MAX_VALUE, 500)).stream()
                .filter(kept -> kept.finding().kind() == kind)
                .findFirst()
                .orElseThrow()
                .finding()
                .note();
    }

    private static List<EventOutcome.Outcome> kinds(List<EventOutcome> outcomes) {
        return outcomes.stream().map(EventOutcome::outcome).toList();
    }

    private long atPool() throws Exception {
        return books.balance(AccountId.of(BARRY, POOL));
    }

    @Test
    void aSpendMovesHoursFromMemberToVenue() throws Exception {
        assertThat(door.send(1, door.spend(1, 1, ANNS_CARD, 60)))
                .containsExactly(new EventOutcome(1, POSTED, ""));
        assertThat(books.balance(ANN)).isEqualTo(120);
        assertThat(atPool()).isEqualTo(60);
        assertThat(door.last()).isEqualTo(1);
        assertThat(findings()).isEmpty();
    }

    @Test
    void theSameTapAgainHasTheSameOutcomeAndCountsOnce() throws Exception {
        String tap = door.spend(1, 1, ANNS_CARD, 200);
        List<EventOutcome> first = door.send(1, tap);
        assertThat(kinds(first)).containsExactly(POSTED_FOR_REVIEW);
        door.pass(5);
        assertThat(door.send(1, tap)).isEqualTo(first);
        books.reopen();
        assertThat(door.send(1, tap)).isEqualTo(first);
        assertThat(atPool()).isEqualTo(200);
        assertThat(findings()).containsExactly(Finding.Kind.SHORTFALL);
    }

    @Test
    void theSameIdWithOtherContentIsKeptAsideWithBothTextsAndHoldsUpNobody() throws Exception {
        String first = door.spend(1, 1, ANNS_CARD, 60);
        String other = door.spend(2, 1, ANNS_CARD, 90);
        List<EventOutcome> outcomes = door.send(1, first, other, door.spend(3, 3, ANNS_CARD, 10));
        assertThat(kinds(outcomes)).containsExactly(POSTED, CONFLICTING, POSTED);
        assertThat(door.last()).isEqualTo(3);
        assertThat(atPool()).isEqualTo(70);
        List<Findings.Kept> kept =
                books.read(sql -> new Findings(sql).list(BARRY, Long.MAX_VALUE, 9));
        assertThat(kept).hasSize(1);
        assertThat(kept.getFirst().finding().text()).isEqualTo(other);
        assertThat(kept.getFirst().finding().otherText()).isEqualTo(first);
        assertThat(kinds(door.send(1, first, other))).containsExactly(POSTED, CONFLICTING);
        assertThat(findings()).hasSize(1);
    }

    @Test
    void theIdOfAnotherTerminalsTapConflictsEvenWithTheSameText() throws Exception {
        String tap = door.spend(1, 1, ANNS_CARD, 60);
        door.send(1, tap);
        Door other = new Door(books, TestBooks.LUNCH_DOOR);
        assertThat(kinds(other.send(1, tap))).containsExactly(CONFLICTING);
        assertThat(atPool()).isEqualTo(60);
    }

    @Test
    void aGapStopsThereSoThatTheTerminalRewinds() throws Exception {
        assertThat(door.send(1, door.spend(1, 1, ANNS_CARD, 10), door.spend(3, 3, ANNS_CARD, 10)))
                .hasSize(1);
        assertThat(door.last()).isEqualTo(1);
        assertThat(door.send(1, door.spend(3, 3, ANNS_CARD, 10))).isEmpty();
        assertThat(door.last()).isEqualTo(1);
        assertThat(atPool()).isEqualTo(10);
        assertThat(findings()).isEmpty();
    }

    @Test
    void aGapThatTheTerminalCannotFillIsPassedAndFound() throws Exception {
        door.send(1, door.spend(1, 1, ANNS_CARD, 10));
        assertThat(kinds(door.send(5, door.spend(5, 5, ANNS_CARD, 10)))).containsExactly(POSTED);
        assertThat(door.last()).isEqualTo(5);
        assertThat(note(Finding.Kind.MISSING_TAPS)).contains("Taps 2 to 4");
    }

    @Test
    void aTerminalRestoredFromAnOldBackupLosesNothing() throws Exception {
        for (int n = 1; n <= 4; n++) {
            door.send(1, door.spend(n, n, ANNS_CARD, 10));
        }
        // Its journal is back at 2; 3 and 4 are made anew, with other ids.
        List<EventOutcome> outcomes =
                door.send(
                        1,
                        door.spend(2, 2, ANNS_CARD, 10),
                        door.spend(3, 13, ANNS_CARD, 10),
                        door.spend(4, 14, ANNS_CARD, 10),
                        door.spend(5, 15, ANNS_CARD, 10));
        assertThat(kinds(outcomes)).containsExactly(POSTED, POSTED, POSTED, POSTED);
        assertThat(atPool()).isEqualTo(70);
        assertThat(door.last()).isEqualTo(5);
        assertThat(findings()).containsExactly(Finding.Kind.SEQUENCE_REUSED);
        assertThat(note(Finding.Kind.SEQUENCE_REUSED)).contains("positions 3 to 4");
    }

    @Test
    void aRewoundTerminalIsAcknowledgedOnlyWhatItSentItself() throws Exception {
        for (int n = 1; n <= 4; n++) {
            door.send(1, door.spend(n, n, ANNS_CARD, 10));
        }
        door.send(1, door.spend(2, 12, ANNS_CARD, 10));
        assertThat(door.last()).as("3 and 4 of the new journal may exist").isEqualTo(2);
        door.send(1, door.spend(3, 13, ANNS_CARD, 10));
        assertThat(door.last()).isEqualTo(3);
        assertThat(atPool()).isEqualTo(60);
    }

    @Test
    void anUnreadableTextIsKeptAndPassed() throws Exception {
        String good = door.spend(1, 1, ANNS_CARD, 10);
        List<EventOutcome> outcomes =
                door.send(1, good, "{\"sequence\":2,", door.spend(3, 3, ANNS_CARD, 10));
        assertThat(kinds(outcomes)).containsExactly(POSTED, UNREADABLE, POSTED);
        assertThat(outcomes.get(1).sequence()).isEqualTo(2);
        assertThat(door.last()).isEqualTo(3);
        assertThat(findings()).containsExactly(Finding.Kind.UNREADABLE);
        door.send(1, good, "{\"sequence\":2,", door.spend(3, 3, ANNS_CARD, 10));
        assertThat(findings()).hasSize(1);
    }

    @Test
    void aBatchOfNothingReadableTakesItsPlaceOnceHoweverOftenItComes() throws Exception {
        door.send(1, door.spend(1, 1, ANNS_CARD, 10));
        for (int i = 0; i < 3; i++) {
            List<EventOutcome> outcomes = door.send(2, "rubbish", "more rubbish");
            assertThat(outcomes).extracting(EventOutcome::sequence).containsExactly(2L, 3L);
            assertThat(door.last()).isEqualTo(3);
        }
        assertThat(kinds(door.send(4, "rubbish"))).containsExactly(UNREADABLE);
        assertThat(door.last()).isEqualTo(4);
        assertThat(kinds(door.send(1, "x", door.spend(1, 1, ANNS_CARD, 10))))
                .as("counted back from the one that can be read")
                .contains(POSTED);
        assertThat(door.last()).isEqualTo(4);
    }

    @Test
    void aMemberShortOfHoursSpendsWhatIsThereAndTheRestComesFromSuspense() throws Exception {
        List<EventOutcome> outcomes = door.send(1, door.spend(1, 1, ANNS_CARD, 200));
        assertThat(outcomes.getFirst().outcome()).isEqualTo(POSTED_FOR_REVIEW);
        assertThat(outcomes.getFirst().note()).isEqualTo("20 of 200 minutes were not there.");
        assertThat(books.balance(ANN)).isZero();
        assertThat(books.balance(SUSPENSE)).isEqualTo(20);
        assertThat(atPool()).isEqualTo(200);
    }

    @Test
    void aMemberWithNothingSpendsFromSuspenseUnderTheTapsOwnId() throws Exception {
        assertThat(kinds(door.send(1, door.spend(1, 1, BOBS_CARD, 60))))
                .containsExactly(POSTED_FOR_REVIEW);
        assertThat(books.balance(BOB)).isZero();
        assertThat(books.balance(SUSPENSE)).isEqualTo(60);
        Optional<Entry> entry =
                books.read(sql -> new Statements(sql).entry(BARRY, TestBooks.id(1)));
        assertThat(entry).isPresent();
    }

    @Test
    void aCardNobodyKnowsSpendsFromSuspense() throws Exception {
        assertThat(kinds(door.send(1, door.spend(1, 1, STRANGERS_CARD, 60))))
                .containsExactly(POSTED_FOR_REVIEW);
        assertThat(books.balance(SUSPENSE)).isEqualTo(60);
        assertThat(findings()).containsExactly(Finding.Kind.UNKNOWN_CARD);
    }

    @Test
    void aCardStoppedMeanwhileIsPostedAndFound() throws Exception {
        books.write(
                writing -> CardRegister.change(writing, BARRY, ANNS_CARD, FeedRow.Status.STOPPED));
        assertThat(kinds(door.send(1, door.spend(1, 1, ANNS_CARD, 60))))
                .containsExactly(POSTED_FOR_REVIEW);
        assertThat(books.balance(ANN)).isEqualTo(120);
        assertThat(findings()).containsExactly(Finding.Kind.STOPPED_CARD);
    }

    @Test
    void aDeclinedTapIsRecordedAndMovesNothing() throws Exception {
        assertThat(door.send(1, door.declined(1, 1, STRANGERS_CARD)))
                .containsExactly(new EventOutcome(1, RECORDED, ""));
        assertThat(door.last()).isEqualTo(1);
        assertThat(findings()).isEmpty();
    }

    /// A statement is a journey with PostgreSQL, and ten thousand are no other proof.
    @Test
    @Timeout(3_600)
    void redeliveriesInAnyOrderAndNumberPostEachTapExactlyOnce() throws Exception {
        int enough = Integer.getInteger("redeliveries", engine == Engine.SQLITE ? 10_000 : 2_000);
        int taps = Math.max(400, enough / 100);
        long seed = 20_260_101;
        Random random = new Random(seed);
        books.give(2, BOB, 100_000);
        List<String> journal = new ArrayList<>();
        long minutes = 0;
        for (int n = 1; n <= taps; n++) {
            int price = 1 + random.nextInt(60);
            CardId card = random.nextBoolean() ? ANNS_CARD : BOBS_CARD;
            journal.add(door.spend(n, n, card, price));
            minutes += price;
        }
        int delivered = 0;
        while (delivered < enough || door.last() < journal.size()) {
            int from = random.nextInt(journal.size());
            // Half of the batches start where a terminal would, the others anywhere.
            int start = random.nextBoolean() ? (int) Math.min(door.last(), taps - 1) : from;
            List<String> batch =
                    new ArrayList<>(
                            journal.subList(
                                    start,
                                    Math.min(journal.size(), start + 1 + random.nextInt(40))));
            if (random.nextInt(4) == 0) {
                Collections.shuffle(batch, random);
            }
            door.send(1, batch.toArray(String[]::new));
            delivered += batch.size();
            if (random.nextInt(taps / 4) == 0) {
                books.reopen();
            }
        }
        assertThat(atPool()).as("seed %d", seed).isEqualTo(minutes);
        Taps.Count count = books.read(sql -> new Taps(sql).counts(BARRY)).get("pool-door");
        assertThat(count).as("seed %d", seed).isEqualTo(new Taps.Count(taps, taps, taps));
        assertThat(findings()).as("seed %d", seed).allMatch(Finding.Kind.SHORTFALL::equals);
    }
}
