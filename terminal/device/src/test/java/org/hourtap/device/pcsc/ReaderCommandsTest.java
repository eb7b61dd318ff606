package org.hourtap.device.pcsc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import org.hourtap.tap.Cue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ReaderCommandsTest {
    private static final HexFormat HEX = HexFormat.of().withUpperCase().withDelimiter(" ");

    @ParameterizedTest
    @CsvSource({
        "ACS ACR122U PICC Interface 00 00, ACR122U",
        "ACS ACR122U 00 00, ACR122U",
        "ACS ACR1252 Dual Reader [ACR1252 Dual Reader PICC] 00 00, ACR1252U",
        "acs acr1252 1s cl reader picc 0, ACR1252U",
        "HID OMNIKEY 5022 CL 00 00, OTHER",
        "Virtual PCD 00 00, OTHER",
    })
    void aReaderIsKnownByItsName(String name, ReaderModel model) {
        assertThat(ReaderModel.of(name)).isEqualTo(model);
    }

    @Test
    void atTheStartAnAcr122IsMadeSilentAndLooksForTypeAOnly() {
        assertThat(hex(ReaderCommands.atConnect(ReaderModel.ACR122U, OptionalInt.empty())))
                .containsExactly("FF 00 52 00 00", "FF 00 51 E1 00");
    }

    @Test
    void anAcr1252IsLeftAsItIsUnlessItsBehaviourIsConfigured() {
        assertThat(ReaderCommands.atConnect(ReaderModel.ACR1252U, OptionalInt.empty())).isEmpty();
        assertThat(hex(ReaderCommands.atConnect(ReaderModel.ACR1252U, OptionalInt.of(0x8F))))
                .containsExactly("E0 00 00 21 01 8F");
    }

    /// The second and third lines of each kind are the makers' own examples, the blinking of the
    /// third shortened and slowed to twice a second.
    @ParameterizedTest
    @CsvSource({
        "READY,          true,  FF 00 40 0C 04 00 00 00 00",
        "WELCOME,        true,  FF 00 40 2E 04 01 00 01 01",
        "SHIFT_STARTED,  true,  FF 00 40 2E 04 01 00 01 01",
        "SHIFT_ENDED,    true,  FF 00 40 2E 04 01 00 01 01",
        "PLEASE_ASK,     true,  FF 00 40 5D 04 02 03 02 01",
        "HOLD_AGAIN,     true,  FF 00 40 3F 04 03 00 01 01",
        "OUT_OF_SERVICE, true,  FF 00 40 0D 04 00 00 00 00",
        "READY,          false, FF 00 40 0C 04 00 00 00 00",
        "WELCOME,        false, FF 00 40 2C 04 05 00 01 01",
        "PLEASE_ASK,     false, FF 00 40 5C 04 02 03 02 01",
        "HOLD_AGAIN,     false, FF 00 40 3C 04 03 00 01 01",
        "OUT_OF_SERVICE, false, FF 00 40 0C 04 00 00 00 00",
    })
    void theAcr122SaysACueWithOneCommand(Cue.Kind kind, boolean lasting, String command) {
        assertThat(hex(ReaderCommands.answer(ReaderModel.ACR122U, kind, lasting)))
                .containsExactly(command);
    }

    @ParameterizedTest
    @CsvSource({
        "READY,          E0 00 00 29 01 00",
        "WELCOME,        E0 00 00 29 01 02|E0 00 00 28 01 0A",
        "SHIFT_STARTED,  E0 00 00 29 01 02|E0 00 00 28 01 0A",
        "SHIFT_ENDED,    E0 00 00 29 01 02|E0 00 00 28 01 0A",
        "PLEASE_ASK,     E0 00 00 29 01 01|E0 00 00 28 01 3C",
        "HOLD_AGAIN,     E0 00 00 29 01 03|E0 00 00 28 01 1E",
        "OUT_OF_SERVICE, E0 00 00 29 01 01",
    })
    void theAcr1252SaysACueWithItsLampAndThenItsBeeper(Cue.Kind kind, String commands) {
        assertThat(hex(ReaderCommands.answer(ReaderModel.ACR1252U, kind, true)))
                .containsExactly(commands.split("\\|"));
    }

    @ParameterizedTest
    @EnumSource(Cue.Kind.class)
    void aCommandKeepsTheReaderBusyForASecondAtMostAndBlinksTwiceASecondAtMost(Cue.Kind kind) {
        for (boolean lasting : new boolean[] {true, false}) {
            byte[] command = ReaderCommands.answer(ReaderModel.ACR122U, kind, lasting).getFirst();
            int tenths = (command[5] + command[6]) * command[7];
            assertThat(tenths).isLessThanOrEqualTo(10);
            if (command[7] > 1) {
                assertThat(command[5] + command[6]).isGreaterThanOrEqualTo(5);
            }
            if (!lasting) {
                assertThat(command[3] & 0x03).as("lamps left on").isZero();
            }
        }
    }

    @Test
    void anotherReaderIsToldNothing() {
        assertThat(ReaderCommands.atConnect(ReaderModel.OTHER, OptionalInt.of(1))).isEmpty();
        assertThat(ReaderCommands.question(ReaderModel.OTHER)).isEmpty();
        for (Cue.Kind kind : Cue.Kind.values()) {
            assertThat(ReaderCommands.answer(ReaderModel.OTHER, kind, true)).isEmpty();
        }
    }

    @Test
    void aFirmwareIsTextWithNoStatusBehindItAndMayHaveAHeaderBeforeIt() {
        assertThat(hex(ReaderCommands.question(ReaderModel.ACR122U)))
                .containsExactly("FF 00 48 00 00");
        assertThat(hex(ReaderCommands.question(ReaderModel.ACR1252U)))
                .containsExactly("E0 00 00 18 00");
        assertThat(ReaderCommands.firmware("ACR122U215".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo("ACR122U215");
        assertThat(
                        ReaderCommands.firmware(
                                HexFormat.of().parseHex("e10000000f41435231323532555f5631303000")))
                .isEqualTo("ACR1252U_V100");
        assertThat(ReaderCommands.firmware(new byte[0])).isEmpty();
    }

    private static List<String> hex(List<byte[]> commands) {
        return commands.stream().map(HEX::formatHex).toList();
    }
}
