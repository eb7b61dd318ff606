package org.hourtap.card;

import java.util.List;
import org.hourtap.card.PublishedVectors.Ev2Command;
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
                record(),
                keyVersion(),
                otherKeyOfACard(),
                otherKeyOfATag());
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

    private static Session tagSession(int counter) {
        return new Session(
                "4CF3CB41A22583A61E89B158D252FC53",
                "5529860B2FC5FB6154B7F28361D30BF9",
                "7614281A",
                counter);
    }

    private static Ev2Session keyVersion() {
        return new Ev2Session(
                new Session(
                        "B7321D7F9E18FAA95D31651EDFDF66A9",
                        "AAB799EBB2B22AC79D7F3EB0E1CFD49E",
                        "5084A1A3",
                        0),
                List.of(
                        new Exchange(
                                "AN12343 table 38 GetKeyVersion",
                                CommMode.MAC,
                                0x64,
                                "00",
                                "",
                                "00 7F0A6EABC174B6DF",
                                "00 DF206987E53FD8C8",
                                "00")));
    }

    private static Ev2Session otherKeyOfACard() {
        return new Ev2Session(
                new Session(
                        "A664EA370E90B249FE2870772291A820",
                        "605526E474B2304354D05A800F56B7A9",
                        "BC354CD5",
                        0),
                List.of(
                        new Exchange(
                                "AN12343 table 39 ChangeKey, another key",
                                CommMode.FULL,
                                0xC4,
                                "01",
                                "01234567890123456789012345678901 00 A0A60868",
                                "01 80D40DB52D5D8CA136249A0A14154DBA"
                                        + "1BE0D67C408AB24CF0F3D3B4FE333C6A D27EF8006B374ABB",
                                "BB94CB85EBC43B9D",
                                "")));
    }

    private static Ev2Session otherKeyOfATag() {
        return new Ev2Session(
                tagSession(2),
                List.of(
                        new Exchange(
                                "AN12196 6.16.1 ChangeKey, another key",
                                CommMode.FULL,
                                0xC4,
                                "02",
                                "F3847D627727ED3BC9C4CC050489B966 01 789DFADC",
                                "02 2CF362B7BF4311FF3BE1DAA295E8C68D"
                                        + "E09050560D19B9E16C2393AE9CD1FAC7 5D0CE20BCD1D06E6",
                                "203BB55D1089D587",
                                "")));
    }

    static List<Ev2Command> commands() {
        return List.of(
                new Ev2Command(
                        "AN12343 table 40 ChangeKey, the own key",
                        new Session(
                                "E156C8522F7C8DC82B0C99BA847DE723",
                                "45D50C1570000D2F173DF949288E3CAD",
                                "94297F4D",
                                0),
                        0xC4,
                        "00",
                        "01234567890123456789012345678901 00",
                        "00 BF5400DC97A1FBD65BE870716D6F11F8161BB4CA472856DB94AB94B2EC1A13E6"
                                + " 27CE07CF56C11091"),
                new Ev2Command(
                        "AN12196 6.16.2 ChangeKey, the own key",
                        tagSession(3),
                        0xC4,
                        "00",
                        "5004BF991F408672B1EF00F08F9E8647 01",
                        "00 C0EB4DEEFEDDF0B513A03A95A75491818580503190D4D05053FF75668A01D6FD"
                                + " A6610234BDED6432"),
                new Ev2Command(
                        "AN12343 table 5 SetConfiguration",
                        new Session(
                                "B2FF2B22D5E2695A24A8A3ECB9C4AD8F",
                                "D7C0206A531AC9E03560F31CA5BD5179",
                                "55B1B324",
                                2),
                        0x5C,
                        "09",
                        "03 00000000 E8030000 00000000 01",
                        "09 AB30CF86A5E36F372FFAEA00FE25264E AEBDF6A497B94265"));
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
