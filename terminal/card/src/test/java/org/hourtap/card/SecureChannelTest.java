package org.hourtap.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.util.List;
import org.hourtap.card.PublishedVectors.Ev1Command;
import org.hourtap.card.PublishedVectors.Ev2Command;
import org.hourtap.card.PublishedVectors.Ev2Session;
import org.hourtap.card.PublishedVectors.Exchange;
import org.hourtap.card.PublishedVectors.Session;
import org.hourtap.card.testing.Counts;
import org.junit.jupiter.api.Test;

class SecureChannelTest {
    private static final String EV1_SESSION_KEY =
            PublishedVectors.EV1_HANDSHAKES.getLast().sessionKey();

    /// The session of NXP's GetCardUID.
    private static final Ev2Session CARD_UID = PublishedVectors.EV2_SESSIONS.get(1);

    private static Ev2Channel open(CardChannel card, Session session) {
        return new Ev2Channel(
                card,
                new SessionKeys(Hex.key(session.encryption()), Hex.key(session.mac())),
                Hex.bytes(session.transactionId()),
                session.counter());
    }

    private static byte[] run(SecureChannel channel, Exchange vector)
            throws CardLostException, CardRefusedException {
        return channel.exchange(
                vector.mode(),
                vector.instruction(),
                Hex.bytes(vector.header()),
                Hex.bytes(vector.data()),
                Hex.bytes(vector.clear()).length);
    }

    private static String wire(Exchange vector) {
        return Hex.of(
                CommandApdu.wrapped(vector.instruction(), Hex.bytes(vector.command())).bytes());
    }

    @Test
    void meetsThePublishedEv2Exchanges() throws Exception {
        for (Ev2Session session : PublishedVectors.EV2_SESSIONS) {
            ScriptedCard card = new ScriptedCard();
            SecureChannel channel = open(card, session.start());
            for (Exchange vector : session.exchanges()) {
                card.turn(wire(vector), vector.answer() + "9100");
                assertThat(Hex.of(run(channel, vector)))
                        .as(vector.source())
                        .isEqualTo(vector.clear());
            }
            card.assertFinished();
        }
    }

    @Test
    void meetsARealEv1CardsChainOfCommands() throws Exception {
        ScriptedCard card = new ScriptedCard();
        SecureChannel channel = new Ev1Channel(card, Hex.key(EV1_SESSION_KEY));
        int position = 0;
        for (Exchange vector : PublishedVectors.EV1_CHAIN) {
            card.turn(wire(vector), vector.answer() + "9100");
            assertThat(Hex.of(run(channel, vector)))
                    .as("%d of %s", position++, vector.source())
                    .isEqualTo(vector.clear());
        }
        card.assertFinished();
    }

    @Test
    void meetsThePublishedEv2CommandsAfterWhichASessionIsOver() throws Exception {
        for (Ev2Command vector : PublishedVectors.EV2_COMMANDS) {
            byte[] command =
                    CommandApdu.wrapped(vector.instruction(), Hex.bytes(vector.wire())).bytes();
            ScriptedCard card = new ScriptedCard().turn(Hex.of(command), "9100");
            Ev2Channel channel = open(card, vector.start());
            channel.exchangeLast(
                    CommMode.FULL,
                    vector.instruction(),
                    Hex.bytes(vector.header()),
                    Hex.bytes(vector.data()));
            card.assertFinished();
            assertThat(channel.keys().isZeroed()).as(vector.source()).isTrue();
        }
    }

    @Test
    void aKeyIsChangedAsNxpPrintsIt() throws Exception {
        Ev2Command vector = PublishedVectors.EV2_COMMANDS.getFirst();
        byte[] command = CommandApdu.wrapped(0xC4, Hex.bytes(vector.wire())).bytes();
        ScriptedCard card = new ScriptedCard().turn(Hex.of(command), "9100");
        AesKey key = Hex.key("01234567890123456789012345678901");
        KeyChange.ofOwn(open(card, vector.start()), 0, key, 0);
        card.assertFinished();
        assertThat(key.isZeroed()).isFalse();
    }

    @Test
    void afterItsLastCommandASessionIsOverWhateverTheAnswer() {
        Session start = PublishedVectors.EV2_COMMANDS.getFirst().start();
        for (String answer : List.of("9100", "911E", "9000", "00".repeat(8) + "9100", "91")) {
            CardChannel card = command -> Hex.bytes(answer);
            for (SecureChannel channel :
                    List.of(open(card, start), new Ev1Channel(card, Hex.key(EV1_SESSION_KEY)))) {
                boolean isDone = true;
                try {
                    channel.exchangeLast(CommMode.FULL, 0xC4, Bytes.of(0), new byte[17]);
                } catch (CardLostException | CardRefusedException e) {
                    isDone = false;
                }
                assertThat(isDone).as(answer).isEqualTo(answer.equals("9100"));
                assertThat(channel.isClosed()).isTrue();
                assertThatIllegalStateException()
                        .isThrownBy(() ->
                                channel.exchangeLast(CommMode.MAC, 0xC4, Bytes.NONE, Bytes.NONE));
            }
        }
    }

    @Test
    void meetsARealEv1CardsEncipheredCommands() throws Exception {
        for (Ev1Command vector : PublishedVectors.EV1_COMMANDS) {
            ScriptedCard card =
                    new ScriptedCard().turn("90C4000021" + "00" + vector.wire() + "00", "9100");
            SecureChannel channel = new Ev1Channel(card, Hex.key(vector.sessionKey()));
            channel.exchangeLast(
                    CommMode.FULL, 0xC4, Hex.bytes(vector.header()), Hex.bytes(vector.data()));
            card.assertFinished();
            assertThat(channel.isClosed()).isTrue();
            byte[] summed = Hex.bytes("C4" + vector.header() + vector.data());
            assertThat(Hex.of(Bytes.lsbFirst(Crc32.of(summed), 4))).isEqualTo(vector.crc());
        }
    }

    @Test
    void theUidComesEncipheredAsNxpPrintsIt() throws Exception {
        Exchange vector = CARD_UID.exchanges().getFirst();
        ScriptedCard card = new ScriptedCard().turn(wire(vector), vector.answer() + "9100");
        assertThat(open(card, CARD_UID.start()).cardUid()).isEqualTo(new Uid("04958CAA5C5E80"));
    }

    @Test
    void everyBitOfAnEv2AnswerCounts() {
        Exchange vector = CARD_UID.exchanges().getFirst();
        byte[] answer = Hex.bytes(vector.answer());
        for (int bit = 0; bit < answer.length * 8; bit++) {
            byte[] flipped = answer.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            Ev2Channel channel =
                    open(command -> Hex.bytes(Hex.of(flipped) + "9100"), CARD_UID.start());
            assertRefusedAndClosed(channel);
            assertThat(channel.keys().isZeroed()).as("bit %d", bit).isTrue();
        }
    }

    @Test
    void everyBitOfAnEv1AnswerCounts() {
        Exchange vector = PublishedVectors.EV1_CHAIN.getFirst();
        byte[] answer = Hex.bytes(vector.answer());
        for (int bit = 0; bit < answer.length * 8; bit++) {
            byte[] flipped = answer.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            CardChannel card = command -> Hex.bytes(Hex.of(flipped) + "9100");
            Ev1Channel channel = new Ev1Channel(card, Hex.key(EV1_SESSION_KEY));
            assertThatExceptionOfType(CardRefusedException.class)
                    .isThrownBy(() -> run(channel, vector))
                    .withMessageContaining("MAC is wrong");
            assertThat(channel.key().isZeroed()).isTrue();
        }
    }

    @Test
    void anEncipheredEv1AnswerWithAWrongChecksumIsRefused() {
        CardChannel card = command -> Hex.bytes("5A".repeat(16) + "9100");
        Ev1Channel channel = new Ev1Channel(card, Hex.key(EV1_SESSION_KEY));
        assertThatExceptionOfType(CardRefusedException.class)
                .isThrownBy(channel::cardUid)
                .withMessageContaining("checksum is wrong");
        assertThat(channel.isClosed()).isTrue();
    }

    @Test
    void aRepeatedAnswerIsRefused() throws Exception {
        Exchange vector = CARD_UID.exchanges().getFirst();
        CardChannel replaying = command -> Hex.bytes(vector.answer() + "9100");
        Ev2Channel channel = open(replaying, CARD_UID.start());
        assertThat(channel.cardUid().hex()).isEqualTo("04958CAA5C5E80");
        assertRefusedAndClosed(channel);
    }

    /// A DESFire answers 917E, not 911E, to a session it no longer has.
    @Test
    void anErrorStatusEndsTheSession() {
        for (String status : List.of("917E", "911E", "91AE", "91AF", "9000", "6D00")) {
            Ev2Channel channel = open(command -> Hex.bytes(status), CARD_UID.start());
            assertThatExceptionOfType(CardRefusedException.class)
                    .isThrownBy(channel::cardUid)
                    .satisfies(e -> assertThat(e.step()).isEqualTo(CardStep.SESSION))
                    .satisfies(e -> assertThat(e.status()).isPresent());
            assertThat(channel.isClosed()).isTrue();
        }
    }

    @Test
    void plainAnswersInAnEv2SessionMoveTheCounterToo() throws Exception {
        Exchange debit = PublishedVectors.EV2_SESSIONS.get(6).exchanges().getFirst();
        Session start = PublishedVectors.EV2_SESSIONS.get(6).start();
        ScriptedCard card =
                new ScriptedCard()
                        .turn("90600000" + "00", "01029100")
                        .turn(wire(debit), debit.answer() + "9100");
        Session oneEarlier =
                new Session(
                        start.encryption(),
                        start.mac(),
                        start.transactionId(),
                        start.counter() - 1);
        SecureChannel channel = open(card, oneEarlier);
        assertThat(channel.exchange(CommMode.PLAIN, 0x60, Bytes.NONE, Bytes.NONE, 2))
                .isEqualTo(Hex.bytes("0102"));
        assertThat(run(channel, debit)).isEmpty();
    }

    @Test
    void aSessionWhoseCounterIsUsedUpIsOver() {
        Session end = new Session(EV1_SESSION_KEY, EV1_SESSION_KEY, "00000000", 0xFFFF);
        Ev2Channel channel = open(new ScriptedCard(), end);
        assertThatExceptionOfType(CardRefusedException.class)
                .isThrownBy(channel::cardUid)
                .withMessageContaining("counter");
        assertThat(channel.isClosed()).isTrue();
    }

    @Test
    void aLostCardZeroesTheSessionKeys() {
        CardChannel gone =
                command -> {
                    throw new CardLostException("gone");
                };
        Ev2Channel ev2 = open(gone, CARD_UID.start());
        Ev1Channel ev1 = new Ev1Channel(gone, Hex.key(EV1_SESSION_KEY));
        assertThatExceptionOfType(CardLostException.class).isThrownBy(ev2::cardUid);
        assertThatExceptionOfType(CardLostException.class).isThrownBy(ev1::cardUid);
        assertThat(ev2.keys().isZeroed()).isTrue();
        assertThat(ev1.key().isZeroed()).isTrue();
        assertThat(ev2.isClosed()).isTrue();
        assertThat(ev1.isClosed()).isTrue();
    }

    @Test
    void closingZeroesAndNothingCanBeAskedAfterwards() {
        Ev2Channel ev2 = open(new ScriptedCard(), CARD_UID.start());
        Ev1Channel ev1 = new Ev1Channel(new ScriptedCard(), Hex.key(EV1_SESSION_KEY));
        assertThat(ev2.keys().isZeroed()).isFalse();
        assertThat(ev1.key().isZeroed()).isFalse();
        for (int twice = 0; twice < 2; twice++) {
            ev2.close();
            ev1.close();
            assertThat(ev2.keys().isZeroed()).isTrue();
            assertThat(ev2.transactionId()).containsOnly(0);
            assertThat(ev1.key().isZeroed()).isTrue();
        }
        assertThatIllegalStateException().isThrownBy(ev2::cardUid).withMessageContaining("over");
        assertThatIllegalStateException().isThrownBy(ev1::cardUid).withMessageContaining("over");
    }

    @Test
    void thePublishedVectorsAreAllThere() throws IOException {
        assertThat(PublishedVectors.count()).isEqualTo(44);
        Counts.tell("vectors", "published vectors: " + PublishedVectors.count() + " checked");
    }

    private static void assertRefusedAndClosed(SecureChannel channel) {
        assertThatExceptionOfType(CardRefusedException.class)
                .isThrownBy(channel::cardUid)
                .withMessageContaining("MAC is wrong");
        assertThat(channel.isClosed()).isTrue();
    }
}
