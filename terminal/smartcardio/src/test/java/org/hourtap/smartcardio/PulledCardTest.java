package org.hourtap.smartcardio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.hourtap.smartcardio.PcscFixtures.READ_UID;
import static org.hourtap.smartcardio.PcscFixtures.SOON_MILLIS;
import static org.hourtap.smartcardio.PcscFixtures.awaitAbsent;
import static org.hourtap.smartcardio.PcscFixtures.eventually;
import static org.hourtap.smartcardio.PcscFixtures.tap;
import static org.hourtap.smartcardio.PcscFixtures.terminal;
import static org.hourtap.smartcardio.PcscFixtures.terminals;
import static org.hourtap.smartcardio.PcscFixtures.uid;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import javax.smartcardio.Card;
import javax.smartcardio.CardException;
import javax.smartcardio.CardNotPresentException;
import javax.smartcardio.CardTerminal;
import org.hourtap.smartcardio.PcscFixtures.UidCard;
import org.hourtap.smartcardio.testing.PcscDaemon;
import org.hourtap.smartcardio.testing.VirtualReader;
import org.hourtap.smartcardio.testing.VpcdCard;
import org.hourtap.smartcardio.testing.VpcdCard.Pull;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class PulledCardTest {
    private static final List<VirtualReader> READERS =
            VirtualReader.onFreePorts("A", "B", "C", "D", "E", "F", "G", "H");
    private static final VirtualReader READER = READERS.getFirst();
    private static PcscDaemon daemon;

    private CardTerminal terminal;

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
    void findTerminal() throws CardException {
        terminal = terminal(terminals(), READER);
        awaitAbsent(terminal);
    }

    @Test
    void aCardPulledBeforeItsAnswerIsACardExceptionAndTheNextTapWorks() throws CardException {
        for (var pull : List.of(Pull.before(2), Pull.after(2))) {
            try (var inserted = VpcdCard.insert(READER, new UidCard("04aa"), pull)) {
                assertThat(terminal.waitForCardPresent(SOON_MILLIS)).isTrue();
                var card = terminal.connect("*");
                assertThat(uid(card)).isEqualTo("04aa");
                assertThatExceptionOfType(CardException.class).isThrownBy(() -> uid(card));
                assertThat(inserted.apduCount()).isEqualTo(2);
                assertDead(card);
                card.disconnect(true);
            }
            awaitAbsent(terminal);
        }
        try (var _ = VpcdCard.insert(READER, new UidCard("04bb"))) {
            assertThat(tap(terminal)).isEqualTo("04bb");
        }
    }

    @Test
    void aCardPulledBetweenTwoCommandsIsNotPresent() throws CardException {
        Card card;
        try (var _ = VpcdCard.insert(READER, new UidCard("04aa"))) {
            assertThat(terminal.waitForCardPresent(SOON_MILLIS)).isTrue();
            card = terminal.connect("*");
            assertThat(uid(card)).isEqualTo("04aa");
        }
        awaitAbsent(terminal);
        assertThatExceptionOfType(CardNotPresentException.class)
                .isThrownBy(() -> uid(card))
                .withMessageContaining("SCARD_W_REMOVED_CARD");
        assertThatExceptionOfType(CardNotPresentException.class).isThrownBy(() -> uid(card));
    }

    @Test
    void aDeadCardNeverTalksToTheCardOfTheNextMember() throws Exception {
        Card dead;
        try (var _ = VpcdCard.insert(READER, new UidCard("04aa"))) {
            assertThat(terminal.waitForCardPresent(SOON_MILLIS)).isTrue();
            dead = terminal.connect("*");
            assertThat(uid(dead)).isEqualTo("04aa");
        }
        // Within pcscd's poll: as far as pcscd knows it is one card all the time.
        try (var next = VpcdCard.insert(READER, new UidCard("04bb"))) {
            assertThatExceptionOfType(CardException.class).isThrownBy(() -> uid(dead));
            assertThat(eventually(SOON_MILLIS, () -> tap(terminal))).isEqualTo("04bb");
            var heard = next.apduCount();
            assertDead(dead);
            assertThat(next.apduCount()).isEqualTo(heard);
            dead.disconnect(true);
            assertThat(tap(terminal)).isEqualTo("04bb");
        }
    }

    /// pcscd gives 200 handles to a reader and 200 to a client; more are lost here on every reader
    /// than that. Eight readers side by side, because pcscd takes 400 ms to see each new card.
    @Test
    void afterTwoHundredAndFiftyPulledCardsTheNextIsReadAsIfNothingHadBeen() throws Exception {
        var pulls = new ArrayList<FutureTask<Integer>>();
        for (var reader : READERS) {
            var task = new FutureTask<>(() -> pullCards(reader, 32));
            Thread.ofPlatform().name("pulling-" + reader.name()).daemon(true).start(task);
            pulls.add(task);
        }
        var cards = 0;
        for (var pull : pulls) {
            cards += pull.get(80, TimeUnit.SECONDS);
        }
        assertThat(cards).isGreaterThanOrEqualTo(250);
        for (var reader : READERS) {
            var last = terminal(terminals(), reader);
            awaitAbsent(last);
            try (var _ = VpcdCard.insert(reader, new UidCard("04cc"))) {
                assertThat(tap(last)).isEqualTo("04cc");
            }
        }
    }

    /// Each card is connected to eight times before it is pulled in its first exchange.
    private static int pullCards(VirtualReader reader, int cards) throws Exception {
        var terminal = terminal(terminals(), reader);
        var pulled = 0;
        for (int i = 0; i < cards; i++) {
            try (var card = VpcdCard.insert(reader, new UidCard("04aa"), Pull.before(1))) {
                while (card.apduCount() == 0) {
                    pullOnce(terminal);
                }
                pulled++;
            }
        }
        return pulled;
    }

    private static void pullOnce(CardTerminal terminal) throws Exception {
        var connections = new ArrayList<Card>();
        for (int i = 0; i < 8; i++) {
            connections.add(eventually(SOON_MILLIS, () -> terminal.connect("*")));
        }
        for (var connection : connections) {
            assertThatExceptionOfType(CardException.class).isThrownBy(() -> uid(connection));
        }
    }

    private static void assertDead(Card card) {
        assertThatExceptionOfType(CardException.class)
                .isThrownBy(() -> card.getBasicChannel().transmit(READ_UID))
                .withMessageContaining("not used again");
        assertThatExceptionOfType(CardException.class)
                .isThrownBy(() -> card.transmitControlCommand(0x42000001, new byte[1]))
                .withMessageContaining("not used again");
    }
}
