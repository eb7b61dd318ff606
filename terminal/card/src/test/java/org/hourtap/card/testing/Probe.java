package org.hourtap.card.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.card.testing.CardCrypto.bytes;
import static org.hourtap.card.testing.CardCrypto.cmac;
import static org.hourtap.card.testing.CardCrypto.cmacFrom;
import static org.hourtap.card.testing.CardCrypto.crc;
import static org.hourtap.card.testing.CardCrypto.decrypt;
import static org.hourtap.card.testing.CardCrypto.encrypt;
import static org.hourtap.card.testing.CardCrypto.join;
import static org.hourtap.card.testing.CardCrypto.oddBytes;
import static org.hourtap.card.testing.CardCrypto.rotated;

import java.util.Arrays;
import java.util.HexFormat;

/// The other side of a virtual card, for its tests: as little of a reader as they need.
final class Probe {
    private static final byte[] NONE = {};
    private static final byte[] ZERO = new byte[16];
    private static final byte[] CHALLENGE = hex("13C5DB8A5930439FC3DEF9A4C675360F");

    private final VirtualCard card;
    private boolean ev2;
    private byte[] encryption = ZERO;
    private byte[] mac = ZERO;
    private byte[] iv = ZERO;
    private byte[] transaction = NONE;
    private int counter;
    private int status;
    private int longestAnswer;

    Probe(VirtualCard card) {
        this.card = card;
    }

    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    static String text(byte[] bytes) {
        return HexFormat.of().withUpperCase().formatHex(bytes);
    }

    int status() {
        return status;
    }

    int longestAnswer() {
        return longestAnswer;
    }

    /// One command outside a session, all frames of its answer.
    byte[] plain(int instruction, byte[]... parts) {
        byte[] answer = frame(instruction, join(parts));
        byte[] whole = answer;
        while (status == 0xAF && instruction != 0xAF && !isAuthentication(instruction)) {
            whole = join(whole, frame(0xAF, NONE));
        }
        return whole;
    }

    private static boolean isAuthentication(int instruction) {
        return instruction == 0x71 || instruction == 0x77 || instruction == 0xAA;
    }

    byte[] frame(int instruction, byte[] data) {
        byte[] body = data.length == 0 ? NONE : join(bytes(data.length), data);
        byte[] answer = card.answer(join(bytes(0x90, instruction, 0, 0), body, bytes(0)));
        status = answer[answer.length - 1] & 0xFF;
        longestAnswer = Math.max(longestAnswer, answer.length);
        return Arrays.copyOf(answer, answer.length - 2);
    }

    void select(int application) {
        plain(0x5A, CardCrypto.lowFirst(application, 3));
    }

    boolean ev2First(int number, byte[] key) {
        return ev2(plain(0x71, bytes(number, 0)), key, true);
    }

    boolean ev2NonFirst(int number, byte[] key) {
        return ev2(plain(0x77, bytes(number)), key, false);
    }

    private boolean ev2(byte[] sealedB, byte[] key, boolean first) {
        if (status != 0xAF) {
            return false;
        }
        byte[] b = decrypt(key, ZERO, sealedB);
        byte[] proof = plain(0xAF, encrypt(key, ZERO, join(CHALLENGE, rotated(b))));
        if (status != 0) {
            return false;
        }
        byte[] clear = decrypt(key, ZERO, proof);
        int start = first ? 4 : 0;
        assertThat(Arrays.copyOfRange(clear, start, start + 16)).isEqualTo(rotated(CHALLENGE));
        if (first) {
            transaction = Arrays.copyOf(clear, 4);
            counter = 0;
        }
        byte[] sv = sessionVector(b);
        encryption = cmac(key, join(bytes(0xA5, 0x5A), sv));
        mac = cmac(key, join(bytes(0x5A, 0xA5), sv));
        ev2 = true;
        return true;
    }

    private static byte[] sessionVector(byte[] b) {
        byte[] mixed = new byte[6];
        for (int i = 0; i < 6; i++) {
            mixed[i] = (byte) (CHALLENGE[2 + i] ^ b[i]);
        }
        return join(
                bytes(0, 1, 0, 0x80),
                Arrays.copyOf(CHALLENGE, 2),
                mixed,
                Arrays.copyOfRange(b, 6, 16),
                Arrays.copyOfRange(CHALLENGE, 8, 16));
    }

    boolean ev1(int number, byte[] key) {
        byte[] sealedB = plain(0xAA, bytes(number));
        if (status != 0xAF) {
            return false;
        }
        byte[] b = decrypt(key, ZERO, sealedB);
        byte[] token = encrypt(key, sealedB, join(CHALLENGE, rotated(b)));
        byte[] proof = plain(0xAF, token);
        if (status != 0) {
            return false;
        }
        assertThat(decrypt(key, Arrays.copyOfRange(token, 16, 32), proof))
                .isEqualTo(rotated(CHALLENGE));
        encryption =
                join(
                        Arrays.copyOf(CHALLENGE, 4),
                        Arrays.copyOf(b, 4),
                        Arrays.copyOfRange(CHALLENGE, 12, 16),
                        Arrays.copyOfRange(b, 12, 16));
        iv = ZERO;
        ev2 = false;
        return true;
    }

    /// One command in the session. An answer that is refused is empty; `length` is what the answer
    /// must have in clear.
    byte[] send(Comm comm, int instruction, String header, String data, int length) {
        byte[] clear = hex(data);
        return ev2
                ? sendEv2(comm, instruction, hex(header), clear, length)
                : sendEv1(comm, instruction, hex(header), clear, length);
    }

    private byte[] sendEv2(Comm comm, int instruction, byte[] header, byte[] data, int length) {
        boolean secret = comm == Comm.FULL && data.length > 0;
        byte[] body = secret ? encrypt(encryption, ev2Iv(0xA5, 0x5A), padded(data)) : data;
        byte[] proof = comm == Comm.PLAIN ? NONE : shortMac(instruction, join(header, body));
        byte[] answer = plain(instruction, header, body, proof);
        counter++;
        if (status != 0 || comm == Comm.PLAIN) {
            return answer;
        }
        byte[] content = Arrays.copyOf(answer, answer.length - 8);
        assertThat(text(answer)).endsWith(text(shortMac(0, content)));
        if (comm == Comm.FULL && length > 0) {
            byte[] opened = decrypt(encryption, ev2Iv(0x5A, 0xA5), content);
            byte[] result = Arrays.copyOf(opened, length);
            assertThat(opened).isEqualTo(padded(result));
            return result;
        }
        assertThat(content).hasSize(length);
        return content;
    }

    private byte[] ev2Iv(int first, int second) {
        byte[] count = bytes(counter, counter >> 8);
        byte[] seed = join(bytes(first, second), transaction, count, new byte[8]);
        return encrypt(encryption, ZERO, seed);
    }

    private byte[] shortMac(int first, byte[] content) {
        byte[] count = bytes(counter, counter >> 8);
        return oddBytes(cmac(mac, join(bytes(first), count, transaction, content)));
    }

    private static byte[] padded(byte[] data) {
        byte[] padded = Arrays.copyOf(data, (data.length / 16 + 1) * 16);
        padded[data.length] = (byte) 0x80;
        return padded;
    }

    private byte[] sendEv1(Comm comm, int instruction, byte[] header, byte[] data, int length) {
        byte[] body = data;
        if (comm == Comm.FULL && data.length > 0) {
            byte[] sum = crc(join(bytes(instruction), header, data));
            body = encrypt(encryption, iv, filled(join(data, sum)));
            iv = Arrays.copyOfRange(body, body.length - 16, body.length);
        } else {
            iv = cmacFrom(encryption, iv, join(bytes(instruction), header, data));
            body = comm == Comm.MAC && data.length > 0 ? join(data, Arrays.copyOf(iv, 8)) : data;
        }
        byte[] answer = plain(instruction, header, body);
        if (status != 0) {
            return NONE;
        }
        if (comm == Comm.FULL && length > 0) {
            byte[] opened = decrypt(encryption, iv, answer);
            iv = Arrays.copyOfRange(answer, answer.length - 16, answer.length);
            byte[] result = Arrays.copyOf(opened, length);
            assertThat(opened).isEqualTo(filled(join(result, crc(join(result, bytes(0))))));
            return result;
        }
        byte[] content = Arrays.copyOf(answer, length);
        iv = cmacFrom(encryption, iv, join(content, bytes(0)));
        assertThat(answer).isEqualTo(join(content, Arrays.copyOf(iv, 8)));
        return content;
    }

    private static byte[] filled(byte[] message) {
        return Arrays.copyOf(message, (message.length + 15) / 16 * 16);
    }

    /// An answer that carries no MAC: the session ended with it.
    void sendLast(int instruction, String header, String data) {
        byte[] clear = hex(data);
        byte[] body = encrypt(encryption, ev2Iv(0xA5, 0x5A), padded(clear));
        byte[] start = join(hex(header), body);
        assertThat(plain(instruction, start, shortMac(instruction, start))).isEmpty();
    }

    /// A command with a MAC whose answer has none.
    void sendPlainAnswer(int instruction, String header) {
        byte[] start = hex(header);
        assertThat(plain(instruction, start, shortMac(instruction, start))).isEmpty();
    }
}
