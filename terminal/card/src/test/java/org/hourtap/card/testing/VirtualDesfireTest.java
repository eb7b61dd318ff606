package org.hourtap.card.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// The virtual card against published vectors and against the real card's manners, without any of
/// the terminal's code.
class VirtualDesfireTest {
    private static final byte[] MASTER = hex("0F1E2D3C4B5A69788796A5B4C3D2E1F0");
    private static final byte[] UID = hex("04A1B2C3D4E5F6");

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static String asked(VirtualDesfire card, String command) {
        return HexFormat.of().withUpperCase().formatHex(card.answer(hex(command)));
    }

    private static VirtualDesfire card() {
        return VirtualDesfire.with(UID, MASTER).build();
    }

    /// AN12196 table 20.
    @Test
    void itsSideOfAnEv2HandshakeIsNxps() {
        byte[] key = new byte[16];
        byte[] b = hex("91517975190DCEA6104948EFA3085C1B");
        byte[] token = hex("FF0306E47DFBC50087C4D8A78E88E62DE1E8BE457AA477C707E2F0874916A8B1");
        Handshake handshake = new Handshake(Handshake.Scheme.EV2_FIRST, 0, key, b);
        assertThat(handshake.sealedB()).isEqualTo(hex("B875CEB0E66A6C5CD00898DC371F92D1"));
        byte[] a = handshake.terminalChallenge(token);
        assertThat(a).isEqualTo(hex("B98F4C50CF1C2E084FD150E33992B048"));
        assertThat(
                        handshake.answer(
                                hex("B98F4C50CF1C2E084FD150E33992B048"), token, hex("7614281A")))
                .isEqualTo(hex("0CC9A8094A8EEA683ECAAC5C7BF20584206D0608D477110FC6B3D5D3F65C3A6A"));
    }

    /// A trace of a real card.
    @Test
    void itsSideOfAnEv1HandshakeIsARealCards() {
        byte[] b = hex("C05DDD714FD788A6B7B754F3C4D066E8");
        byte[] token = hex("36AAD7DF6E436BA08D18613830A70D5AD43E3D3F4A8D47541EEE623A934E4774");
        Handshake handshake = new Handshake(Handshake.Scheme.EV1, 0, new byte[16], b);
        assertThat(handshake.sealedB()).isEqualTo(hex("B969FDFE56FD91FC9DE6F6F213B8FD1E"));
        byte[] a = hex("F44B26F5686F3A391CD38EBD10772281");
        assertThat(handshake.terminalChallenge(token)).isEqualTo(a);
        assertThat(handshake.answer(a, token, new byte[4]))
                .isEqualTo(hex("800DB680BC146BD121D6578F2D2E2059"));
    }

    /// AN10922 2.2.1, which has our shape: 17 bytes of input.
    @Test
    void itsMacIsNxps() {
        byte[] master = hex("00112233445566778899AABBCCDDEEFF");
        assertThat(CardCrypto.cmac(master, hex("0104782E21801D803042F54E585020416275")))
                .isEqualTo(hex("A8DD63A3B89D54B37CA802473FDA9175"));
    }

    @Test
    void aMacThatGoesOnFromNothingIsAPlainMac() {
        for (long seed = 0; seed < 500; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] message = new byte[random.nextInt(40)];
            random.nextBytes(message);
            assertThat(CardCrypto.cmacFrom(MASTER, new byte[16], message))
                    .as("seed %d", seed)
                    .isEqualTo(CardCrypto.cmac(MASTER, message));
        }
    }

    @Test
    void tellsItsUidAndItsVersionInThreeFrames() {
        VirtualDesfire card = card();
        assertThat(asked(card, "FFCA000000")).isEqualTo("04A1B2C3D4E5F69000");
        assertThat(asked(card, "9060000000")).isEqualTo("0401011200160591AF");
        assertThat(asked(card, "90AF000000")).isEqualTo("0401011200160591AF");
        assertThat(asked(card, "90AF000000")).startsWith("04A1B2C3D4E5F6").endsWith("9100");
        assertThat(asked(card, "90AF000000")).isEqualTo("911C");
        assertThat(HexFormat.of().formatHex(card.atr())).isEqualTo("3b8180018080");
        assertThat(card.uid()).isEqualTo(UID);
    }

    @Test
    void saysNoTheWayARealCardDoes() {
        VirtualDesfire card = card();
        assertThat(asked(card, "905A00000301020300")).isEqualTo("91A0");
        assertThat(asked(card, "905A000002010200")).isEqualTo("917E");
        assertThat(asked(card, "9071000002010000")).isEqualTo("9140");
        assertThat(asked(card, "9051000000")).isEqualTo("91AE");
        assertThat(asked(card, "905A0000035548F500")).isEqualTo("9100");
        assertThat(asked(card, "9071000002050000")).isEqualTo("9140");
        assertThat(asked(card, "9071000002010600")).isEqualTo("917E");
        assertThat(asked(card, "90EE000000")).isEqualTo("911C");
        assertThat(asked(card, "00A4040000")).isEqualTo("917E");
    }

    @Test
    void aWrongTokenIsRefusedAndTheHandshakeForgotten() {
        for (String start : new String[] {"9071000002010000", "90AA0000010100"}) {
            VirtualDesfire card = card();
            asked(card, "905A0000035548F500");
            assertThat(asked(card, start)).hasSize(36).endsWith("91AF");
            String token = "90AF000020" + "00".repeat(32) + "00";
            assertThat(asked(card, token)).isEqualTo("91AE");
            assertThat(asked(card, token)).isEqualTo("911C");
            asked(card, start);
            assertThat(asked(card, "90AF000001" + "0000")).isEqualTo("917E");
        }
    }

    @Test
    void eachKindOfCardKnowsItsOwnCommands() {
        VirtualDesfire ev1 = VirtualDesfire.with(UID, MASTER).ev1Only().build();
        assertThat(asked(ev1, "905A0000035548F500")).isEqualTo("9100");
        assertThat(asked(ev1, "9071000002010000")).isEqualTo("911C");
        assertThat(asked(ev1, "90AA0000010100")).endsWith("91AF");
        VirtualDesfire blank = VirtualDesfire.with(UID, MASTER).withoutApplication().build();
        assertThat(asked(blank, "905A0000035548F500")).isEqualTo("91A0");
        assertThat(asked(blank, "905A00000300000000")).isEqualTo("9100");
        VirtualDesfire other = VirtualDesfire.with(UID, MASTER).notADesfire().build();
        assertThat(asked(other, "905A0000035548F500")).isEqualTo("6D00");
        assertThat(asked(other, "FFCA000000")).isEqualTo("04A1B2C3D4E5F69000");
    }

    @Test
    void aPullForgetsTheSelectionAndChallengesNeverRepeat() {
        VirtualDesfire card = card();
        asked(card, "905A0000035548F500");
        String first = asked(card, "9071000002010000");
        assertThat(asked(card, "9071000002010000")).isNotEqualTo(first);
        card.reset();
        assertThat(asked(card, "9071000002010000")).isEqualTo("9140");
        VirtualDesfire seeded = VirtualDesfire.with(UID, MASTER).seed(5).build();
        asked(seeded, "905A0000035548F500");
        assertThat(asked(seeded, "9071000002010000")).isNotEqualTo(first);
    }

    @Test
    void answersAnyBytesWithAStatus() {
        VirtualDesfire card = card();
        Probe probe = new Probe(card);
        byte[] key = CardCrypto.diversified(MASTER, UID, hex("5548F5"), 1);
        int[] selected = {0x5A, 0x71, 0x8B, 0xAB, 0xAD, 0xAF, 0xC7, 0xCA, 0xC0, 0x3B, 0x3D};
        for (long seed = 0; seed < 20_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            if (seed % 50 == 0) {
                probe.select(PersonalCard.APPLICATION_ID);
                assertThat(probe.ev2First(1, key)).as("seed %d", seed).isTrue();
            }
            byte[] command = new byte[random.nextInt(50)];
            random.nextBytes(command);
            if (command.length > 6 && random.nextInt(4) > 0) {
                boolean known = random.nextBoolean();
                int instruction = known ? selected[random.nextInt(selected.length)] : command[1];
                command[0] = (byte) 0x90;
                command[1] = (byte) instruction;
                command[2] = 0;
                command[3] = 0;
                command[4] = (byte) (command.length - 6);
                command[command.length - 1] = 0;
            }
            assertThat(card.answer(command))
                    .as("seed %d", seed)
                    .hasSizeGreaterThanOrEqualTo(2)
                    .hasSizeLessThanOrEqualTo(255);
        }
        assertThat(card.records()).as("nothing was written without the key").isEmpty();
    }
}
