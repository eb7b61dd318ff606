package org.hourtap.device.pcsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hourtap.device.testing.Taps.ALYS;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import org.hourtap.card.Authenticated;
import org.hourtap.card.CardChannel;
import org.hourtap.card.CardClass;
import org.hourtap.card.CardIdentifier;
import org.hourtap.card.CardLostException;
import org.hourtap.card.CardRefusedException;
import org.hourtap.card.MasterKeys;
import org.hourtap.card.testing.VirtualDesfire;
import org.hourtap.device.CapturedLog;
import org.hourtap.device.testing.VirtualCards;
import org.hourtap.runtime.SystemTime;
import org.hourtap.smartcardio.PcscLite;
import org.hourtap.smartcardio.testing.CardAnswer;
import org.hourtap.smartcardio.testing.PcscDaemon;
import org.hourtap.smartcardio.testing.VirtualReader;
import org.hourtap.smartcardio.testing.VpcdCard;
import org.hourtap.tap.Cue;
import org.hourtap.tap.ReaderException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The way a terminal goes, through a real pcscd: all but the cable and the radio field.
@Timeout(120)
class RealPcscTest {
    private static final Duration SLICE = Duration.ofMillis(200);
    private static final int SLICES_MAX = 100;

    private static PcscDaemon daemon;
    private static VirtualReader slot;

    private final CardIdentifier identifier =
            new CardIdentifier(
                    MasterKeys.forSpending(VirtualCards.MASTER), SystemTime::randomBytes);

    @BeforeAll
    static void startPcscd() {
        slot = VirtualReader.onFreePorts("ACS ACR122U").getFirst();
        daemon = PcscDaemon.start(List.of(slot));
    }

    @AfterAll
    static void stopPcscd() {
        daemon.close();
    }

    @Test
    void aCardIsIdentifiedOnceForEachTimeItIsHeldToTheReader() throws Exception {
        try (PcscCardReader reader = reader()) {
            for (int i = 0; i < 2; i++) {
                try (VpcdCard _ = VpcdCard.insert(slot, answer())) {
                    Authenticated proved = identify(reader);
                    assertThat(proved.uid().hex()).isEqualTo(ALYS.value());
                    assertThat(proved.cardClass()).isEqualTo(CardClass.DESFIRE_EV2);
                    assertThat(reader.release(SLICE)).isFalse();
                }
                released(reader);
            }
        }
    }

    @Test
    void aCardPulledInMidExchangeIsLostAndTheNextOneWorks() throws Exception {
        try (PcscCardReader reader = reader()) {
            for (int apdu = 1; apdu <= 3; apdu++) {
                try (VpcdCard _ = VpcdCard.insert(slot, answer(), VpcdCard.Pull.before(apdu))) {
                    assertThatThrownBy(() -> identify(reader))
                            .isInstanceOf(CardLostException.class);
                }
                released(reader);
            }
            try (VpcdCard _ = VpcdCard.insert(slot, answer())) {
                assertThat(identify(reader).uid().hex()).isEqualTo(ALYS.value());
            }
            released(reader);
        }
    }

    @Test
    void aReaderWhosePcscdDiedSaysSoAndWorksByItselfWhenItIsBack() throws Exception {
        try (PcscCardReader reader = reader()) {
            assertThat(reader.awaitCard(SLICE)).isEmpty();
            daemon.kill();
            assertThatThrownBy(() -> reader.awaitCard(SLICE))
                    .isInstanceOf(ReaderException.class)
                    .hasMessageContaining("pcscd");
            daemon.start();
            try (VpcdCard _ = VpcdCard.insert(slot, answer())) {
                assertThat(identify(reader).uid().hex()).isEqualTo(ALYS.value());
            }
            released(reader);
        }
    }

    /// The virtual reader allows no escape commands and is called what a real one is called, so the
    /// lamps are spoken to over the card's connection, and the card hears what a reader would keep
    /// for itself.
    @Test
    void theLightComesAfterAllThatIsSaidToTheCardAndOnlyForAnAnswer() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        VirtualDesfire chip = VirtualCards.genuine(ALYS).build();
        ReaderLights lights = new ReaderLights(true, OptionalInt.empty(), SystemTime::bootMicros);
        try (CapturedLog log = new CapturedLog(ReaderLights.class);
                PcscCardReader reader = reader(lights)) {
            CardAnswer noting =
                    apdu -> {
                        heard.add(HexFormat.of().formatHex(apdu));
                        return chip.answer(apdu);
                    };
            try (VpcdCard _ = VpcdCard.insert(slot, noting)) {
                identify(reader);
                assertThat(heard).noneMatch(apdu -> apdu.startsWith("ff00"));
                lights.show(Cue.plain(Cue.Kind.WELCOME, "en"));
                assertThat(heard).noneMatch(apdu -> apdu.startsWith("ff00"));
                assertThat(reader.release(SLICE)).isFalse();
                assertThat(heard)
                        .endsWith("ff00402c0405000101", "ff00520000", "ff0051e100")
                        .startsWith("ffca000000");
            }
            released(reader);
            assertThat(log.messages()).hasSize(1).first().asString().contains("libccid_Info");
        }
    }

    private static PcscCardReader reader() {
        return reader(ReaderLights.none());
    }

    private static PcscCardReader reader(ReaderLights lights) {
        return new PcscCardReader(
                new PcscLite(() -> SystemTime.bootMicros() * 1_000),
                slot.name() + " 00 00",
                lights);
    }

    private Authenticated identify(PcscCardReader reader) throws Exception {
        for (int i = 0; i < SLICES_MAX; i++) {
            Optional<CardChannel> channel = reader.awaitCard(SLICE);
            if (channel.isPresent()) {
                return identifyAtMostTwice(channel.get());
            }
        }
        throw new AssertionError("no card seen; pcscd says: " + daemon.log());
    }

    /// As the reader loop does, for the same reason.
    private Authenticated identifyAtMostTwice(CardChannel channel) throws Exception {
        try {
            return identifier.identify(channel);
        } catch (CardRefusedException e) {
            return identifier.identify(channel);
        }
    }

    private static void released(PcscCardReader reader) throws Exception {
        for (int i = 0; i < SLICES_MAX; i++) {
            if (reader.release(SLICE)) {
                return;
            }
        }
        throw new AssertionError("the card never left");
    }

    private static CardAnswer answer() {
        VirtualDesfire card = VirtualCards.genuine(ALYS).build();
        return new CardAnswer() {
            @Override
            public byte[] answer(byte[] apdu) {
                return card.answer(apdu);
            }

            @Override
            public void reset() {
                card.reset();
            }
        };
    }
}
