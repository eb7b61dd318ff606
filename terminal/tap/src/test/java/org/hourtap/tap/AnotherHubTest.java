package org.hourtap.tap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.hourtap.contract.Credits;
import org.hourtap.contract.EventBatch;
import org.hourtap.contract.EventOutcome;
import org.hourtap.contract.FeedPage;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.Hello;
import org.hourtap.contract.Message;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The hub behind the broker becomes another one while the connection stands.
class AnotherHubTest {
    private final MemoryStore store = new MemoryStore();
    private final TapFixtures.Clock clock = new TapFixtures.Clock();
    private final Wire wire = new Wire();
    private final Forwarder forwarder = new Forwarder(store, wire, clock, "test");
    private final TapLoop loop = new TapLoop(store, _ -> {}, clock, TapFixtures.ids(), 1);

    @BeforeEach
    void aTapIsOnItsWayToTheFirst() throws Exception {
        store.profile = TapFixtures.pool();
        store.policy = new FeedRow.PolicyRow(0, new Credits(100_000), new Credits(100_000));
        store.cards.put(TapFixtures.MAIR, TapFixtures.card(TapFixtures.MAIR, 100_000));
        forwarder.connected(1);
        forwarder.received(page(0, 7));
        loop.tap(TapFixtures.presented(TapFixtures.MAIR), false, "en");
        forwarder.tick();
        assertThat(kinds()).containsExactly(Hello.class, EventBatch.class);
        wire.sent.clear();
    }

    @Test
    void theNextIsToldWhoWeAreAndWhatTheFirstDidNotAnswer() throws Exception {
        forwarder.received(page(0, 8));
        assertThat(kinds()).containsExactly(Hello.class, EventBatch.class);
        assertThat(wire.batches().getFirst().events()).isEqualTo(store.texts);
        forwarder.received(page(1, 8));
        assertThat(store.position().acknowledged()).isEqualTo(1);
        assertThat(kinds()).as("once is enough").hasSize(2);
    }

    @Test
    void theFirstIsNotBelievedAnyMore() throws Exception {
        forwarder.received(page(0, 8));
        forwarder.received(page(1, 7));
        assertThat(store.position().acknowledged()).isZero();
        assertThat(kinds()).hasSize(2);
    }

    @Test
    void aHubThatDoesNotSaySoIsTheSameAsEver() throws Exception {
        forwarder.received(page(0, 0));
        forwarder.received(page(0, 7));
        assertThat(wire.sent).isEmpty();
        forwarder.received(page(1, 0));
        assertThat(store.position().acknowledged()).isEqualTo(1);
    }

    @Test
    void onANewConnectionWhoeverIsThereIsTheFirst() throws Exception {
        forwarder.disconnected();
        forwarder.connected(2);
        forwarder.received(page(0, 3));
        assertThat(kinds()).as("a restored hub counts anew").hasSize(2);
    }

    private List<Class<? extends Message>> kinds() {
        return wire.sent.stream().<Class<? extends Message>>map(Message::getClass).toList();
    }

    private static FeedPage page(long acknowledged, long writer) {
        List<EventOutcome> outcomes =
                acknowledged < 1
                        ? List.of()
                        : List.of(new EventOutcome(acknowledged, EventOutcome.Outcome.POSTED, ""));
        return new FeedPage(acknowledged, outcomes, 0, 0, false, List.of(), 0, writer);
    }
}
