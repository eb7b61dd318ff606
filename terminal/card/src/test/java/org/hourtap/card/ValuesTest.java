package org.hourtap.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ValuesTest {
    @Test
    void aWrappedCommandHasALengthOnlyWhenItHasData() {
        assertThat(Hex.of(CommandApdu.wrapped(0x60).bytes())).isEqualTo("9060000000");
        assertThat(Hex.of(CommandApdu.wrapped(0x5A, Hex.bytes("5548"), Hex.bytes("F5")).bytes()))
                .isEqualTo("905A0000035548F500");
        assertThat(Hex.of(CommandApdu.readUid().bytes())).isEqualTo("FFCA000000");
    }

    @Test
    void aCommandCarriesAtMost255Bytes() {
        assertThat(CommandApdu.wrapped(0x3D, new byte[255]).bytes()).hasSize(261);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CommandApdu.wrapped(0x3D, new byte[256]))
                .withMessageContaining("255");
    }

    @Test
    void aCommandIsAValueAndShowsOnlyItsHeader() {
        CommandApdu command = CommandApdu.wrapped(0xAF, Hex.bytes("C0FFEE"));
        assertThat(command)
                .isEqualTo(CommandApdu.wrapped(0xAF, Hex.bytes("C0FFEE")))
                .hasSameHashCodeAs(CommandApdu.wrapped(0xAF, Hex.bytes("C0FFEE")))
                .isNotEqualTo(CommandApdu.wrapped(0xAF, Hex.bytes("C0FFEF")))
                .hasToString("90AF0000");
        command.bytes()[1] = 0;
        assertThat(command).hasToString("90AF0000");
    }

    @Test
    void anAnswerIsItsDataAndTwoBytesOfStatus() throws Exception {
        ResponseApdu answer = ResponseApdu.parse(Hex.bytes("0102039100"));
        assertThat(answer.data()).isEqualTo(Hex.bytes("010203"));
        assertThat(answer.status()).isEqualTo(StatusWord.DONE);
        answer.data()[0] = 9;
        assertThat(answer.data()).isEqualTo(Hex.bytes("010203"));
        assertThat(ResponseApdu.parse(Hex.bytes("FFFF")).status().value()).isEqualTo(0xFFFF);
    }

    @Test
    void anAnswerWithoutRoomForAStatusIsALostCard() {
        for (String tooShort : new String[] {"", "90"}) {
            assertThatExceptionOfType(CardLostException.class)
                    .isThrownBy(() -> ResponseApdu.parse(Hex.bytes(tooShort)))
                    .withMessageContaining("broke off after " + tooShort.length() / 2);
        }
    }

    @Test
    void aStatusSaysWhatItMeans() {
        assertThat(new StatusWord(0x91AE)).hasToString("91AE authentication failed");
        assertThat(new StatusWord(0x91A0)).hasToString("91A0 no such application");
        assertThat(new StatusWord(0x0001)).hasToString("0001");
        assertThat(new StatusWord(0x911C).isDesfire()).isTrue();
        assertThat(new StatusWord(0x9000).isDesfire()).isFalse();
        for (int outside : new int[] {-1, 0x10000}) {
            assertThatIllegalArgumentException().isThrownBy(() -> new StatusWord(outside));
        }
    }

    @Test
    void aUidHasOneWayToBeWritten() {
        assertThat(Uid.of(Hex.bytes("04a1b2c3d4e5f6"))).isEqualTo(new Uid("04A1B2C3D4E5F6"));
        assertThat(new Uid("04A1B2C3D4E5F6")).hasToString("04A1B2C3D4E5F6");
        for (String wrong :
                new String[] {"", "04", "04a1b2c3d4e5f6", "04A1B2C3D4", "04A1B2C3D4E5F", "XY"}) {
            assertThatIllegalArgumentException().as(wrong).isThrownBy(() -> new Uid(wrong));
        }
        for (int length : new int[] {4, 7, 8, 10}) {
            assertThat(Uid.of(new byte[length]).length()).isEqualTo(length);
        }
    }

    @Test
    void onlyAShortUidThatStartsWith08IsRandom() {
        assertThat(new Uid("08C0FFEE").isRandom()).isTrue();
        assertThat(new Uid("04C0FFEE").isRandom()).isFalse();
        assertThat(new Uid("08A1B2C3D4E5F6").isRandom()).isFalse();
    }

    @Test
    void anApplicationIdGoesOutLeastSignificantByteFirst() {
        assertThat(Hex.of(CardLayout.APPLICATION.bytes())).isEqualTo("5548F5");
        for (int outside : new int[] {0, -1, 0x1000000}) {
            assertThatIllegalArgumentException().isThrownBy(() -> new ApplicationId(outside));
        }
    }

    @Test
    void classesAreOrderedByWhatTheyProve() {
        assertThat(CardClass.DESFIRE_EV2.isAtLeast(CardClass.DESFIRE_EV1)).isTrue();
        assertThat(CardClass.DESFIRE_EV1.isAtLeast(CardClass.DESFIRE_EV1)).isTrue();
        assertThat(CardClass.UID_ONLY.isAtLeast(CardClass.DESFIRE_EV1)).isFalse();
    }

    @Test
    void aClosedKeyIsZeroedAndOfNoUse() {
        AesKey key = Hex.key("000102030405060708090A0B0C0D0E0F");
        assertThat(key.isZeroed()).isFalse();
        key.close();
        assertThat(key.isZeroed()).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> Cmac.of(key, new byte[0]));
    }

    @Test
    void aKeyIsACopyThatTheCallersArrayDoesNotReach() {
        byte[] bytes = Hex.bytes("000102030405060708090A0B0C0D0E0F");
        try (AesKey key = AesKey.of(bytes)) {
            bytes[0] = 1;
            assertThat(key.forCipher().getEncoded()[0]).isZero();
        }
        assertThat(bytes[15]).isEqualTo((byte) 0x0F);
    }

    @Test
    void closingTheRingZeroesEveryMasterKey() {
        byte[] master = Hex.bytes("0F1E2D3C4B5A69788796A5B4C3D2E1F0");
        MasterKeys ring =
                new MasterKeys(Map.of(new KeyName(0, 0), master, new KeyName(1, 0), master));
        assertThat(ring.isZeroed()).isFalse();
        ring.close();
        assertThat(ring.isZeroed()).isTrue();
    }

    @Test
    void noSecretIsEverPrinted() {
        byte[] master = Hex.bytes("0F1E2D3C4B5A69788796A5B4C3D2E1F0");
        AesKey key = AesKey.of(master);
        MasterKeys ring = MasterKeys.forSpending(master);
        assertThat(key).hasToString("AesKey[secret]");
        assertThat(ring).hasToString("MasterKeys[1.0]");
        assertThat(key.forCipher().toString()).doesNotContainIgnoringCase("0F1E");
        key.close();
        assertThat(key).hasToString("AesKey[closed]");
    }

    @Test
    void aChecksumIsTheUsualOneWithoutItsLastInversion() {
        byte[] message = Hex.bytes("313233343536373839");
        assertThat(Crc32.of(message)).isEqualTo(0xCBF43926L ^ 0xFFFFFFFFL);
    }
}
