package org.hourtap.card.testing;

import static org.hourtap.card.testing.CardCrypto.bytes;
import static org.hourtap.card.testing.CardCrypto.join;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which instruction is which command of a DESFire.
final class DesfireCommands implements Chip.Commands {
    /// What came with EV2.
    private static final Set<Integer> NEW_IN_EV2 =
            Set.of(0x71, 0x77, 0x8B, 0x8D, 0xAB, 0xAD, 0xC8, 0xCE);

    /// Data of one answer in ISO chaining: with its status no more than a short APDU's length byte
    /// can say.
    private static final int LONG_FRAME = 253;

    /// Data of one native frame.
    private static final int NATIVE_FRAME = 59;

    private static final byte[] BATCH = HexFormat.of().parseHex("ba34c2d1804924");

    private final Conversation conversation;
    private final boolean ev1;
    private final KeyCommands keys;
    private final FileCommands files;
    private final CardCommands card;
    private @Nullable Chip chip;

    DesfireCommands(Conversation conversation, boolean ev1, byte[] uidInside) {
        this.conversation = conversation;
        this.ev1 = ev1;
        keys = new KeyCommands(conversation, uidInside);
        files = new FileCommands(conversation);
        card = new CardCommands(conversation);
    }

    Chip chip(long seed) {
        Chip made = new Chip(conversation, this, seed);
        chip = made;
        return made;
    }

    @Override
    public Reply run(Call call) throws Refusal {
        @Nullable Chip mine = chip;
        if (mine == null || (ev1 && NEW_IN_EV2.contains(call.instruction))) {
            throw new Refusal(Status.ILLEGAL_COMMAND);
        }
        return switch (call.instruction) {
            case 0x60 -> version(call);
            case 0x71 -> mine.challenge(Handshake.Scheme.EV2_FIRST, call);
            case 0x77 -> mine.challenge(Handshake.Scheme.EV2_NON_FIRST, call);
            case 0xAA -> mine.challenge(Handshake.Scheme.EV1, call);
            case 0xAB -> Reply.ofSize(LONG_FRAME, files.readRecords(call));
            case 0xAD -> Reply.ofSize(LONG_FRAME, files.readData(call));
            default -> Reply.ofSize(NATIVE_FRAME, onFiles(call));
        };
    }

    private byte[] onFiles(Call call) throws Refusal {
        return switch (call.instruction) {
            case 0x6C -> files.value(call);
            case 0x0C -> files.credit(call);
            case 0x1C -> files.limitedCredit(call);
            case 0xDC -> files.debit(call);
            case 0xBD -> files.readData(call);
            case 0x8D, 0x3D -> files.writeData(call);
            case 0xBB -> files.readRecords(call);
            case 0x8B, 0x3B -> files.writeRecord(call);
            case 0xEB -> files.clearRecords(call);
            case 0xF5 -> files.settings(call);
            case 0xC7 -> files.commit(call);
            case 0xA7 -> files.abort(call);
            // CommitReaderID: our counter file forbids it, as every one we can make does.
            case 0xC8 -> throw new Refusal(Status.DENIED);
            default -> onCard(call);
        };
    }

    private byte[] onCard(Call call) throws Refusal {
        return switch (call.instruction) {
            case 0x45 -> keys.settings(call);
            case 0x51 -> keys.cardUid(call);
            case 0x54 -> keys.changeSettings(call);
            case 0x64 -> keys.keyVersion(call);
            case 0xC4 -> keys.changeKey(call);
            case 0x5A -> card.select(call);
            case 0x6A -> card.applicationIds(call);
            case 0x6F -> card.fileIds(call);
            case 0xCA -> card.createApplication(call);
            case 0xDA -> card.deleteApplication(call);
            case 0xFC -> card.format(call);
            case 0xC0 -> card.createRecords(call);
            case 0xCB -> card.createData(call, true);
            case 0xCD -> card.createData(call, false);
            case 0xCC -> card.createValue(call);
            case 0xCE -> card.createCounter(call);
            case 0xDF -> card.deleteFile(call);
            default -> throw new Refusal(Status.ILLEGAL_COMMAND);
        };
    }

    /// Three frames, as far as readers look: hardware, software, serial number.
    private Reply version(Call call) throws Refusal {
        call.open(Comm.MAC, 0, 0);
        byte[] product = bytes(0x04, 0x01, 0x01, ev1 ? 0x01 : 0x12, 0x00, 0x16, 0x05);
        byte[] uid = Arrays.copyOf(conversation.memory().uid, 7);
        byte[] whole = call.seal(join(product, product, uid, BATCH));
        int frame = product.length;
        return new Reply(
                List.of(
                        Arrays.copyOf(whole, frame),
                        Arrays.copyOfRange(whole, frame, 2 * frame),
                        Arrays.copyOfRange(whole, 2 * frame, whole.length)),
                Status.OK);
    }
}
