package org.hourtap.device.pcsc;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import org.hourtap.tap.Cue;

/// What is said to the reader itself, as bytes. Written from the makers' documents
/// (API-ACR122U-2.04 and the peripheral commands of the ACR1252U) and not yet tried on either.
///
/// Welcomes of all kinds look and sound the same: nobody at the door hears who worked and who paid.
///
/// ```
/// ACR122U    FF 00 40 P2 04 T1 T2 repetitions link     times in 100 ms; answers 90 and the lamps' state
///            P2: 1 red, 2 green at the end · 4, 8 change red, green · 10, 20 red, green at first ·
///                40, 80 red, green blink
///            link: 1 = the beeper sounds during T1
/// ACR1252U   E0 00 00 29 01 lamps       1 red, 2 green
///            E0 00 00 28 01 time        beeper, in 10 ms
/// ```
final class ReaderCommands {
    private static final int GREEN_ONLY = 0x0E;
    private static final int RED_ONLY = 0x0D;
    private static final int BOTH = 0x0F;
    private static final int NEITHER = 0x0C;
    private static final int RED_FIRST = 0x10;
    private static final int GREEN_FIRST = 0x20;
    private static final int RED_BLINKS = 0x40;

    private ReaderCommands() {}

    /// What a reader is told whenever it is found: its memory ends with its power.
    ///
    /// The ACR1252U has one command for what its lamp and beeper do of their own accord (21). What
    /// its bits mean is not verified, so it is sent only if somebody looked it up and configured
    /// it; nor is a command known to us that makes it look for type A alone.
    ///
    /// @param behaviour the configured byte for the ACR1252U
    static List<byte[]> atConnect(ReaderModel model, OptionalInt behaviour) {
        return switch (model) {
            case ACR122U ->
                    List.of(
                            // No beep when it sees a card: a sound before the commit is a promise.
                            bytes(0xFF, 0x00, 0x52, 0x00, 0x00),
                            // Look for type A only, every 250 ms, and activate what is found.
                            bytes(0xFF, 0x00, 0x51, 0xE1, 0x00));
            case ACR1252U ->
                    behaviour.isPresent()
                            ? List.of(bytes(0xE0, 0x00, 0x00, 0x21, 0x01, behaviour.getAsInt()))
                            : List.of();
            case OTHER -> List.of();
        };
    }

    /// What a cue does to light and beeper. A command blocks the reader while it blinks, so none
    /// takes longer than a second, and none blinks faster than twice a second.
    ///
    /// @param lasting whether somebody will put the light out later; otherwise it goes out with the
    ///   command that lit it, because a green light left behind would welcome the next person
    static List<byte[]> answer(ReaderModel model, Cue.Kind kind, boolean lasting) {
        return switch (model) {
            case ACR122U -> List.of(acr122(kind, lasting));
            case ACR1252U -> acr1252(kind);
            case OTHER -> List.of();
        };
    }

    /// Asks the reader what it is; also the way to see whether it still answers.
    static List<byte[]> question(ReaderModel model) {
        return switch (model) {
            case ACR122U -> List.of(bytes(0xFF, 0x00, 0x48, 0x00, 0x00));
            case ACR1252U -> List.of(bytes(0xE0, 0x00, 0x00, 0x18, 0x00));
            case OTHER -> List.of();
        };
    }

    /// The readable part of the answer to [#question]. The ACR122U answers with text and no status
    /// (a strict reader of answers would take its last two digits for one); the ACR1252U puts a
    /// header before it.
    static String firmware(byte[] answer) {
        return new String(answer, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]", "").strip();
    }

    /// @return whether the reader also hears these commands among those for the card on it
    static boolean isHeardAmongCardCommands(ReaderModel model) {
        return model == ReaderModel.ACR122U;
    }

    private static byte[] acr122(Cue.Kind kind, boolean lasting) {
        return switch (kind) {
            case READY -> lamps(NEITHER, 0, 0, 0, 0);
            case WELCOME, SHIFT_STARTED, SHIFT_ENDED ->
                    lasting
                            ? lamps(GREEN_ONLY | GREEN_FIRST, 1, 0, 1, 1)
                            : lamps(NEITHER | GREEN_FIRST, 5, 0, 1, 1);
            // 200 ms with a beep and 300 ms without, twice.
            case PLEASE_ASK ->
                    lamps((lasting ? RED_ONLY : NEITHER) | RED_FIRST | RED_BLINKS, 2, 3, 2, 1);
            case HOLD_AGAIN ->
                    lamps((lasting ? BOTH : NEITHER) | RED_FIRST | GREEN_FIRST, 3, 0, 1, 1);
            case OUT_OF_SERVICE -> lamps(lasting ? RED_ONLY : NEITHER, 0, 0, 0, 0);
        };
    }

    private static byte[] lamps(int state, int first, int second, int repetitions, int link) {
        return bytes(0xFF, 0x00, 0x40, state, 0x04, first, second, repetitions, link);
    }

    private static List<byte[]> acr1252(Cue.Kind kind) {
        return switch (kind) {
            case READY -> List.of(light(0));
            case WELCOME, SHIFT_STARTED, SHIFT_ENDED -> List.of(light(2), beep(10));
            case PLEASE_ASK -> List.of(light(1), beep(60));
            case HOLD_AGAIN -> List.of(light(3), beep(30));
            case OUT_OF_SERVICE -> List.of(light(1));
        };
    }

    private static byte[] light(int lamps) {
        return bytes(0xE0, 0x00, 0x00, 0x29, 0x01, lamps);
    }

    private static byte[] beep(int hundredths) {
        return bytes(0xE0, 0x00, 0x00, 0x28, 0x01, hundredths);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
