package org.hourtap.device.pcsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import javax.smartcardio.Card;
import javax.smartcardio.CardException;
import javax.smartcardio.CardNotPresentException;
import javax.smartcardio.CardTerminal;
import javax.smartcardio.CardTerminals;
import org.hourtap.card.CardChannel;
import org.hourtap.card.CardLostException;
import org.hourtap.device.CapturedLog;
import org.hourtap.tap.ReaderException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What goes wrong at a reader, which no virtual one does on demand.
class PcscCardReaderTest {
    private static final Duration NOW = Duration.ofMillis(1);

    private final CardTerminals terminals = mock();
    private final CardTerminal terminal = mock();
    private final Card card = mock();
    private final javax.smartcardio.CardChannel basic = mock();

    @BeforeEach
    void aWorkingReader() throws Exception {
        when(terminal.getName()).thenReturn("ACS ACR1252 PICC 00 00");
        when(terminals.list()).thenReturn(List.of(terminal));
        when(terminal.waitForCardPresent(anyLong())).thenReturn(true);
        when(terminal.connect(anyString())).thenReturn(card);
        when(card.getBasicChannel()).thenReturn(basic);
    }

    @Test
    void theSlotOfTheSecurityModuleIsNotForMembers() throws Exception {
        CardTerminal sam = mock();
        when(sam.getName()).thenReturn("ACS ACR1252 SAM 01 00");
        when(terminals.list()).thenReturn(List.of(sam, terminal));
        try (PcscCardReader reader = reader("")) {
            assertThat(reader.awaitCard(NOW)).isPresent();
        }
        verify(sam, times(0)).connect(anyString());
    }

    @Test
    void amongSeveralReadersTheConfiguredOneIsTakenAndOtherwiseAllAreNamed() throws Exception {
        CardTerminal other = mock();
        when(other.getName()).thenReturn("Other reader PICC 01 00");
        when(terminals.list()).thenReturn(List.of(terminal, other));
        try (PcscCardReader chosen = reader("acr1252");
                PcscCardReader open = reader("");
                PcscCardReader wrong = reader("Nowhere")) {
            assertThat(chosen.awaitCard(NOW)).isPresent();
            assertThatThrownBy(() -> open.awaitCard(NOW))
                    .isInstanceOf(ReaderException.class)
                    .hasMessageContaining("More than one")
                    .hasMessageContaining("Other reader")
                    .hasMessageContaining("reader.name");
            assertThatThrownBy(() -> wrong.awaitCard(NOW))
                    .hasMessageContaining("None of the readers");
        }
    }

    @Test
    void theSlotForCardsIsPreferredAndTheOneForTheSecurityModuleNeverTaken() throws Exception {
        CardTerminal contact = mock();
        when(contact.getName()).thenReturn("ACS ACR1252 Contact 00 01");
        CardTerminal sam = mock();
        when(sam.getName()).thenReturn("ACS ACR1252 SAM 00 02");
        when(terminals.list()).thenReturn(List.of(contact, sam, terminal));
        for (String name : List.of("", "ACR1252")) {
            try (PcscCardReader reader = reader(name)) {
                assertThat(reader.awaitCard(NOW)).isPresent();
            }
        }
        verify(terminal, times(2)).connect(anyString());
        when(terminals.list()).thenReturn(List.of(sam));
        try (PcscCardReader reader = reader("SAM")) {
            assertThatThrownBy(() -> reader.awaitCard(NOW))
                    .hasMessageContaining("None of the readers");
        }
    }

    @Test
    void aReaderThatFallsSilentIsToBeUnpluggedAndIsSetUpAgainWhenItIsBack() throws Exception {
        AtomicLong micros = new AtomicLong();
        when(card.transmitControlCommand(anyInt(), any()))
                .thenReturn(new byte[2])
                .thenReturn(new byte[2])
                .thenThrow(new CardException("SCARD_E_NOT_TRANSACTED"))
                .thenThrow(new CardException("SCARD_E_NOT_TRANSACTED"))
                .thenReturn(new byte[2]);
        ReaderLights lights = new ReaderLights(true, OptionalInt.empty(), micros::get);
        try (PcscCardReader reader = new PcscCardReader(() -> terminals, "", lights);
                CapturedLog _ = new CapturedLog(ReaderLights.class)) {
            assertThat(reader.awaitCard(NOW)).isPresent();
            assertThat(reader.release(NOW)).isFalse();
            micros.set(60_000_000);
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(() -> reader.awaitCard(NOW))
                        .isInstanceOf(ReaderException.class)
                        .hasMessageContaining("Unplug it");
            }
            assertThat(reader.awaitCard(NOW)).isPresent();
        }
    }

    @Test
    void aReaderThatWentAwayWorksAgainAtTheNextCallAfterItIsBack() throws Exception {
        when(terminal.waitForCardPresent(anyLong()))
                .thenThrow(new CardException("SCARD_E_NO_SERVICE"))
                .thenReturn(true);
        when(terminals.list())
                .thenReturn(List.of(terminal))
                .thenThrow(new CardException("SCARD_E_NO_SERVICE"))
                .thenReturn(List.of())
                .thenReturn(List.of(terminal));
        try (PcscCardReader reader = reader("")) {
            assertThatThrownBy(() -> reader.awaitCard(NOW)).hasMessageContaining("pcscd");
            assertThatThrownBy(() -> reader.awaitCard(NOW)).hasMessageContaining("pcscd");
            assertThatThrownBy(() -> reader.awaitCard(NOW))
                    .hasMessageContaining("No card reader is connected");
            assertThat(reader.awaitCard(NOW)).isPresent();
        }
    }

    @Test
    void aCardThatWillNotConnectIsLostAndTheReaderIsNotToBlame() throws Exception {
        when(terminal.connect(anyString())).thenThrow(new CardException("SCARD_W_UNPOWERED_CARD"));
        when(terminal.isCardPresent()).thenReturn(true, false).thenThrow(new CardException("gone"));
        try (PcscCardReader reader = reader("")) {
            CardChannel channel = reader.awaitCard(NOW).orElseThrow();
            assertThatThrownBy(() -> channel.transceive(new byte[5]))
                    .isInstanceOf(CardLostException.class);
            assertThat(reader.awaitCard(NOW)).isEmpty();
            assertThatThrownBy(() -> reader.awaitCard(NOW)).isInstanceOf(ReaderException.class);
        }
    }

    @Test
    void aCardPulledBeforeItConnectedWasNeverThere() throws Exception {
        when(terminal.connect(anyString())).thenThrow(new CardNotPresentException("pulled"));
        try (PcscCardReader reader = reader("")) {
            assertThat(reader.awaitCard(NOW)).isEmpty();
        }
    }

    @Test
    void everythingThatGoesWrongInAnExchangeIsALostCard() throws Exception {
        try (PcscCardReader reader = reader("")) {
            CardChannel channel = reader.awaitCard(NOW).orElseThrow();
            when(basic.transmit(any(ByteBuffer.class), any(ByteBuffer.class)))
                    .thenThrow(new CardException("SCARD_W_REMOVED_CARD"))
                    .thenThrow(new IllegalArgumentException("apdu must be at least 2 bytes long"))
                    .thenThrow(new IllegalStateException("Card has been removed"))
                    .thenReturn(0);
            for (int i = 0; i < 4; i++) {
                assertThatThrownBy(() -> channel.transceive(new byte[5]))
                        .isInstanceOf(CardLostException.class);
            }
        }
    }

    @Test
    void releasingLetsGoOnceAndWaitsUntilTheCardHasLeft() throws Exception {
        when(terminal.waitForCardAbsent(anyLong())).thenReturn(false, true);
        try (PcscCardReader reader = reader("")) {
            assertThat(reader.awaitCard(NOW)).isPresent();
            assertThat(reader.release(NOW)).isFalse();
            assertThat(reader.release(NOW)).isTrue();
        }
        verify(card, times(1)).disconnect(false);
    }

    private PcscCardReader reader(String namePart) {
        return new PcscCardReader(() -> terminals, namePart, ReaderLights.none());
    }
}
