package org.hourtap.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.device.testing.Taps.ALYS;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.hourtap.card.CardChannel;
import org.hourtap.card.CardIdentifier;
import org.hourtap.card.CardLostException;
import org.hourtap.card.MasterKeys;
import org.hourtap.card.testing.VirtualDesfire;
import org.hourtap.contract.CardId;
import org.hourtap.contract.TapEvent;
import org.hourtap.device.testing.Awaiting;
import org.hourtap.device.testing.VirtualCards;
import org.hourtap.runtime.SystemTime;
import org.hourtap.tap.CardReader;
import org.hourtap.tap.Presented;
import org.hourtap.tap.ReaderException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReaderLoopTest {
    private static final Logger LOG = Logger.getLogger(ReaderLoop.class.getName());

    private final ScriptedReader reader = new ScriptedReader();
    private final NotingDesk desk = new NotingDesk();
    private ReaderLoop loop;

    /// Gives out what a test puts into it.
    private static final class ScriptedReader implements CardReader {
        final BlockingQueue<CardChannel> cards = new LinkedBlockingQueue<>();
        final AtomicInteger failures = new AtomicInteger();
        final AtomicInteger slicesHeld = new AtomicInteger();
        final AtomicInteger closed = new AtomicInteger();

        @Override
        public Optional<CardChannel> awaitCard(Duration timeout)
                throws ReaderException, InterruptedException {
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new ReaderException("No card reader is connected.");
            }
            return Optional.ofNullable(cards.poll(10, TimeUnit.MILLISECONDS));
        }

        @Override
        public boolean release(Duration timeout) {
            return slicesHeld.getAndUpdate(left -> Math.max(0, left - 1)) == 0;
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    /// Writes everything down.
    private static final class NotingDesk implements ReaderLoop.Desk {
        final List<Presented> presented = new CopyOnWriteArrayList<>();
        final List<String> news = new CopyOnWriteArrayList<>();

        @Override
        public void presented(Presented card) {
            presented.add(
                    card instanceof Presented.Identified known
                            ? new Presented.Identified(known.card(), known.proof())
                            : card);
        }

        @Override
        public void readerFailed(String sentence) {
            news.add(sentence);
        }

        @Override
        public void readerWorks() {
            news.add("works");
        }
    }

    @BeforeAll
    static void keepTheExpectedFailuresOutOfTheLog() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void logAgain() {
        LOG.setLevel(null);
    }

    @BeforeEach
    void start() {
        CardIdentifier identifier =
                new CardIdentifier(
                        MasterKeys.forSpending(VirtualCards.MASTER), SystemTime::randomBytes);
        loop = new ReaderLoop(reader, identifier, desk, true);
    }

    @AfterEach
    void stop() {
        loop.close();
        assertThat(reader.closed).hasValue(1);
    }

    @Test
    void eachKindOfCardIsPresentedAsWhatItProved() throws Exception {
        VirtualDesfire.Builder genuine = VirtualCards.genuine(ALYS);
        present(genuine.build());
        present(VirtualCards.genuine(ALYS).ev1Only().build());
        present(VirtualCards.genuine(ALYS).notADesfire().build());
        present(VirtualCards.genuine(ALYS).clonedWithoutTheKey().build());
        assertThat(awaited(4))
                .containsExactly(
                        new Presented.Identified(ALYS, TapEvent.Proof.DESFIRE_EV2),
                        new Presented.Identified(ALYS, TapEvent.Proof.DESFIRE_EV1),
                        new Presented.Identified(ALYS, TapEvent.Proof.UID_ONLY),
                        new Presented.NotGenuine(ALYS));
    }

    @Test
    void aPulledCardIsTornAndAPhoneIsNamedByTheNumberItShowed() throws Exception {
        reader.cards.add(_ -> {
            throw new CardLostException("pulled");
        });
        reader.cards.add(_ -> HexFormat.of().parseHex("08aabbcc9000"));
        reader.cards.add(_ -> HexFormat.of().parseHex("6a81"));
        assertThat(awaited(3))
                .containsExactly(
                        new Presented.Torn(),
                        new Presented.NotGenuine(new CardId("08AABBCC")),
                        new Presented.NotGenuine(new CardId("NO-NUMBER")));
    }

    @Test
    void aCardThatStaysIsPresentedOnce() throws Exception {
        reader.slicesHeld.set(20);
        present(VirtualCards.genuine(ALYS).build());
        Awaiting.until("it has left", () -> reader.slicesHeld.get() == 0);
        assertThat(desk.presented).hasSize(1);
    }

    @Test
    void aReaderThatFailsIsTriedAgainUntilItWorks() throws Exception {
        reader.failures.set(3);
        Awaiting.until("it failed", () -> reader.failures.get() == 0);
        present(VirtualCards.genuine(ALYS).build());
        awaited(1);
        assertThat(desk.news)
                .containsExactly(
                        "No card reader is connected.",
                        "No card reader is connected.",
                        "No card reader is connected.",
                        "works");
    }

    @Test
    void aReaderThatWorksFromTheStartSaysSoOnceAndBeforeAnyCard() throws Exception {
        Awaiting.until("it works", () -> !desk.news.isEmpty());
        present(VirtualCards.genuine(ALYS).build());
        awaited(1);
        assertThat(desk.news).containsExactly("works");
    }

    private void present(VirtualDesfire card) {
        reader.cards.add(card::answer);
    }

    private List<Presented> awaited(int count) throws Exception {
        Awaiting.until(count + " were presented", () -> desk.presented.size() == count);
        return desk.presented;
    }
}
