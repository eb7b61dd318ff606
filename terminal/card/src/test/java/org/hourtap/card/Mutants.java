package org.hourtap.card;

import static org.hourtap.card.Mutant.both;
import static org.hourtap.card.Mutant.card;
import static org.hourtap.card.Mutant.inCard;
import static org.hourtap.card.Mutant.inReader;
import static org.hourtap.card.Mutant.reader;

import java.util.List;
import java.util.stream.Stream;

/// The mistakes that the checks must find.
final class Mutants {
    private Mutants() {}

    static List<Mutant> all() {
        return Stream.of(
                        readerEv2(),
                        readerEv1(),
                        readerMacs(),
                        readerTap(),
                        cardMessages(),
                        cardTap(),
                        bothSides())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Mutant> readerEv2() {
        String file = "Ev2Channel";
        return List.of(
                reader("answer's vector labelled A55A", file, "iv(0x5A, 0xA5)", "iv(0xA5,0x5A)"),
                reader("command's vector labelled 5AA5", file, "iv(0xA5, 0x5A)", "iv(0x5A,0xA5)"),
                reader(
                        "padding of commands begins with 00",
                        file,
                        "padded[data.length] = (byte) 0x80",
                        "padded[data.length] = 0"),
                reader(
                        "padding of answers begins with 00",
                        file,
                        "expected[length] = (byte) 0x80",
                        "expected[length] = 0"),
                reader(
                        "no padding for whole blocks",
                        file,
                        "(length / BLOCK + 1)",
                        "((length + BLOCK - 1) / BLOCK)"),
                reader("counter stands still", file, "counter++;", ""),
                reader(
                        "counter high byte first",
                        file,
                        "Bytes.lsbFirst(counter, 2),\n                        new byte[8]",
                        "Bytes.of(counter >> 8, counter), new byte[8]"),
                reader(
                        "answer's MAC not looked at",
                        file,
                        "if (!MessageDigest.isEqual(mac(",
                        "if (false && !MessageDigest.isEqual(mac("),
                new Mutant(
                        "reader: SV1 and SV2 swapped",
                        List.of(
                                inReader(
                                        "SessionKeys",
                                        "Bytes.of(0xA5, 0x5A)",
                                        "Bytes.of(0x5A,0xA5)"),
                                inReader(
                                        "SessionKeys",
                                        "Bytes.of(0x5A, 0xA5)",
                                        "Bytes.of(0xA5,0x5A)"))),
                reader(
                        "challenges not mixed",
                        "SessionKeys",
                        "tail[mixed + i] ^= randomB[i]",
                        "tail[mixed + i] ^= 0"),
                reader(
                        "rotation by none",
                        "Bytes",
                        "System.arraycopy(bytes, 1, rotated, 0,",
                        "System.arraycopy(bytes, 0, rotated, 0,"),
                reader(
                        "proof not looked at",
                        "MutualAuthentication",
                        "if (!MessageDigest",
                        "if (false && !MessageDigest"));
    }

    private static List<Mutant> readerEv1() {
        String file = "Ev1Channel";
        return List.of(
                reader(
                        "vector does not go on",
                        file,
                        "System.arraycopy(block, 0, iv, 0, BLOCK);",
                        ""),
                reader(
                        "vector starts anew in the handshake",
                        "MutualAuthentication",
                        "token(key, sealedB, ",
                        "token(key, AesCbc.zeroIv(), "),
                reader(
                        "session key of other bytes",
                        file,
                        "Arrays.copyOfRange(randomA, 12, 16)",
                        "Arrays.copyOfRange(randomA, 8, 12)"),
                reader(
                        "last bytes of the CMAC",
                        file,
                        "isEqual(Arrays.copyOf(iv, MAC_LENGTH)",
                        "isEqual(Bytes.last(iv, MAC_LENGTH)"),
                reader(
                        "status left out of the CMAC",
                        file,
                        "iv, Bytes.join(clear, Bytes.of(0x00))",
                        "iv, clear"),
                reader("checksum begins with 0", "Crc32", "int crc = 0xFFFFFFFF", "int crc = 0"),
                reader("checksum inverted", "Crc32", "return crc &", "return ~crc &"));
    }

    private static List<Mutant> readerMacs() {
        return List.of(
                reader("even bytes of the CMAC", "Cmac", "whole[2 * i + 1]", "whole[2 * i]"),
                reader("CMAC polynomial 86", "Cmac", "0x87", "0x86"),
                reader("CMAC with one subkey", "Cmac", "subkey = doubled(once)", "subkey = once"),
                reader(
                        "CMAC padding begins with 00",
                        "Cmac",
                        "blocks[message.length] = (byte) 0x80",
                        "blocks[message.length] = 0"),
                reader(
                        "AN10922 constant of another cipher",
                        "KeyDiversifier",
                        "AES_128 = 0x01",
                        "AES_128 = 0x11"),
                reader(
                        "AN10922 padded to one block",
                        "KeyDiversifier",
                        "Cmac.atLeast(PADDED,",
                        "Cmac.atLeast(16,"),
                reader(
                        "key number not in the key",
                        "KeyDiversifier",
                        "Bytes.of(keyNumber)",
                        "Bytes.of(0)"),
                reader(
                        "transaction MAC with the other label",
                        "TransactionMac",
                        "Bytes.of(0x5A, 0x00",
                        "Bytes.of(0xA5, 0x00"),
                reader(
                        "transaction counter high byte first",
                        "TransactionMac",
                        "Bytes.lsbFirst(counter, 4)",
                        "Bytes.lsbFirst(Integer.reverseBytes((int) counter), 4)"),
                reader(
                        "transaction input without padding",
                        "TransactionMac",
                        "COMMAND_LENGTH = AesCbc.BLOCK",
                        "COMMAND_LENGTH = 8"));
    }

    private static List<Mutant> readerTap() {
        return List.of(
                reader(
                        "UID inside not compared",
                        "CardIdentifier",
                        "if (!session.cardUid().equals(uid))",
                        "if (session.cardUid() == null)"),
                reader(
                        "reads left in the transaction",
                        "DesfireJournal",
                        "if (isRead) {",
                        "if (false) {"),
                reader(
                        "counter of an answer high byte first",
                        "CardCounter",
                        "int i = 3; i >= 0; i--",
                        "int i = 0; i < 4; i++"),
                reader(
                        "records asked from the wrong end",
                        "DesfireJournal",
                        "header(CardLayout.RECORD_FILE, older, piece)",
                        "header(CardLayout.RECORD_FILE, 0, piece)"));
    }

    private static List<Mutant> cardMessages() {
        return List.of(
                card(
                        "answer's vector labelled A55A",
                        "Ev2Session",
                        "iv(0x5A, 0xA5)",
                        "iv(0xA5,0x5A)"),
                card(
                        "padding begins with 00",
                        "Ev2Session",
                        "padded[message.length] = (byte) 0x80",
                        "padded[message.length] = 0"),
                card(
                        "counter stands still",
                        "Ev2Session",
                        "comm == Comm.FULL && dataLength > 0 ? deciphered(body, dataLength) : body;\n        counter++;",
                        "comm == Comm.FULL && dataLength > 0 ? deciphered(body, dataLength) : body;"),
                card(
                        "SV1 labelled like SV2",
                        "Ev2Session",
                        "bytes(0xA5, 0x5A, 0, 1",
                        "bytes(0x5A, 0xA5, 0, 1"),
                card(
                        "even bytes of the CMAC",
                        "CardCrypto",
                        "half[i / 2] = whole[i]",
                        "half[i / 2] = whole[i - 1]"),
                card("rotation by none", "CardCrypto", "block[(i + 1) % block.length]", "block[i]"),
                card("polynomial 86 where a CMAC goes on", "CardCrypto", "0x87", "0x86"),
                card(
                        "AN10922 constant of another cipher",
                        "CardCrypto",
                        "join(bytes(0x01), uid",
                        "join(bytes(0x11), uid"),
                card("checksum inverted", "CardCrypto", "~crc.getValue()", "crc.getValue()"),
                card(
                        "EV1 vector does not go on",
                        "Ev1Session",
                        "iv = cmacFrom(key, iv, join(bytes(instruction), header, data));",
                        "cmacFrom(key, iv, data);"),
                card(
                        "EV1 vector starts anew in the handshake",
                        "Handshake",
                        "scheme == Scheme.EV1 ? sealedB :",
                        "scheme == Scheme.EV1 ? new byte[16] :"),
                card(
                        "wrong tokens taken",
                        "Handshake",
                        "return genuine ?",
                        "return genuine || true ?"));
    }

    private static List<Mutant> cardTap() {
        return List.of(
                card(
                        "transaction MAC with the other label",
                        "CardCrypto",
                        "bytes(0x5A, 0x00, 0x01",
                        "bytes(0xA5, 0x00, 0x01"),
                card(
                        "MAC with the counter before the commit",
                        "CounterFile",
                        "counter++;\n        mac = CardCrypto.transactionMac(key, lowFirst(counter, 4), uid, input);",
                        "mac = CardCrypto.transactionMac(key, lowFirst(counter, 4), uid, input);\n        counter++;"),
                card(
                        "transaction input without padding",
                        "Conversation",
                        "CardCrypto.bytes(instruction), header); transaction.writeBytes(filled(entry));",
                        "CardCrypto.bytes(instruction), header); transaction.writeBytes(entry);"),
                card(
                        "abort keeps what was read",
                        "Conversation",
                        "memory.rollBack();\n        transaction.reset();",
                        "memory.rollBack();"),
                card(
                        "seventeen records kept",
                        "RecordFile",
                        "records.size() >= created",
                        "records.size() > created"),
                card(
                        "records newest first",
                        "RecordFile",
                        "return join(records.subList(start, end).",
                        "return join(records.subList(start, end).reversed()."),
                card(
                        "newest record goes when the file is full",
                        "RecordFile",
                        "records.removeFirst()",
                        "records.removeLast()"),
                card(
                        "an error leaves the session",
                        "Chip",
                        "forget();\n                conversation.endSession();",
                        "forget();"),
                card(
                        "a pull commits",
                        "Conversation",
                        "authenticated = NOBODY;\n        rollBack();",
                        "authenticated = NOBODY;\n        memory.applications.values().forEach(a -> a.commit(memory.uid, new byte[0]));"),
                card(
                        "every key writes",
                        "Conversation",
                        "if (key == authenticated && key < Access.FREE)",
                        "if (authenticated >= 0 && key < Access.FREE)"));
    }

    private static List<Mutant> bothSides() {
        return List.of(
                both(
                        "answer's vector labelled A55A",
                        inReader("Ev2Channel", "iv(0x5A, 0xA5)", "iv(0xA5,0x5A)"),
                        inCard("Ev2Session", "iv(0x5A, 0xA5)", "iv(0xA5,0x5A)")),
                both(
                        "even bytes of the CMAC",
                        inReader("Cmac", "whole[2 * i + 1]", "whole[2 * i]"),
                        inCard(
                                "CardCrypto",
                                "half[i / 2] = whole[i]",
                                "half[i / 2] = whole[i - 1]")),
                both(
                        "rotation by none",
                        inReader(
                                "Bytes",
                                "System.arraycopy(bytes, 1, rotated, 0,",
                                "System.arraycopy(bytes, 0, rotated, 0,"),
                        inCard("CardCrypto", "block[(i + 1) % block.length]", "block[i]")),
                both(
                        "AN10922 constant of another cipher",
                        inReader("KeyDiversifier", "AES_128 = 0x01", "AES_128 = 0x11"),
                        inCard("CardCrypto", "join(bytes(0x01), uid", "join(bytes(0x11), uid")),
                both(
                        "transaction MAC with the other label",
                        inReader("TransactionMac", "Bytes.of(0x5A, 0x00", "Bytes.of(0xA5, 0x00"),
                        inCard("CardCrypto", "bytes(0x5A, 0x00, 0x01", "bytes(0xA5, 0x00, 0x01")),
                both(
                        "checksum inverted",
                        inReader("Crc32", "return crc &", "return ~crc &"),
                        inCard("CardCrypto", "~crc.getValue()", "crc.getValue()")),
                both(
                        "EV1 vector starts anew in the handshake",
                        inReader(
                                "MutualAuthentication",
                                "token(key, sealedB, ",
                                "token(key, AesCbc.zeroIv(), "),
                        inCard(
                                "Handshake",
                                "scheme == Scheme.EV1 ? sealedB :",
                                "scheme == Scheme.EV1 ? new byte[16] :")));
    }
}
