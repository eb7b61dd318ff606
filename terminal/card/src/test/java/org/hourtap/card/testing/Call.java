package org.hourtap.card.testing;

import static org.hourtap.card.testing.CardCrypto.join;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One command as it came over the wire, all its frames together, and the way its answer goes back.
final class Call {
    final int instruction;
    private final byte[] wire;
    private final @Nullable CardSession session;
    private Comm comm = Comm.PLAIN;

    Call(int instruction, byte[] wire, @Nullable CardSession session) {
        this.instruction = instruction;
        this.wire = wire;
        this.session = session;
    }

    /// A byte of the header, which is readable in every mode.
    int at(int index) throws Refusal {
        if (index >= wire.length) {
            throw new Refusal(Status.LENGTH);
        }
        return wire[index] & 0xFF;
    }

    /// Three bytes of the header, low byte first.
    int number(int index) throws Refusal {
        return at(index) | (at(index + 1) << 8) | (at(index + 2) << 16);
    }

    int length() {
        return wire.length;
    }

    /// Header and data in clear, if the command is as long and as well protected as it has to be.
    byte[] open(Comm mode, int headerLength, int dataLength) throws Refusal {
        @Nullable CardSession open = session;
        int rest = open == null ? dataLength : open.wireLength(mode, dataLength);
        requireLength(headerLength + rest);
        if (open == null) {
            return wire.clone();
        }
        comm = mode;
        byte[] header = Arrays.copyOf(wire, headerLength);
        byte[] body = Arrays.copyOfRange(wire, headerLength, wire.length);
        return join(header, intact(open.open(instruction, mode, header, body, dataLength)));
    }

    /// What ChangeKey carries: key or difference, version, for another key its checksum.
    byte[] openKey(CardSession open, boolean own) throws Refusal {
        requireLength(1 + open.keyWireLength(own));
        comm = Comm.MAC;
        byte[] header = Arrays.copyOf(wire, 1);
        byte[] body = Arrays.copyOfRange(wire, 1, wire.length);
        return intact(open.openKey(instruction, header, body, own));
    }

    private void requireLength(int expected) throws Refusal {
        boolean chained = instruction == 0x3D || instruction == 0x3B;
        if (wire.length != expected) {
            throw new Refusal(chained && wire.length < expected ? Status.MORE : Status.LENGTH);
        }
    }

    private static byte[] intact(byte @Nullable [] clear) throws Refusal {
        if (clear == null) {
            throw new Refusal(Status.INTEGRITY);
        }
        return clear;
    }

    byte[] seal(byte... answer) {
        return session == null ? answer : session.seal(comm, answer);
    }
}
