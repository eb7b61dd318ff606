package org.hourtap.smartcardio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.hourtap.smartcardio.PcscFixtures.SOON_MILLIS;
import static org.hourtap.smartcardio.PcscFixtures.awaitAbsent;
import static org.hourtap.smartcardio.PcscFixtures.tap;
import static org.hourtap.smartcardio.PcscFixtures.terminal;
import static org.hourtap.smartcardio.PcscFixtures.terminals;
import static org.hourtap.smartcardio.PcscFixtures.uid;

import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import javax.smartcardio.CardException;
import javax.smartcardio.CardTerminals;
import javax.smartcardio.CardTerminals.State;
import org.hourtap.smartcardio.PcscFixtures.UidCard;
import org.hourtap.smartcardio.testing.PcscDaemon;
import org.hourtap.smartcardio.testing.VirtualReader;
import org.hourtap.smartcardio.testing.VpcdCard;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class PcscRestartTest {
    private final List<VirtualReader> readers = VirtualReader.onFreePorts("Hourtap Pool");
    private final VirtualReader reader = readers.getFirst();
    private final AtomicInteger looksAtTheClock = new AtomicInteger();
    private final CardTerminals terminals =
            terminals(() -> {
                looksAtTheClock.incrementAndGet();
                return System.nanoTime();
            });
    private PcscDaemon daemon;

    @BeforeEach
    @Timeout(360)
    void prepareDaemon() {
        daemon = PcscDaemon.prepare(readers);
    }

    @AfterEach
    void closeDaemon() {
        daemon.close();
    }

    @Test
    void aTerminalStartedBeforePcscdReadsCardsOnceItIsThere() throws CardException {
        assertThatExceptionOfType(CardException.class)
                .isThrownBy(terminals::list)
                .withMessageContaining("SCARD_E_NO_SERVICE")
                .withMessageContaining("pcscd is not running");
        assertThat(terminals.getTerminal("Hourtap Pool 00 00")).isNull();
        daemon.start();
        try (var _ = VpcdCard.insert(reader, new UidCard("04aa"))) {
            assertThat(tap(terminal(terminals, reader))).isEqualTo("04aa");
        }
    }

    @Test
    void theSameObjectsReadTheNextTapAfterAnOrderlyRestart() throws Exception {
        assertSurvives(PcscDaemon::terminate);
    }

    @Test
    void theSameObjectsReadTheNextTapAfterACrash() throws Exception {
        assertSurvives(PcscDaemon::kill);
    }

    private void assertSurvives(Consumer<PcscDaemon> end) throws Exception {
        daemon.start();
        var terminal = terminal(terminals, reader);
        try (var _ = VpcdCard.insert(reader, new UidCard("04aa"))) {
            assertThat(tap(terminal)).isEqualTo("04aa");
            var card = terminal.connect("*");
            assertThat(uid(card)).isEqualTo("04aa");
            var wait = startedWait();
            end.accept(daemon);
            assertThat(wait.get(2, TimeUnit.SECONDS)).contains("SCARD_");
            assertThatExceptionOfType(CardException.class).isThrownBy(() -> uid(card));
            assertThatExceptionOfType(CardException.class).isThrownBy(terminal::isCardPresent);
            card.disconnect(true);
        }
        daemon.start();
        try (var _ = VpcdCard.insert(reader, new UidCard("04bb"))) {
            assertThat(terminals.waitForChange(5_000)).isTrue();
            assertThat(tap(terminal)).isEqualTo("04bb");
        }
        awaitAbsent(terminal);
    }

    /// A wait for the removal of the card, under way.
    private FutureTask<String> startedWait() throws CardException {
        assertThat(terminals.waitForChange(SOON_MILLIS)).as("the insertion").isTrue();
        var wait =
                new FutureTask<>(() -> {
                    try {
                        return "returned " + terminals.waitForChange(SOON_MILLIS);
                    } catch (CardException e) {
                        return String.valueOf(e.getMessage());
                    }
                });
        looksAtTheClock.set(0);
        Thread.ofPlatform().name("waiting-for-change").daemon(true).start(wait);
        // The first look sets the deadline, the second comes right before pcscd is asked.
        while (looksAtTheClock.get() < 2) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        return wait;
    }

    @Test
    void aCardThatWaitedOutTheRestartIsAChange() throws CardException {
        daemon.start();
        assertThat(terminals.waitForChange(1)).isFalse();
        daemon.kill();
        assertThatExceptionOfType(CardException.class).isThrownBy(() -> terminals.waitForChange(1));
        daemon.start();
        var terminal = terminal(terminals, reader);
        try (var _ = VpcdCard.insert(reader, new UidCard("04bb"))) {
            assertThat(terminal.waitForCardPresent(SOON_MILLIS)).isTrue();
            assertThat(terminals.waitForChange(SOON_MILLIS)).isTrue();
            assertThat(terminals.list(State.CARD_INSERTION)).containsExactly(terminal);
        }
    }

    @Test
    void withoutAnyReaderThereIsNothingToListAndAWaitIsInVain() throws CardException {
        daemon.close();
        daemon = PcscDaemon.start(List.of());
        assertThat(terminals.list()).isEmpty();
        assertThat(terminals.list(State.CARD_PRESENT)).isEmpty();
        looksAtTheClock.set(0);
        assertThat(terminals.waitForChange(1_000)).isFalse();
        assertThat(looksAtTheClock).hasValueLessThan(20);
    }

    @Test
    void thePcscdOfAKilledBuildIsReplaced() throws Exception {
        daemon.close();
        var folder = Files.createTempDirectory("hourtap-pcscd-orphan");
        var orphan =
                new ProcessBuilder("/usr/sbin/pcscd", "--foreground", "-c", folder.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            // With pcscd's own readers off: the folder is empty.
            PcscFixtures.eventually(SOON_MILLIS, terminals::list);
            daemon = PcscDaemon.start(readers);
            assertThat(orphan.isAlive()).isFalse();
            assertThat(terminals.list()).hasSize(2);
        } finally {
            orphan.destroyForcibly();
            Files.delete(folder);
        }
    }
}
