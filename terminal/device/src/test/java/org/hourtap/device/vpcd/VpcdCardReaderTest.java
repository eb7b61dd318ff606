package org.hourtap.device.vpcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hourtap.device.testing.Taps.ALYS;
import static org.hourtap.device.testing.Taps.BRAN;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import org.hourtap.card.CardChannel;
import org.hourtap.card.CardClass;
import org.hourtap.card.CardIdentifier;
import org.hourtap.card.CardLostException;
import org.hourtap.card.MasterKeys;
import org.hourtap.device.testing.VirtualCards;
import org.hourtap.runtime.SystemTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class VpcdCardReaderTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration NOW = Duration.ofMillis(30);

    private VpcdCardReader reader;

    @BeforeEach
    void open() throws Exception {
        reader = VpcdCardReader.open(0, SystemTime::bootMicros);
    }

    @AfterEach
    void close() {
        reader.close();
    }

    @Test
    void aGenuineCardProvesItselfThroughTheSocket() throws Exception {
        try (VirtualCards.Held _ =
                VirtualCards.hold(reader.port(), VirtualCards.genuine(ALYS).build())) {
            CardChannel channel = reader.awaitCard(SOON).orElseThrow();
            CardIdentifier identifier =
                    new CardIdentifier(
                            MasterKeys.forSpending(VirtualCards.MASTER), SystemTime::randomBytes);
            assertThat(identifier.identify(channel).cardClass()).isEqualTo(CardClass.DESFIRE_EV2);
            assertThat(reader.release(NOW)).isFalse();
        }
        assertThat(reader.release(SOON)).isTrue();
        assertThat(reader.awaitCard(NOW)).isEmpty();
    }

    @Test
    void aSecondCardWaitsUntilTheFirstHasLeft() throws Exception {
        VirtualCards.Held first =
                VirtualCards.hold(reader.port(), VirtualCards.genuine(ALYS).build());
        try (VirtualCards.Held _ =
                VirtualCards.hold(reader.port(), VirtualCards.genuine(BRAN).build())) {
            assertThat(uid(reader.awaitCard(SOON))).isEqualTo(ALYS.value());
            first.close();
            assertThat(reader.release(SOON)).isTrue();
            assertThat(uid(reader.awaitCard(SOON))).isEqualTo(BRAN.value());
        }
    }

    @Test
    void aCardTakenAwayInMidExchangeIsLost() throws Exception {
        VirtualCards.Held held =
                VirtualCards.hold(reader.port(), VirtualCards.genuine(ALYS).build());
        CardChannel channel = reader.awaitCard(SOON).orElseThrow();
        held.close();
        assertThatThrownBy(() -> uid(Optional.of(channel))).isInstanceOf(CardLostException.class);
        assertThat(reader.release(SOON)).isTrue();
    }

    @Test
    void whoeverSendsGarbageOnlyLosesTheirOwnConnection() throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 50; i++) {
            try (Socket stranger = new Socket(InetAddress.getLoopbackAddress(), reader.port())) {
                byte[] garbage = new byte[random.nextInt(1, 3_000)];
                random.nextBytes(garbage);
                stranger.getOutputStream().write(garbage);
                stranger.shutdownOutput();
                Optional<CardChannel> channel = reader.awaitCard(SOON);
                if (channel.isPresent()) {
                    assertThatThrownBy(
                                    () -> {
                                        for (int ask = 0; ask < 2_000; ask++) {
                                            uid(channel);
                                        }
                                    })
                            .isInstanceOf(CardLostException.class);
                }
            } catch (IOException e) {
                // thrown out, as it should be
            }
        }
        try (VirtualCards.Held _ =
                VirtualCards.hold(reader.port(), VirtualCards.genuine(ALYS).build())) {
            Optional<CardChannel> channel = reader.awaitCard(SOON);
            while (channel.isEmpty()) {
                channel = reader.awaitCard(SOON);
            }
            assertThat(uid(channel)).isEqualTo(ALYS.value());
        }
    }

    @Test
    void aCardThatNeverAnswersIsLostAfterAWhile() throws Exception {
        try (Socket mute = new Socket(InetAddress.getLoopbackAddress(), reader.port())) {
            mute.getOutputStream().write(VirtualCards.frame((byte) 0x3B, (byte) 0x80));
            CardChannel channel = reader.awaitCard(SOON).orElseThrow();
            assertThatThrownBy(() -> channel.transceive(new byte[] {0, 0}))
                    .isInstanceOf(CardLostException.class);
        }
    }

    @Test
    void aPortInUseIsNamedTogetherWithItsSetting() {
        assertThatThrownBy(() -> VpcdCardReader.open(reader.port(), SystemTime::bootMicros))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Port " + reader.port())
                .hasMessageContaining("reader.port");
    }

    private static String uid(Optional<CardChannel> channel) throws CardLostException {
        byte[] answer =
                channel.orElseThrow().transceive(new byte[] {(byte) 0xFF, (byte) 0xCA, 0, 0, 0});
        return java.util.HexFormat.of().withUpperCase().formatHex(answer, 0, answer.length - 2);
    }
}
