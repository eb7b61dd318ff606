package org.hourtap.card;

import java.util.List;
import org.hourtap.card.PublishedVectors.Ev2Session;
import org.hourtap.card.PublishedVectors.Exchange;
import org.hourtap.card.PublishedVectors.Session;

/// The EV2 exchanges of NXP's application notes, each session with the keys it is published with.
final class Ev2VectorSessions {
    private static final String NONE = PublishedVectors.ZERO_KEY;

    private Ev2VectorSessions() {}

    static List<Ev2Session> all() {
        return List.of(
                fileSettings(),
                cardUid(),
                writeFull(),
                writeAndReadMac(),
                value(),
                credit(),
                debit(),
                record());
    }

    private static Ev2Session fileSettings() {
        String clear = "0040EEEE000100D1FE001F00004400004400002000006A0000";
        return new Ev2Session(
                new Session(NONE, "8248134A386E86EB7FAF54A52E536CB6", "7A21085E", 0),
                List.of(
                        new Exchange(
                                "AN12196 5.3 GetFileSettings",
                                CommMode.MAC,
                                0xF5,
                                "02",
                                "",
                                "02 6597A457C8CD442C",
                                clear + "2A474282E7A47986",
                                clear)));
    }

    private static Ev2Session cardUid() {
        return new Ev2Session(
                new Session(
                        "2B4D963C014DC36F24F69A50A394F875",
                        "379D32130CE61705DD5FD8C36B95D764",
                        "DF055522",
                        0),
                List.of(
                        new Exchange(
                                "AN12196 7.3 GetCardUID",
                                CommMode.FULL,
                                0x51,
                                "",
                                "",
                                "8E2C155ADDA99BE3",
                                "70756055688505B52A5E26E59E329CD6 595F672298EA41B7",
                                "04958CAA5C5E80")));
    }

    private static Ev2Session writeFull() {
        return new Ev2Session(
                new Session(
                        "7A93D6571E4B180FCA6AC90C9A7488D4",
                        "FC4AF159B62E549B5812394CAB1918CC",
                        "7614281A",
                        0),
                List.of(
                        new Exchange(
                                "AN12196 6.12 WriteData",
                                CommMode.FULL,
                                0x8D,
                                "030000000A0000",
                                "0102030405060708090A",
                                "030000000A0000 6B5E6804909962FC4E3FF5522CF0F843"
                                        + " 6C0C53315B9C73AA",
                                "C26D236E4A7C046D",
                                "")));
    }

    private static Ev2Session writeAndReadMac() {
        String written = "22".repeat(25);
        String read = written + "00".repeat(23);
        return new Ev2Session(
                new Session(NONE, "9366FA195EB566F5BD2BAD4020B83002", "E2D3AF69", 0),
                List.of(
                        new Exchange(
                                "AN12343 table 23 WriteData",
                                CommMode.MAC,
                                0x8D,
                                "00000000190000",
                                written,
                                "00000000190000" + written + "68F2C28C575A1628",
                                "0820F68898C2A7F1",
                                ""),
                        new Exchange(
                                "AN12343 table 24 ReadData",
                                CommMode.MAC,
                                0xAD,
                                "00000000300000",
                                "",
                                "00000000300000 0D9BE191D5960834",
                                read + "A49A44222D926666",
                                read)));
    }

    private static Session valueSession(int counter) {
        return new Session(
                "4C4C0E575943FF670CF85BAE2E0D201D",
                "D1CC5CE9FC9F1970348D33D01FAFEF8F",
                "E412166F",
                counter);
    }

    private static Ev2Session value() {
        return new Ev2Session(
                valueSession(0),
                List.of(
                        new Exchange(
                                "AN12343 table 35 GetValue",
                                CommMode.FULL,
                                0x6C,
                                "03",
                                "",
                                "03 B775DA280F3E7300",
                                "BC2CE0D37364B3C355C4B9B9A98802FF 24035F8D39D40CE0",
                                "00000000")));
    }

    private static Ev2Session credit() {
        return new Ev2Session(
                valueSession(1),
                List.of(
                        new Exchange(
                                "AN12343 table 36 Credit 153",
                                CommMode.FULL,
                                0x0C,
                                "03",
                                "99000000",
                                "03 9DCDD6C409DABB0C9D5834D04FBD6E26 68AFCFFD9EFB9234",
                                "1004E8EA74C2871F",
                                "")));
    }

    private static Ev2Session debit() {
        return new Ev2Session(
                valueSession(3),
                List.of(
                        new Exchange(
                                "AN12343 table 37 Debit 113",
                                CommMode.FULL,
                                0xDC,
                                "03",
                                "71000000",
                                "03 C483B5A4C50AFFF9635F3A24F59E0A21 0CA9B6B519A49F49",
                                "473A27190FDEF343",
                                "")));
    }

    private static Ev2Session record() {
        return new Ev2Session(
                new Session(
                        "78240CC5596B751D90023827B0B7E73D",
                        "6F64B98D7241EA993137DF880BEE1B89",
                        "2D0611EC",
                        0),
                List.of(
                        new Exchange(
                                "AN12343 table 32 WriteRecord",
                                CommMode.FULL,
                                0x8B,
                                "01000000100000",
                                "11223344556677889900112233445566",
                                "01000000100000 721590E8D0C26E9F3394F33A13155378"
                                        + "8226661ABC3A6910AC3C7230ADF4D105 B5D409E07A0532F3",
                                "DB552FD9D33408EF",
                                ""),
                        new Exchange(
                                "AN12343 table 32 CommitReaderID",
                                CommMode.MAC,
                                0xC8,
                                "",
                                "28BF1982BE086FBC60A22DAEB66613EE",
                                "28BF1982BE086FBC60A22DAEB66613EE A706434973471F1E",
                                "A1963F1BB9FC916A8B15B2DC58002531 B11FF6023DF464E0",
                                "A1963F1BB9FC916A8B15B2DC58002531"),
                        new Exchange(
                                "AN12343 table 32 CommitTransaction",
                                CommMode.MAC,
                                0xC7,
                                "01",
                                "",
                                "01 E516751A0725A624",
                                "0400000094A3205E41588BA9 F4697772DA9DDB82",
                                "0400000094A3205E41588BA9")));
    }
}
