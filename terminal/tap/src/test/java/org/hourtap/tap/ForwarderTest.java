package org.hourtap.tap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.hourtap.contract.CardStamp;
import org.hourtap.contract.CarriedTap;
import org.hourtap.contract.Codec;
import org.hourtap.contract.Credits;
import org.hourtap.contract.EventBatch;
import org.hourtap.contract.EventOutcome;
import org.hourtap.contract.FeedPage;
import org.hourtap.contract.FeedRequest;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.Hello;
import org.hourtap.contract.Message;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TransferId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ForwarderTest {
    private final MemoryStore store = new MemoryStore();
    private final TapFixtures.Clock clock = new TapFixtures.Clock();
    private final Wire wire = new Wire();
    private final Forwarder forwarder = new Forwarder(store, wire, clock, "test");
    private final TapLoop loop = new TapLoop(store, _ -> {}, clock, TapFixtures.ids(), 1);

    @BeforeEach
    void mairIsRich() {
        store.profile = TapFixtures.pool();
        store.policy = new FeedRow.PolicyRow(0, new Credits(100_000), new Credits(100_000));
        store.cards.put(TapFixtures.MAIR, TapFixtures.card(TapFixtures.MAIR, 100_000));
    }

    @Test
    void itSaysHelloFirstAndSendsNothingBeforeTheHubAnswers() throws Exception {
        tap(2);
        forwarder.connected(7);
        forwarder.tick();
        assertThat(wire.sent).containsExactly(new Hello(7, 2, 0, "test", clock.get()));
        assertThat(forwarder.isOnline()).isFalse();
        forwarder.received(page(0, 0, 0));
        assertThat(forwarder.isOnline()).isTrue();
        assertThat(wire.batches()).hasSize(1);
        assertThat(wire.batches().getFirst().events()).isEqualTo(store.texts);
    }

    @Test
    void oneBatchIsInFlightAndTheNextWaitsForTheAnswer() throws Exception {
        online();
        tap(1);
        forwarder.tick();
        tap(2);
        forwarder.tick();
        assertThat(wire.batches()).hasSize(1);
        forwarder.received(page(1, 0, 0));
        assertThat(wire.batches()).hasSize(2);
        assertThat(wire.batches().getLast().events()).isEqualTo(store.texts.subList(1, 3));
    }

    @Test
    void whatIsNotAcknowledgedIsSentAgainAfterAReconnect() throws Exception {
        online();
        tap(3);
        forwarder.tick();
        forwarder.disconnected();
        online();
        assertThat(wire.batches()).hasSize(2);
        assertThat(wire.batches().get(1).events()).isEqualTo(wire.batches().get(0).events());
        forwarder.received(page(3, 0, 0));
        forwarder.tick();
        assertThat(wire.batches()).hasSize(2);
    }

    @Test
    void afterFiveQuietMinutesItAsksWhatItMayHaveMissed() throws Exception {
        online();
        wire.sent.clear();
        clock.forwardSeconds(299);
        forwarder.tick();
        assertThat(wire.sent).isEmpty();
        clock.forwardSeconds(2);
        forwarder.tick();
        forwarder.tick();
        assertThat(wire.sent).containsExactly(new FeedRequest(0));
        forwarder.received(page(0, 0, 0));
        clock.forwardSeconds(20);
        forwarder.tick();
        assertThat(wire.sent).hasSize(1);
        assertThat(wire.resets).isEmpty();
    }

    @Test
    void aHubThatDoesNotAnswerTheQuestionCostsTheConnection() throws Exception {
        online();
        clock.forwardSeconds(301);
        forwarder.tick();
        clock.forwardSeconds(10.1);
        forwarder.tick();
        assertThat(wire.resets).hasSize(1);
        assertThat(forwarder.isOnline()).isFalse();
    }

    @Test
    void aSilentHubCostsTheConnectionNotTheTaps() throws Exception {
        online();
        tap(1);
        forwarder.tick();
        clock.forwardSeconds(9.9);
        forwarder.tick();
        assertThat(wire.resets).isEmpty();
        clock.forwardSeconds(0.2);
        forwarder.tick();
        assertThat(wire.resets).hasSize(1);
        assertThat(forwarder.isOnline()).isFalse();
        assertThat(store.position().acknowledged()).isZero();
    }

    @Test
    void ownTapsCountOnceWhileTheAcknowledgementIsOnItsWay() throws Exception {
        online();
        long before = available();
        tap(1);
        assertThat(available()).isEqualTo(before - 60);
        forwarder.tick();
        FeedRow posted = TapFixtures.card(TapFixtures.MAIR, before - 60);
        forwarder.received(new FeedPage(1, answering(1), 0, 5, false, List.of(posted), 0));
        assertThat(available()).isEqualTo(before - 60);
    }

    @Test
    void aPageThatContinuesFromElsewhereIsAskedForAgain() throws Exception {
        online();
        forwarder.received(page(0, 10, 12));
        assertThat(wire.sent.getLast()).isEqualTo(new FeedRequest(0));
        assertThat(store.position().cursor()).isZero();
    }

    @Test
    void anOldPageChangesNothing() throws Exception {
        online();
        forwarder.received(page(0, 0, 9));
        FeedRow stale = TapFixtures.card(TapFixtures.MAIR, 1);
        forwarder.received(new FeedPage(0, List.of(), 3, 5, false, List.of(stale), 0));
        assertThat(available()).isEqualTo(100_000);
        assertThat(store.position().cursor()).isEqualTo(9);
    }

    @Test
    void aHubRestoredFromABackupGetsItsTapsAgainAndItsCacheIsTaken() throws Exception {
        online();
        tap(4);
        forwarder.tick();
        forwarder.received(page(4, 0, 9));
        forwarder.disconnected();
        forwarder.connected(2);
        FeedRow row = TapFixtures.card(TapFixtures.OWEN, 60);
        forwarder.received(new FeedPage(1, answering(1), 0, 3, false, List.of(row), 0));
        assertThat(store.cards).containsOnlyKeys(TapFixtures.OWEN);
        assertThat(store.position().cursor()).isEqualTo(3);
        assertThat(wire.batches().getLast().events()).isEqualTo(store.texts.subList(1, 4));
    }

    @Test
    void aRestoredHubsCacheIsTakenAlsoWhenItsBooksHaveGrownPastOurs() throws Exception {
        online();
        forwarder.received(page(0, 0, 9));
        FeedRow row = TapFixtures.card(TapFixtures.OWEN, 60);
        forwarder.received(new FeedPage(0, List.of(), 0, 30, false, List.of(row), 0));
        assertThat(store.cards).containsOnlyKeys(TapFixtures.OWEN);
        assertThat(store.position().cursor()).isEqualTo(30);
    }

    @Test
    void aPageThatWasOnItsWayBeforeABatchSaysNothingAboutItsTaps() throws Exception {
        tap(2);
        forwarder.connected(1);
        for (int i = 0; i < 2; i++) {
            forwarder.received(new FeedPage(2, List.of(), 0, 0, false, List.of(), 0));
        }
        assertThat(store.position().acknowledged()).as("of other taps").isZero();
        assertThat(wire.batches()).as("still one in flight").hasSize(1);
        forwarder.received(page(2, 0, 0));
        assertThat(store.position().acknowledged()).isEqualTo(2);
    }

    @Test
    void anAnswerCountsEvenWhenThePageItComesWithIsOfNoUse() throws Exception {
        tap(2);
        forwarder.connected(1);
        forwarder.received(page(0, 0, 0));
        forwarder.received(page(2, 7, 9));
        assertThat(store.position().acknowledged()).as("a page is missing").isZero();
        forwarder.received(new FeedPage(2, List.of(), 0, 9, false, List.of(), 0));
        assertThat(store.position().acknowledged()).isEqualTo(2);
    }

    @Test
    void aTerminalRestoredFromABackupLosesNothingTheHubCountedPast() throws Exception {
        tap(2);
        forwarder.connected(1);
        forwarder.received(page(9, 0, 0));
        assertThat(wire.batches().getFirst().events()).isEqualTo(store.texts);
        assertThat(store.position().acknowledged()).isZero();
        tap(1);
        assertThat(store.journal.getLast().sequence()).isEqualTo(10);
        forwarder.received(page(9, 0, 0));
        forwarder.received(page(10, 0, 0));
        assertThat(wire.batches()).hasSize(2);
        assertThat(store.position().acknowledged()).isEqualTo(10);
    }

    @Test
    void aHelloThatNobodyHeardIsSaidAgain() throws Exception {
        forwarder.connected(1);
        clock.forwardSeconds(1.9);
        forwarder.tick();
        assertThat(wire.sent).hasSize(1);
        clock.forwardSeconds(0.2);
        forwarder.tick();
        forwarder.tick();
        assertThat(wire.sent).hasSize(2).allMatch(Hello.class::isInstance);
        forwarder.received(page(0, 0, 0));
        clock.forwardSeconds(5);
        forwarder.tick();
        assertThat(wire.sent).hasSize(2);
    }

    @Test
    void aHubThatWaitsToSeeWhatWeHoldGetsItAtOnce() throws Exception {
        tap(2);
        forwarder.connected(1);
        forwarder.received(page(FeedPage.NOT_SAID, 0, 0));
        assertThat(forwarder.isOnline()).isTrue();
        assertThat(wire.batches().getFirst().events()).isEqualTo(store.texts);
        forwarder.received(page(2, 0, 0));
        assertThat(store.position().acknowledged()).isEqualTo(2);
    }

    @Test
    void moreRowsAreFetchedPageByPageAndOnlyTheLastAcknowledges() throws Exception {
        forwarder.connected(1);
        forwarder.received(new FeedPage(FeedPage.NOT_SAID, List.of(), 0, 500, true, List.of(), 0));
        assertThat(forwarder.isOnline()).isFalse();
        assertThat(wire.sent.getLast()).isEqualTo(new FeedRequest(500));
        forwarder.received(page(0, 500, 600));
        assertThat(forwarder.isOnline()).isTrue();
    }

    @Test
    void nothingTravelsPastATapInDoubtUntilItIsSettled() throws Exception {
        online();
        tap(1);
        TapEvent doubt = inDoubt(2);
        store.doubt(doubt, Codec.encodeEvent(doubt));
        tap(1);
        forwarder.tick();
        assertThat(wire.batches().getLast().events()).isEqualTo(store.texts.subList(0, 1));
        forwarder.received(page(1, 0, 0));
        forwarder.tick();
        assertThat(wire.batches()).hasSize(1);
        store.settle(doubt.torn(), Codec.encodeEvent(doubt.torn()));
        forwarder.tick();
        assertThat(wire.batches().getLast().events()).isEqualTo(store.texts.subList(1, 3));
    }

    @Test
    void aBatchStaysBelowWhatAMessageMayHold() throws Exception {
        String carried =
                Codec.encodeEvent(
                        new TapEvent(
                                1,
                                TapFixtures.ids().get(),
                                TapEvent.Kind.DECLINED,
                                TapFixtures.MAIR,
                                TapEvent.Proof.NONE,
                                null,
                                Credits.NONE,
                                "NOT_ENOUGH_HOURS",
                                clock.get(),
                                true,
                                null,
                                java.util.Collections.nCopies(
                                        TapEvent.CARRIED_MAX,
                                        new CarriedTap("a".repeat(64), "b".repeat(16)))));
        tap(EventBatch.EVENTS_MAX);
        store.texts.replaceAll(_ -> carried);
        online();
        EventBatch batch = wire.batches().getFirst();
        long length = batch.events().stream().mapToLong(String::length).sum();
        assertThat(length).isBetween(Forwarder.BATCH_TEXT_MAX - 5_000L, 700_000L);
        Message decoded = Codec.decode(Codec.encode(batch));
        assertThat(decoded).isEqualTo(batch);
        forwarder.received(page(batch.events().size(), 0, 0));
        assertThat(wire.batches()).hasSize(2);
    }

    private TapEvent inDoubt(long sequence) {
        return new TapEvent(
                sequence,
                TransferId.mint(1, 1, sequence << 4),
                TapEvent.Kind.SPEND,
                TapFixtures.MAIR,
                TapEvent.Proof.DESFIRE_EV2,
                TapFixtures.SWIM,
                new Credits(60),
                null,
                clock.get(),
                true,
                new CardStamp(1, null),
                List.of());
    }

    /// A wire that loses, repeats and cuts, against a hub that keeps what it gets: in the end it
    /// has every tap, and the terminal knows.
    @Test
    void whateverTheWireDoesEveryTapArrivesInTheEnd() throws Exception {
        for (long seed = 0; seed < 200; seed++) {
            new ForwarderTest().live(new SplittableRandom(seed), seed);
        }
    }

    private void live(SplittableRandom random, long seed) throws Exception {
        mairIsRich();
        List<String> ledger = new ArrayList<>();
        long epoch = 1;
        forwarder.connected(epoch);
        int read = 0;
        for (int step = 0; step < 400; step++) {
            boolean calm = step >= 300;
            if (!calm && random.nextInt(3) == 0) {
                tap(1);
            }
            clock.forwardSeconds(1);
            forwarder.tick();
            if (!wire.resets.isEmpty() || (!calm && random.nextInt(10) == 0)) {
                wire.resets.clear();
                forwarder.disconnected();
                forwarder.connected(++epoch);
            }
            while (read < wire.sent.size()) {
                Message.Upward message = wire.sent.get(read++);
                if (calm || random.nextInt(4) != 0) {
                    answer(message, ledger, calm ? 1 : random.nextInt(3));
                }
            }
        }
        Set<String> distinct = new HashSet<>(ledger);
        assertThat(ledger).as("seed %d", seed).hasSize(distinct.size());
        assertThat(ledger).as("seed %d", seed).isEqualTo(store.texts);
        assertThat(store.position().acknowledged())
                .as("seed %d", seed)
                .isEqualTo(store.position().last());
    }

    /// The hub: keeps the part of a batch that continues what it has, then answers so many times.
    private void answer(Message.Upward message, List<String> ledger, int times) throws Exception {
        if (message instanceof EventBatch batch) {
            int known = ledger.isEmpty() ? -1 : batch.events().indexOf(ledger.getLast());
            ledger.addAll(batch.events().subList(known + 1, batch.events().size()));
        }
        for (int i = 0; i < times; i++) {
            forwarder.received(page(ledger.size(), 0, 0));
        }
    }

    private void online() throws StoreException {
        forwarder.connected(1);
        forwarder.received(page(store.position().acknowledged(), 0, store.position().cursor()));
    }

    private long available() throws StoreException {
        Standing.KnownCard card = store.standing(TapFixtures.MAIR, true).card();
        return card == null ? Long.MIN_VALUE : card.available();
    }

    private void tap(int times) throws StoreException {
        for (int i = 0; i < times; i++) {
            loop.tap(TapFixtures.presented(TapFixtures.MAIR), false, "en");
            clock.forwardSeconds(1);
        }
    }

    private static FeedPage page(long acknowledged, long since, long upTo) {
        return new FeedPage(
                acknowledged, answering(acknowledged), since, upTo, false, List.of(), 0);
    }

    /// What the hub says of the batch that ended there.
    private static List<EventOutcome> answering(long sequence) {
        return sequence < 1
                ? List.of()
                : List.of(new EventOutcome(sequence, EventOutcome.Outcome.POSTED, ""));
    }
}
