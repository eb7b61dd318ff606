package org.hourtap.smartcardio;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import javax.smartcardio.CardException;

/// What T=0 shows of itself and a caller must not see (ISO 7816-3, 12.2): a command with data
/// cannot say how much it wants back, so the card says `61 n` (n bytes wait for GET RESPONSE) or
/// `6C n` (ask again for n).
final class T0Exchange {
    /// 64 KiB in pieces of 256: a card that says `61` more often than that is in a loop.
    private static final int MAX_ROUNDS = 256;

    private static final byte GET_RESPONSE = (byte) 0xC0;
    private static final int HEADER = 4;

    /// One command and the answer to it, of two bytes at least.
    @FunctionalInterface
    interface Wire {
        byte[] transmit(byte[] command) throws CardException;
    }

    private T0Exchange() {}

    static byte[] run(Wire wire, byte[] command) throws CardException {
        var answer = new ByteArrayOutputStream();
        var next = withoutLe(command);
        for (int round = 0; round < MAX_ROUNDS; round++) {
            var part = wire.transmit(next);
            var status = part[part.length - 2];
            var length = part[part.length - 1];
            if (status == 0x6C && part.length == 2) {
                next = asking(next, length);
            } else if (status == 0x61) {
                answer.write(part, 0, part.length - 2);
                next = new byte[] {command[0], GET_RESPONSE, 0, 0, length};
            } else {
                answer.writeBytes(part);
                return answer.toByteArray();
            }
        }
        throw new CardException("the card promised more after " + MAX_ROUNDS + " answers");
    }

    /// A command with data ends after it: T=0 has no Le there.
    private static byte[] withoutLe(byte[] command) throws CardException {
        if (command.length <= HEADER + 1) {
            return command;
        }
        var lc = command[HEADER] & 0xFF;
        if (lc == 0) {
            throw new CardException("T=0 has no extended length; send shorter commands");
        }
        return command.length == HEADER + 1 + lc + 1
                ? Arrays.copyOf(command, command.length - 1)
                : command;
    }

    private static byte[] asking(byte[] command, byte length) {
        var shorter = Arrays.copyOf(command, HEADER + 1);
        shorter[HEADER] = length;
        return shorter;
    }
}
