package org.hourtap.card.testing;

import static org.hourtap.card.testing.CardCrypto.bytes;
import static org.hourtap.card.testing.CardCrypto.join;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// What every chip of the family does alike: unwraps commands, puts frames together and apart,
/// authenticates, and ends the session at any error.
final class Chip {
    /// The commands of one kind of chip.
    @FunctionalInterface
    interface Commands {
        Reply run(Call call) throws Refusal;
    }

    private static final int ANOTHER_FRAME = 0xAF;

    /// More than any file of ours takes in at once.
    private static final int MAX_INCOMING = 8192;

    private final Conversation conversation;
    private final Commands commands;
    private final SplittableRandom random;

    private final Deque<byte[]> outgoing = new ArrayDeque<>();
    private Status last = Status.OK;
    private int incomingInstruction;
    private byte @Nullable [] incoming;
    private @Nullable Handshake handshake;

    Chip(Conversation conversation, Commands commands, long seed) {
        this.conversation = conversation;
        this.commands = commands;
        this.random = new SplittableRandom(seed);
    }

    byte[] answer(byte[] apdu) {
        try {
            int instruction = apdu.length > 1 ? apdu[1] & 0xFF : 0;
            byte[] data = wrappedData(apdu);
            return instruction == ANOTHER_FRAME ? next(data) : first(instruction, data);
        } catch (Refusal refusal) {
            if (refusal.status != Status.MORE) {
                forget();
                conversation.endSession();
            }
            return bytes(0x91, refusal.status.code);
        }
    }

    /// Everything that hangs between two frames is gone.
    void forget() {
        outgoing.clear();
        incoming = null;
        handshake = null;
    }

    /// The data of `90 INS 00 00 [Lc data] 00`.
    private static byte[] wrappedData(byte[] apdu) throws Refusal {
        boolean header = apdu.length >= 5 && apdu[0] == (byte) 0x90 && apdu[2] == 0 && apdu[3] == 0;
        if (!header || apdu[apdu.length - 1] != 0) {
            throw new Refusal(Status.LENGTH);
        }
        if (apdu.length == 5) {
            return new byte[0];
        }
        int length = apdu[4] & 0xFF;
        if (length == 0 || apdu.length != length + 6) {
            throw new Refusal(Status.LENGTH);
        }
        return Arrays.copyOfRange(apdu, 5, 5 + length);
    }

    private byte[] first(int instruction, byte[] data) throws Refusal {
        forget();
        return run(instruction, data);
    }

    private byte[] next(byte[] data) throws Refusal {
        @Nullable Handshake pending = handshake;
        byte @Nullable [] begun = incoming;
        if (pending != null) {
            handshake = null;
            return join(proof(pending, data), bytes(0x91, 0x00));
        }
        if (begun != null && begun.length < MAX_INCOMING) {
            return run(incomingInstruction, join(begun, data));
        }
        if (outgoing.isEmpty() || data.length > 0) {
            throw new Refusal(Status.ILLEGAL_COMMAND);
        }
        return frame();
    }

    private byte[] run(int instruction, byte[] wire) throws Refusal {
        incomingInstruction = instruction;
        incoming = wire;
        Reply reply = commands.run(new Call(instruction, wire, conversation.session()));
        incoming = null;
        outgoing.addAll(reply.frames());
        last = reply.last();
        return frame();
    }

    private byte[] frame() {
        byte[] frame = outgoing.remove();
        return join(frame, bytes(0x91, outgoing.isEmpty() ? last.code : ANOTHER_FRAME));
    }

    /// The first pass of an authentication.
    Reply challenge(Handshake.Scheme scheme, Call call) throws Refusal {
        boolean first = scheme == Handshake.Scheme.EV2_FIRST;
        if (call.length() < (first ? 2 : 1)) {
            throw new Refusal(Status.LENGTH);
        }
        int keyNumber = call.at(0);
        // EV2First: how many bytes of the reader's capabilities follow.
        if (call.length() != (first ? 2 + call.at(1) : 1) || call.length() > 8) {
            throw new Refusal(Status.LENGTH);
        }
        if (scheme == Handshake.Scheme.EV2_NON_FIRST) {
            if (!(conversation.session() instanceof Ev2Session)) {
                throw new Refusal(Status.DENIED);
            }
            conversation.suspend();
        } else {
            conversation.endSession();
        }
        byte[] key = conversation.keys().key(keyNumber);
        if (conversation.isRoot() && !conversation.memory().aes) {
            throw new Refusal(Status.AUTHENTICATION);
        }
        Handshake started = new Handshake(scheme, keyNumber, key, randomBytes(16));
        handshake = started;
        return new Reply(List.of(started.sealedB()), Status.MORE);
    }

    private byte[] proof(Handshake pending, byte[] token) throws Refusal {
        if (token.length != 32) {
            throw new Refusal(Status.LENGTH);
        }
        byte @Nullable [] a = pending.terminalChallenge(token);
        if (a == null) {
            throw new Refusal(Status.AUTHENTICATION);
        }
        byte[] transaction = randomBytes(4);
        conversation.open(session(pending, a, transaction), pending.keyNumber);
        return pending.answer(a, token, transaction);
    }

    private CardSession session(Handshake pending, byte[] a, byte[] transaction) throws Refusal {
        return switch (pending.scheme) {
            case EV1 -> new Ev1Session(a, pending.b());
            case EV2_FIRST -> new Ev2Session(pending.key(), a, pending.b(), transaction, 0);
            case EV2_NON_FIRST -> {
                if (!(conversation.session() instanceof Ev2Session before)) {
                    throw new Refusal(Status.AUTHENTICATION);
                }
                yield before.continued(pending.key(), a, pending.b());
            }
        };
    }

    private byte[] randomBytes(int count) {
        byte[] result = new byte[count];
        random.nextBytes(result);
        return result;
    }
}
