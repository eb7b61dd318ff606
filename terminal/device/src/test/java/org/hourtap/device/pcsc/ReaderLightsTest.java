package org.hourtap.device.pcsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import javax.smartcardio.Card;
import javax.smartcardio.CardChannel;
import javax.smartcardio.CardException;
import javax.smartcardio.CardTerminal;
import org.hourtap.device.CapturedLog;
import org.hourtap.tap.Cue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is said to readers that nobody has here, and when. The reader's side is a list of what it
/// heard: `direct …` without a card, `card …` over the card's connection, `control …` beside it.
class ReaderLightsTest {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final long SECOND = 1_000_000;
    private static final int ESCAPE = 0x42000001;

    private final CardTerminal terminal = mock();
    private final Card direct = mock();
    private final Card card = mock();
    private final List<String> heard = new ArrayList<>();
    private final AtomicLong micros = new AtomicLong();
    private final ReaderLights lights = new ReaderLights(true, OptionalInt.empty(), micros::get);
    private CapturedLog log;

    @BeforeEach
    void aReaderThatListens() throws Exception {
        log = new CapturedLog(ReaderLights.class);
        when(terminal.getName()).thenReturn("ACS ACR122U PICC Interface 00 00");
        when(terminal.connect("DIRECT")).thenReturn(direct);
        doAnswer(call -> hears("direct ", call.getArgument(1)))
                .when(direct)
                .transmitControlCommand(anyInt(), any());
        doAnswer(call -> hears("control ", call.getArgument(1)))
                .when(card)
                .transmitControlCommand(anyInt(), any());
        CardChannel basic = mock();
        when(card.getBasicChannel()).thenReturn(basic);
        when(basic.transmit(any(ByteBuffer.class), any(ByteBuffer.class)))
                .thenAnswer(call -> {
                    ByteBuffer command = call.getArgument(0);
                    ByteBuffer answer = call.getArgument(1);
                    byte[] bytes = new byte[command.remaining()];
                    command.get(bytes);
                    answer.put(hears("card ", bytes));
                    return 2;
                });
    }

    @AfterEach
    void logAgain() {
        log.close();
    }

    /// The state of the lamps in place of a status that says OK.
    private byte[] hears(String way, byte[] command) {
        heard.add(way + HEX.formatHex(command));
        return HEX.parseHex("9003");
    }

    @Test
    void aReaderIsSilencedAndDarkenedEachTimeItIsFound() throws Exception {
        lights.found(terminal);
        lights.lost();
        lights.found(terminal);
        assertThat(heard)
                .hasSize(8)
                .startsWith(
                        "direct FF00480000",
                        "direct FF00520000",
                        "direct FF0051E100",
                        "direct FF00400C0400000000")
                .endsWith("direct FF00400C0400000000");
        verify(direct, org.mockito.Mockito.times(2)).disconnect(false);
        verify(direct, never()).transmitControlCommand(org.mockito.ArgumentMatchers.eq(0), any());
        verify(direct, org.mockito.Mockito.times(8))
                .transmitControlCommand(org.mockito.ArgumentMatchers.eq(ESCAPE), any());
    }

    @Test
    void aCueIsOnlyNotedAndLitOnceTheCardHasBeenAnswered() throws Exception {
        lights.found(terminal);
        heard.clear();
        lights.show(cue(Cue.Kind.WELCOME));
        assertThat(heard).isEmpty();
        lights.beforeRelease(card);
        assertThat(heard).containsExactly("card FF00402E0401000101");
        lights.beforeRelease(card);
        assertThat(heard).hasSize(1);
    }

    @Test
    void theLightGoesOutAfterItsTime() throws Exception {
        lights.found(terminal);
        lights.show(cue(Cue.Kind.WELCOME));
        lights.beforeRelease(card);
        heard.clear();
        micros.set(3 * SECOND);
        lights.betweenCards(terminal);
        assertThat(heard).isEmpty();
        micros.set(4 * SECOND);
        lights.betweenCards(terminal);
        lights.betweenCards(terminal);
        assertThat(heard).containsExactly("direct FF00400C0400000000");
    }

    @Test
    void anAnswerWhoseCardWentTooSoonIsShownWithoutIt() throws Exception {
        lights.found(terminal);
        heard.clear();
        Card pulled = mock();
        when(pulled.getBasicChannel()).thenThrow(new IllegalStateException("disconnected"));
        lights.show(cue(Cue.Kind.HOLD_AGAIN));
        lights.beforeRelease(pulled);
        lights.betweenCards(terminal);
        assertThat(heard).containsExactly("direct FF00403F0403000101");
    }

    @Test
    void readyReplacesAnOutageAndNoAnswer() throws Exception {
        lights.found(terminal);
        heard.clear();
        lights.show(cue(Cue.Kind.PLEASE_ASK));
        lights.show(cue(Cue.Kind.READY));
        lights.betweenCards(terminal);
        lights.show(cue(Cue.Kind.OUT_OF_SERVICE));
        lights.betweenCards(terminal);
        lights.show(cue(Cue.Kind.READY));
        lights.betweenCards(terminal);
        assertThat(heard)
                .containsExactly(
                        "direct FF00405D0402030201",
                        "direct FF00400D0400000000",
                        "direct FF00400C0400000000");
    }

    @Test
    void whereTheEscapeIsNotAllowedTheOperatorIsToldOnceAndTheCardsConnectionIsUsed()
            throws Exception {
        doThrow(new CardException("SCARD_E_NOT_TRANSACTED"))
                .when(direct)
                .transmitControlCommand(anyInt(), any());
        lights.found(terminal);
        lights.found(terminal);
        assertThat(log.messages())
                .first()
                .asString()
                .contains("/etc/libccid_Info.plist")
                .contains("ifdDriverOptions")
                .contains("docs/OPERATING.md");
        assertThat(log.messages()).hasSize(1);
        lights.show(cue(Cue.Kind.WELCOME));
        lights.beforeRelease(card);
        assertThat(heard)
                .as("goes out by itself; then the set-up that was not possible before")
                .containsExactly("card FF00402C0405000101", "card FF00520000", "card FF0051E100");
        micros.set(100 * SECOND);
        lights.betweenCards(terminal);
        assertThat(heard).hasSize(3);
    }

    @Test
    void anAcr1252HearsOnlyControlCommands() throws Exception {
        when(terminal.getName()).thenReturn("ACS ACR1252 Dual Reader PICC 00 00");
        lights.found(terminal);
        lights.show(cue(Cue.Kind.SHIFT_STARTED));
        lights.beforeRelease(card);
        assertThat(heard)
                .containsExactly(
                        "direct E000001800",
                        "direct E00000290100",
                        "control E00000290102",
                        "control E0000028010A");
        doThrow(new CardException("not allowed"))
                .when(direct)
                .transmitControlCommand(anyInt(), any());
        lights.lost();
        lights.found(terminal);
        heard.clear();
        lights.show(cue(Cue.Kind.WELCOME));
        lights.beforeRelease(card);
        assertThat(heard).isEmpty();
    }

    @Test
    void aReaderThatFallsSilentIsAFailureUntilItAnswersAgainOrWasUnplugged() throws Exception {
        lights.found(terminal);
        micros.set(59 * SECOND);
        lights.betweenCards(terminal);
        doThrow(new CardException("SCARD_E_NOT_TRANSACTED"))
                .when(direct)
                .transmitControlCommand(anyInt(), any());
        micros.set(60 * SECOND);
        assertThatThrownBy(() -> lights.betweenCards(terminal)).isInstanceOf(CardException.class);
        for (int attempt = 0; attempt < 3; attempt++) {
            assertThatThrownBy(() -> lights.found(terminal)).hasMessageContaining("no answer");
        }
        lights.lost();
        lights.found(terminal);
        assertThat(log.messages()).last().asString().contains("Cards work, but light and beeper");
    }

    @Test
    void anAnswerFromBeforeTheCableWasPulledIsNotShownToTheNextPerson() throws Exception {
        lights.found(terminal);
        lights.show(cue(Cue.Kind.WELCOME));
        lights.lost();
        lights.found(terminal);
        heard.clear();
        lights.betweenCards(terminal);
        assertThat(heard).isEmpty();
    }

    @Test
    void otherReadersAndUnwantedLightsHearNothing() throws Exception {
        ReaderLights none = ReaderLights.none();
        none.found(terminal);
        none.show(cue(Cue.Kind.WELCOME));
        none.beforeRelease(card);
        when(terminal.getName()).thenReturn("HID OMNIKEY 5022 CL 00 00");
        lights.found(terminal);
        lights.show(cue(Cue.Kind.WELCOME));
        lights.beforeRelease(card);
        micros.set(1_000 * SECOND);
        lights.betweenCards(terminal);
        assertThat(heard).isEmpty();
        verify(terminal, never()).connect(anyString());
    }

    private static Cue cue(Cue.Kind kind) {
        return Cue.plain(kind, "en");
    }
}
