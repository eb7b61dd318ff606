package org.hourtap.smartcardio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.hourtap.smartcardio.PcscFixtures.READ_UID;
import static org.hourtap.smartcardio.PcscFixtures.SOON_MILLIS;
import static org.hourtap.smartcardio.PcscFixtures.awaitAbsent;
import static org.hourtap.smartcardio.PcscFixtures.terminal;
import static org.hourtap.smartcardio.PcscFixtures.terminals;
import static org.hourtap.smartcardio.PcscFixtures.uid;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.HexFormat;
import javax.smartcardio.CardException;
import javax.smartcardio.CardTerminal;
import javax.smartcardio.CommandAPDU;
import org.hourtap.smartcardio.PcscFixtures.UidCard;
import org.hourtap.smartcardio.testing.CardAnswer;
import org.hourtap.smartcardio.testing.PcscDaemon;
import org.hourtap.smartcardio.testing.VirtualReader;
import org.hourtap.smartcardio.testing.VpcdCard;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class PcscCardTest {
    private static final VirtualReader READER =
            VirtualReader.onFreePorts("Hourtap Pool").getFirst();
    private static PcscDaemon daemon;

    private final UidCard chip = new UidCard("04112233445566");
    private CardTerminal terminal;
    private VpcdCard inserted;

    @BeforeAll
    @Timeout(360)
    static void startDaemon() {
        daemon = PcscDaemon.start(java.util.List.of(READER));
    }

    @AfterAll
    static void stopDaemon() {
        daemon.close();
    }

    @BeforeEach
    void insert() throws CardException {
        terminal = terminal(terminals(), READER);
        insert(chip);
    }

    private void insert(CardAnswer card) throws CardException {
        inserted = VpcdCard.insert(READER, card);
        assertThat(terminal.waitForCardPresent(SOON_MILLIS)).isTrue();
    }

    @AfterEach
    void remove() throws CardException {
        inserted.close();
        awaitAbsent(terminal);
    }

    @Test
    void aConnectedCardShowsItsAtrAndProtocolAndAnswers() throws CardException {
        var card = terminal.connect("*");
        assertThat(card.getATR().getBytes()).isEqualTo(chip.atr());
        assertThat(card.getProtocol()).isEqualTo("T=1");
        assertThat(uid(card)).isEqualTo("04112233445566");
        card.disconnect(false);
    }

    @Test
    void theProtocolCanBeChosenAndAnUnknownOneIsRefused() throws CardException {
        terminal.connect("T=1").disconnect(false);
        assertThatExceptionOfType(CardException.class)
                .isThrownBy(() -> terminal.connect("T=0"))
                .withMessageContaining("SCARD_E_PROTO_MISMATCH");
        assertThatIllegalArgumentException().isThrownBy(() -> terminal.connect("T=2"));
    }

    @Test
    void anExclusiveConnectionKeepsEverybodyElseOut() throws CardException {
        var card = terminal.connect("EXCLUSIVE;*");
        assertThatExceptionOfType(CardException.class)
                .isThrownBy(() -> terminal.connect("*"))
                .withMessageContaining("another program holds the card");
        card.disconnect(false);
        terminal.connect("*").disconnect(false);
    }

    @Test
    void theReaderItselfIsReachedDirectlyAndARefusedControlCommandIsACardException()
            throws CardException {
        var reader = terminal.connect("DIRECT");
        assertThat(reader.getProtocol()).isEqualTo("DIRECT");
        // CM_IOCTL_GET_FEATURE_REQUEST, which this driver does not know
        assertThatExceptionOfType(CardException.class)
                .isThrownBy(() -> reader.transmitControlCommand(0x42000D48, new byte[0]))
                .withMessageContaining("SCardControl");
        reader.disconnect(false);
    }

    @Test
    void onlyAnOrderlyDisconnectWithResetResetsTheCard() throws CardException {
        terminal.connect("*").disconnect(false);
        var before = chip.resets.get();
        terminal.connect("*").disconnect(false);
        assertThat(chip.resets).hasValue(before);
        terminal.connect("*").disconnect(true);
        assertThat(chip.resets).hasValueGreaterThan(before);
    }

    @Test
    void aDisconnectedCardIsOutOfUse() throws CardException {
        var card = terminal.connect("*");
        var channel = card.getBasicChannel();
        card.disconnect(false);
        card.disconnect(true);
        assertThatIllegalStateException().isThrownBy(() -> channel.transmit(READ_UID));
        assertThatIllegalStateException().isThrownBy(card::getBasicChannel);
        assertThatIllegalStateException().isThrownBy(card::beginExclusive);
        assertThatIllegalStateException().isThrownBy(card::openLogicalChannel);
    }

    @Test
    void exclusiveAccessWithinAConnectionIsRefusedWithTheWayToHaveIt() throws CardException {
        var card = terminal.connect("*");
        assertThatExceptionOfType(CardException.class)
                .isThrownBy(card::beginExclusive)
                .withMessageContaining("connect(\"EXCLUSIVE;*\")");
        assertThatIllegalStateException().isThrownBy(card::endExclusive);
        assertThat(uid(card)).isEqualTo("04112233445566");
        card.disconnect(false);
    }

    @Test
    void buffersCarryAnExchangeAsWell() throws CardException {
        var channel = terminal.connect("*").getBasicChannel();
        var command = ByteBuffer.wrap(READ_UID.getBytes());
        var response = ByteBuffer.allocate(258);
        assertThat(channel.transmit(command, response)).isEqualTo(9);
        assertThat(command.hasRemaining()).isFalse();
        assertThat(HexFormat.of().formatHex(response.array(), 0, response.position()))
                .isEqualTo("041122334455669000");
        channel.getCard().disconnect(false);
    }

    @Test
    void buffersThatCannotDoAreRefusedBeforeTheCardHearsOfIt() throws CardException {
        var channel = terminal.connect("*").getBasicChannel();
        var command = ByteBuffer.wrap(READ_UID.getBytes());
        assertThatExceptionOfType(ReadOnlyBufferException.class)
                .isThrownBy(() ->
                        channel.transmit(command, ByteBuffer.allocate(258).asReadOnlyBuffer()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> channel.transmit(command, ByteBuffer.allocate(257)));
        assertThatIllegalArgumentException().isThrownBy(() -> channel.transmit(command, command));
        assertThat(inserted.apduCount()).isZero();
        channel.getCard().disconnect(false);
    }

    @Test
    void onlyTheBasicChannelExists() throws CardException {
        var card = terminal.connect("*");
        var channel = card.getBasicChannel();
        assertThat(channel.getChannelNumber()).isZero();
        assertThatExceptionOfType(CardException.class)
                .isThrownBy(card::openLogicalChannel)
                .withMessageContaining("logical channels are not supported");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> channel.transmit(new CommandAPDU(0, 0x70, 0, 0, 1)));
        assertThatIllegalStateException().isThrownBy(channel::close);
        // Not the card's fault: it is still alive.
        assertThat(uid(card)).isEqualTo("04112233445566");
        card.disconnect(false);
    }

    @Test
    void extendedCommandsAndLongAnswersPass() throws CardException {
        remove();
        insert(apdu -> new byte[apdu.length == 7 ? 2_002 : 2]);
        var card = terminal.connect("*");
        var answer = card.getBasicChannel().transmit(new CommandAPDU(0, 0xB0, 0, 0, 2_000));
        assertThat(answer.getData()).hasSize(2_000);
        card.disconnect(false);
    }

    @Test
    void aCardThatSpeaksT0IsAskedForItsAnswerByItself() throws CardException {
        remove();
        insert(new T0Card());
        var card = terminal.connect("*");
        assertThat(card.getProtocol()).isEqualTo("T=0");
        var answer =
                card.getBasicChannel()
                        .transmit(new CommandAPDU(0, 0xA4, 4, 0, new byte[] {1, 2}, 256));
        assertThat(answer.getSW()).isEqualTo(0x9000);
        assertThat(answer.getData()).containsExactly(7, 8, 9);
        card.disconnect(false);
    }

    private static final class T0Card implements CardAnswer {
        @Override
        public byte[] answer(byte[] apdu) {
            return HexFormat.of().parseHex(apdu[1] == (byte) 0xC0 ? "0708099000" : "6103");
        }

        @Override
        public byte[] atr() {
            return HexFormat.of().parseHex("3B021450");
        }
    }
}
