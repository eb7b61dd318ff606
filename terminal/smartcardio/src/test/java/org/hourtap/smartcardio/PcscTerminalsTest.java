package org.hourtap.smartcardio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.hourtap.smartcardio.PcscFixtures.SOON_MILLIS;
import static org.hourtap.smartcardio.PcscFixtures.awaitAbsent;
import static org.hourtap.smartcardio.PcscFixtures.tap;
import static org.hourtap.smartcardio.PcscFixtures.terminal;
import static org.hourtap.smartcardio.PcscFixtures.terminals;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.smartcardio.CardException;
import javax.smartcardio.CardNotPresentException;
import javax.smartcardio.CardTerminal;
import javax.smartcardio.CardTerminals;
import javax.smartcardio.CardTerminals.State;
import org.hourtap.smartcardio.PcscFixtures.UidCard;
import org.hourtap.smartcardio.testing.PcscDaemon;
import org.hourtap.smartcardio.testing.VirtualReader;
import org.hourtap.smartcardio.testing.VpcdCard;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class PcscTerminalsTest {
    private static final List<VirtualReader> READERS =
            VirtualReader.onFreePorts("Hourtap Pool", "Hourtap Theatre");
    private static final VirtualReader POOL = READERS.get(0);
    private static final VirtualReader THEATRE = READERS.get(1);
    private static PcscDaemon daemon;

    private final CardTerminals terminals = terminals();
    private CardTerminal pool;
    private CardTerminal theatre;

    @BeforeAll
    @Timeout(360)
    static void startDaemon() {
        daemon = PcscDaemon.start(READERS);
    }

    @AfterAll
    static void stopDaemon() {
        daemon.close();
    }

    @BeforeEach
    void findTerminals() throws CardException {
        pool = terminal(terminals, POOL);
        theatre = terminal(terminals, THEATRE);
        awaitAbsent(pool);
        awaitAbsent(theatre);
    }

    @Test
    void everySlotOfEveryReaderIsListedAndFoundByItsName() throws CardException {
        assertThat(terminals.list())
                .extracting(CardTerminal::getName)
                .containsExactly(
                        "Hourtap Pool 00 00",
                        "Hourtap Pool 00 01",
                        "Hourtap Theatre 00 00",
                        "Hourtap Theatre 00 01");
        assertThat(terminals.getTerminal("Hourtap Pool 00 00")).isEqualTo(pool);
        assertThat(terminals.getTerminal("Hourtap Library 00 00")).isNull();
    }

    @Test
    void aCardIsPresentWhileItIsHeldToItsReaderOnly() throws CardException {
        assertThat(pool.isCardPresent()).isFalse();
        try (var _ = VpcdCard.insert(POOL, new UidCard("04aa"))) {
            assertThat(pool.waitForCardPresent(SOON_MILLIS)).isTrue();
            assertThat(pool.isCardPresent()).isTrue();
            assertThat(theatre.isCardPresent()).isFalse();
            assertThat(terminals.list(State.CARD_PRESENT)).containsExactly(pool);
            assertThat(terminals.list(State.CARD_ABSENT)).hasSize(3).doesNotContain(pool);
        }
        awaitAbsent(pool);
        assertThat(terminals.list(State.CARD_PRESENT)).isEmpty();
    }

    @Test
    void aCardTappedASecondTimeIsReadASecondTime() throws CardException {
        for (var uid : List.of("04aa", "04bb")) {
            try (var _ = VpcdCard.insert(POOL, new UidCard(uid))) {
                assertThat(tap(pool)).isEqualTo(uid);
            }
            awaitAbsent(pool);
        }
    }

    @Test
    void insertionAndRemovalAreChanges() throws CardException {
        try (var _ = VpcdCard.insert(THEATRE, new UidCard("04aa"))) {
            assertThat(terminals.waitForChange(SOON_MILLIS)).isTrue();
            assertThat(terminals.list(State.CARD_INSERTION)).containsExactly(theatre);
            assertThat(terminals.list(State.CARD_REMOVAL)).isEmpty();
        }
        assertThat(terminals.waitForChange(SOON_MILLIS)).isTrue();
        assertThat(terminals.list(State.CARD_INSERTION)).isEmpty();
        assertThat(terminals.list(State.CARD_REMOVAL)).containsExactly(theatre);
    }

    @Test
    void aSwapBetweenTwoWaitsIsBothInsertionAndRemoval() throws CardException {
        try (var _ = VpcdCard.insert(POOL, new UidCard("04aa"))) {
            assertThat(terminals.waitForChange(SOON_MILLIS)).isTrue();
        }
        awaitAbsent(pool);
        try (var _ = VpcdCard.insert(POOL, new UidCard("04bb"))) {
            assertThat(pool.waitForCardPresent(SOON_MILLIS)).isTrue();
            assertThat(terminals.waitForChange(SOON_MILLIS)).isTrue();
            assertThat(terminals.list(State.CARD_INSERTION)).containsExactly(pool);
            assertThat(terminals.list(State.CARD_REMOVAL)).containsExactly(pool);
            assertThat(tap(pool)).isEqualTo("04bb");
        }
    }

    @Test
    void insertionAndRemovalMeanPresentAndAbsentBeforeTheFirstWait() throws CardException {
        try (var _ = VpcdCard.insert(POOL, new UidCard("04aa"))) {
            assertThat(pool.waitForCardPresent(SOON_MILLIS)).isTrue();
            var fresh = terminals();
            assertThat(fresh.list(State.CARD_INSERTION)).containsExactly(pool);
            assertThat(fresh.list(State.CARD_REMOVAL)).hasSize(3).doesNotContain(pool);
        }
    }

    @Test
    void aWaitInVainEndsWithItsTimeAndDoesNotSpin() throws CardException {
        var looksAtTheClock = new AtomicInteger();
        var watched =
                new PcscTerminals(() -> {
                    looksAtTheClock.incrementAndGet();
                    return System.nanoTime();
                });
        assertThat(watched.waitForChange(1_000)).isFalse();
        assertThat(watched.list().getFirst().waitForCardPresent(1_000)).isFalse();
        assertThat(looksAtTheClock).hasValueLessThan(40);
    }

    @Test
    void aCardThatStaysPutIsNotAbsentWhenTheTimeIsUp() throws CardException {
        try (var _ = VpcdCard.insert(POOL, new UidCard("04aa"))) {
            assertThat(pool.waitForCardPresent(0)).isTrue();
            assertThat(pool.waitForCardAbsent(300)).isFalse();
        }
    }

    @Test
    void aWaitingThreadStopsSoonAfterItIsInterrupted() throws Exception {
        assertStopsWhenInterrupted(() -> pool.waitForCardPresent(0));
        assertStopsWhenInterrupted(() -> terminals.waitForChange(0));
    }

    private interface Wait {
        boolean run() throws CardException;
    }

    private static void assertStopsWhenInterrupted(Wait wait) throws Exception {
        var waiting = new CountDownLatch(1);
        var outcome =
                new FutureTask<>(() -> {
                    waiting.countDown();
                    try {
                        return "returned " + wait.run();
                    } catch (CardException e) {
                        return e.getMessage()
                                + ", still interrupted: "
                                + Thread.currentThread().isInterrupted();
                    }
                });
        var thread = Thread.ofPlatform().name("interrupted-wait").daemon(true).start(outcome);
        waiting.await();
        thread.interrupt();
        assertThat(outcome.get(2, TimeUnit.SECONDS))
                .isEqualTo("interrupted while waiting for a card, still interrupted: true");
    }

    @Test
    void withoutACardThereIsNothingToConnectTo() {
        assertThatExceptionOfType(CardNotPresentException.class)
                .isThrownBy(() -> pool.connect("*"))
                .withMessageContaining("SCARD_E_NO_SMARTCARD");
    }

    @Test
    void aReaderThatIsGoneIsNamedAsTheReason() {
        var gone = new PcscTerminal("Hourtap Library 00 00", System::nanoTime);
        assertThatExceptionOfType(CardException.class)
                .isThrownBy(gone::isCardPresent)
                .withMessageContaining("the card reader is not there");
        assertThatExceptionOfType(CardException.class)
                .isThrownBy(() -> gone.waitForCardPresent(0))
                .withMessageContaining("SCARD_E_UNKNOWN_READER");
        assertThatExceptionOfType(CardException.class)
                .isThrownBy(() -> gone.connect("*"))
                .withMessageContaining("SCARD_E_UNKNOWN_READER");
    }

    @Test
    void aNegativeTimeoutIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> pool.waitForCardPresent(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> terminals.waitForChange(-1));
    }
}
