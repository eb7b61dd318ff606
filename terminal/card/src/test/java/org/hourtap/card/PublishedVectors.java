package org.hourtap.card;

import java.util.List;

/// What others have published: NIST, NXP application notes, and where it says so a trace of a real
/// card or another project's fixture. Bytes only; the code that has to meet them is ours.
final class PublishedVectors {
    static final String ZERO_KEY = "00000000000000000000000000000000";

    private PublishedVectors() {}

    record Mac(String source, String key, String message, String mac) {}

    record Diversification(String source, String master, String input, String key) {}

    record Ev2Handshake(
            String source,
            String sealedB,
            String a,
            String token,
            String proof,
            String transactionId,
            String encryption,
            String mac) {}

    record Ev1Handshake(
            String source,
            String key,
            int keyNumber,
            String sealedB,
            String a,
            String token,
            String proof,
            String sessionKey) {}

    record Session(String encryption, String mac, String transactionId, int counter) {}

    /// One command and its answer, clear and on the wire.
    record Exchange(
            String source,
            CommMode mode,
            int instruction,
            String header,
            String data,
            String command,
            String answer,
            String clear) {}

    record Ev2Session(Session start, List<Exchange> exchanges) {}

    /// An enciphered EV1 command whose checksum is published as well.
    record Ev1Command(
            String source,
            String sessionKey,
            String header,
            String data,
            String crc,
            String wire) {}

    private static final String RFC_KEY = "2B7E151628AED2A6ABF7158809CF4F3C";
    private static final String RFC_TEXT =
            "6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E51"
                    + "30C81C46A35CE411E5FBC1191A0A52EFF69F2445DF4F9B17AD2B417BE66C3710";

    static final List<Mac> MACS =
            List.of(
                    new Mac("RFC 4493 1", RFC_KEY, "", "BB1D6929E95937287FA37D129B756746"),
                    new Mac(
                            "RFC 4493 2",
                            RFC_KEY,
                            RFC_TEXT.substring(0, 32),
                            "070A16B46B4D4144F79BDD9DD04A287C"),
                    new Mac(
                            "RFC 4493 3",
                            RFC_KEY,
                            RFC_TEXT.substring(0, 80),
                            "DFA66747DE9AE63030CA32611497C827"),
                    new Mac("RFC 4493 4", RFC_KEY, RFC_TEXT, "51F0BEBF7E3B9D92FC49741779363CFE"));

    private static final String NXP_MASTER = "00112233445566778899AABBCCDDEEFF";
    private static final String COUNTING =
            "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E";

    static final List<Diversification> DIVERSIFICATIONS =
            List.of(
                    new Diversification(
                            "AN10922 2.2.1",
                            NXP_MASTER,
                            "04782E21801D80" + "3042F5" + "4E585020416275",
                            "A8DD63A3B89D54B37CA802473FDA9175"),
                    counting(1, "281049D52ECBC8F60961993D34DE3D54"),
                    counting(7, "E8B7F67C78C34AF1446E331EF7E6D3FF"),
                    counting(15, "5A3C7F6F0687F24F82DEE7EDA0970D08"),
                    counting(16, "FEED9FBD36CDB16819A72D30BCF9240B"),
                    counting(31, "21C28CD89BB3147F66C7DBD4851CAB20"));

    private static Diversification counting(int length, String key) {
        return new Diversification(
                "another project's fixture, " + length + " bytes",
                NXP_MASTER,
                COUNTING.substring(0, 2 * length),
                key);
    }

    static final List<Ev2Handshake> EV2_HANDSHAKES =
            List.of(
                    new Ev2Handshake(
                            "AN12196 table 14",
                            "A04C124213C186F22399D33AC2A30215",
                            "13C5DB8A5930439FC3DEF9A4C675360F",
                            "35C3E05A752E0144BAC0DE51C1F22C56B34408A23D8AEA266CAB947EA8E0118D",
                            "3FA64DB5446D1F34CD6EA311167F5E4985B89690C04A05F17FA7AB2F08120663",
                            "9D00C4DF",
                            "1309C877509E5A215007FF0ED19CA564",
                            "4C6626F5E72EA694202139295C7A7FC7"),
                    new Ev2Handshake(
                            "AN12196 table 20",
                            "B875CEB0E66A6C5CD00898DC371F92D1",
                            "B98F4C50CF1C2E084FD150E33992B048",
                            "FF0306E47DFBC50087C4D8A78E88E62DE1E8BE457AA477C707E2F0874916A8B1",
                            "0CC9A8094A8EEA683ECAAC5C7BF20584206D0608D477110FC6B3D5D3F65C3A6A",
                            "7614281A",
                            "7A93D6571E4B180FCA6AC90C9A7488D4",
                            "FC4AF159B62E549B5812394CAB1918CC"),
                    new Ev2Handshake(
                            "AN12343 table 16",
                            "24677DDBD46349E623798FD729006E79",
                            "B04D0787C93EE0CC8CACC8E86F16C6FE",
                            "3B50445F21D21D77D500794DEB245E5A754F5F901844259F4C9B31A5C7335ACD",
                            "04C6DBD67417ED0D31DDDE4D2E3FFAC2B4B074F638EEF7FFF9254963B65C7759",
                            "8CF141F3",
                            "63DC07286289A7A6C0334CA31C314A04",
                            "774F26743ECE6AF5033B6AE8522946F6"),
                    new Ev2Handshake(
                            "AN12343 table 38",
                            "C620BC73ACC12E5F600A035C302860BB",
                            "28A1DE26183249877C2668F0BCAF034D",
                            "3D39B3634F6BB2E24567AABB9506D9933CA5FD9F069AF9E2A24807A6C49DE74C",
                            "23F408FF4222E644F30D3B5A65FF122976178DE7A607F08A3DD04A40BD05C63F",
                            "5084A1A3",
                            "B7321D7F9E18FAA95D31651EDFDF66A9",
                            "AAB799EBB2B22AC79D7F3EB0E1CFD49E"),
                    new Ev2Handshake(
                            "AN12343 table 40",
                            "56C89455ABEE4C169A90A6CCCE26AEC8",
                            "043160C0410D07956C3EA1EF0B78598E",
                            "762F4B07795EF384A0C72CB094CD778070CDAC940AE297AEFDC870A39BCFE478",
                            "E26E93B2F1C02F147DFA9A922417CB6FA0DAB0460428B5F4FD8FDDEB87E59F44",
                            "94297F4D",
                            "E156C8522F7C8DC82B0C99BA847DE723",
                            "45D50C1570000D2F173DF949288E3CAD"));

    static final List<Ev1Handshake> EV1_HANDSHAKES =
            List.of(
                    new Ev1Handshake(
                            "trace of a real card, key 0",
                            ZERO_KEY,
                            0,
                            "B969FDFE56FD91FC9DE6F6F213B8FD1E",
                            "F44B26F5686F3A391CD38EBD10772281",
                            "36AAD7DF6E436BA08D18613830A70D5AD43E3D3F4A8D47541EEE623A934E4774",
                            "800DB680BC146BD121D6578F2D2E2059",
                            "F44B26F5C05DDD7110772281C4D066E8"),
                    new Ev1Handshake(
                            "trace of a real card, key 1",
                            "10182028303840485058606870788088",
                            1,
                            "B351CB2465D4F33AC627FD6E87A168F2",
                            "40E7D27174CBA675E8EFBAB99C530E3D",
                            "044B6CAC343A0865895149649CA8DDE1F5AC4EC67BD208900AF02F049E05F0B0",
                            "A2EE144B1012FBEB7B2F11132D95A454",
                            "40E7D271626FFBD49C530E3D304F5B17"));

    static final List<Ev2Session> EV2_SESSIONS = Ev2VectorSessions.all();

    /// What the same trace did after the handshake with key 1: eight commands, one IV chain.
    static final List<Exchange> EV1_CHAIN =
            List.of(
                    plain(0xCD, "05001100500000", "", "A75316AD1596B953", ""),
                    plain(0x6F, "", "", "05 2D5FF67FFEC9D2D3", "05"),
                    plain(0xF5, "05", "", "00001100500000 2AAC7517024E09DC", "00001100500000"),
                    plain(0x3D, "05000000340000", upTo(0, 0x34), "765C9DAA50ECB62F", ""),
                    plain(0x3D, "053400001C0000", upTo(0x34, 0x50), "3E0AED986B8B0F37", ""),
                    plain(
                            0xBD,
                            "05000000300000",
                            "",
                            upTo(0, 0x30) + "4C65F1F842262BAC",
                            upTo(0, 0x30)),
                    plain(
                            0xBD,
                            "05300000200000",
                            "",
                            upTo(0x30, 0x50) + "F02205CF913C03C9",
                            upTo(0x30, 0x50)),
                    plain(0xDF, "05", "", "1BEF0D32B6D1D7F9", ""));

    private static Exchange plain(
            int instruction, String header, String data, String answer, String clear) {
        return new Exchange(
                "trace of a real card",
                CommMode.PLAIN,
                instruction,
                header,
                data,
                header + data,
                answer,
                clear);
    }

    private static String upTo(int from, int end) {
        StringBuilder digits = new StringBuilder();
        for (int value = from; value < end; value++) {
            digits.append(String.format("%02X", value));
        }
        return digits.toString();
    }

    static final List<Ev1Command> EV1_COMMANDS =
            List.of(
                    new Ev1Command(
                            "trace of a real card, first key change",
                            "F44B26F5C05DDD7110772281C4D066E8",
                            "00",
                            "00102030405060708090A0B0B0A0908010",
                            "D2C6E66B",
                            "E9F85E219496C2B58C1090DC3935FAE9E840CF61B383D9531946256B1F110C10"),
                    new Ev1Command(
                            "trace of a real card, second key change",
                            "C2A1E47B27104712FE6D00A71177A19B",
                            "00",
                            "1018202830384048505860687078808810",
                            "74856362",
                            "2945E3760E60F4A4046BB8A505B31CF559A3A2E05213BC82942CA6AB5DBCECF5"));

    /// EV2 commands after which the session is over or whose answer is not published.
    record Ev2Command(
            String source,
            Session start,
            int instruction,
            String header,
            String data,
            String wire) {}

    static final List<Ev2Command> EV2_COMMANDS = Ev2VectorSessions.commands();

    static int count() {
        return MACS.size()
                + DIVERSIFICATIONS.size()
                + EV2_HANDSHAKES.size()
                + EV1_HANDSHAKES.size()
                + EV2_SESSIONS.stream().mapToInt(session -> session.exchanges().size()).sum()
                + EV2_COMMANDS.size()
                + EV1_CHAIN.size()
                + EV1_COMMANDS.size();
    }
}
