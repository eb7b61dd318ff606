package org.hourtap.card.testing;

import static org.hourtap.card.testing.CardCrypto.bytes;
import static org.hourtap.card.testing.CardCrypto.join;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// A virtual NTAG 424 DNA: one application, selected by its ISO name, five AES keys, and a UID that
/// it tells in a session. Its files play no part here.
public final class VirtualNtag implements VirtualCard {
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] READ_UID = HEX.parseHex("ffca000000");
    private static final byte[] NAME = HEX.parseHex("d2760000850101");
    private static final byte[] PRODUCT = HEX.parseHex("04040230001105");
    private static final byte[] BATCH = HEX.parseHex("ba34c2d1804924");

    /// Keys are changed with key 0.
    private static final int SETTINGS = 0x0B;

    /// Inside only: the chip gives its application no number.
    private static final int APPLICATION = 1;

    private final byte[] uid;
    private final Conversation conversation;
    private final KeyCommands keys;
    private final Chip chip;

    private VirtualNtag(byte[] uid, CardKeys cardKeys, long seed) {
        this.uid = uid.clone();
        CardMemory memory = new CardMemory(uid, false);
        memory.applications.put(APPLICATION, new CardApplication(cardKeys));
        conversation = new Conversation(memory);
        keys = new KeyCommands(conversation, this.uid);
        chip = new Chip(conversation, this::run, seed);
    }

    /// A tag whose keys were made from this spend master, as [VirtualDesfire#with] has it.
    public static VirtualNtag with(byte[] uid, byte[] master) {
        return with(uid, Map.of(PersonalCard.SPEND, master));
    }

    /// A tag whose keys were made from these masters, by key number.
    public static VirtualNtag with(byte[] uid, Map<Integer, byte[]> masters) {
        PersonalCard personal = new PersonalCard(masters, Map.of(), false);
        return new VirtualNtag(
                uid, personal.keys(uid, PersonalCard.TAG, SETTINGS), Arrays.hashCode(uid));
    }

    /// A tag with the right UID from someone who does not have the master keys.
    public static VirtualNtag clonedWithoutTheKey(byte[] uid, byte[] master) {
        PersonalCard personal =
                new PersonalCard(Map.of(PersonalCard.SPEND, master), Map.of(), true);
        return new VirtualNtag(
                uid, personal.keys(uid, PersonalCard.TAG, SETTINGS), Arrays.hashCode(uid));
    }

    /// A tag from the factory: all its keys are zero.
    public static VirtualNtag factory(byte[] uid) {
        return new VirtualNtag(uid, new CardKeys(5, SETTINGS), Arrays.hashCode(uid));
    }

    @Override
    public byte[] atr() {
        return VirtualDesfire.ATR.clone();
    }

    @Override
    public byte[] uid() {
        return uid.clone();
    }

    @Override
    public void reset() {
        chip.forget();
        conversation.select(Conversation.ROOT);
    }

    @Override
    public byte[] answer(byte[] apdu) {
        if (Arrays.equals(apdu, READ_UID)) {
            return join(uid, bytes(0x90, 0x00));
        }
        if (apdu.length > 1 && apdu[0] == 0 && apdu[1] == (byte) 0xA4) {
            return select(apdu);
        }
        return chip.answer(apdu);
    }

    /// `00 A4 04 xx 07 name [00]`.
    private byte[] select(byte[] apdu) {
        reset();
        int end = 5 + NAME.length;
        boolean ours =
                apdu.length >= end
                        && apdu.length <= end + 1
                        && apdu[2] == 4
                        && apdu[4] == NAME.length
                        && Arrays.equals(NAME, Arrays.copyOfRange(apdu, 5, end));
        if (!ours) {
            return bytes(0x6A, 0x82);
        }
        conversation.select(APPLICATION);
        return bytes(0x90, 0x00);
    }

    private Reply run(Call call) throws Refusal {
        return switch (call.instruction) {
            case 0x51 -> Reply.done(keys.cardUid(call));
            case 0x60 -> version(call);
            case 0x64 -> Reply.done(keys.keyVersion(call));
            case 0x71 -> challenge(Handshake.Scheme.EV2_FIRST, call);
            case 0x77 -> challenge(Handshake.Scheme.EV2_NON_FIRST, call);
            case 0xC4 -> Reply.done(keys.changeKey(call));
            default -> throw new Refusal(Status.ILLEGAL_COMMAND);
        };
    }

    private Reply challenge(Handshake.Scheme scheme, Call call) throws Refusal {
        if (conversation.isRoot()) {
            throw new Refusal(Status.NO_SUCH_KEY);
        }
        return chip.challenge(scheme, call);
    }

    private Reply version(Call call) throws Refusal {
        call.open(Comm.MAC, 0, 0);
        byte[] serial = join(Arrays.copyOf(uid, 7), BATCH);
        byte[] whole = call.seal(join(PRODUCT, PRODUCT, serial));
        int frame = PRODUCT.length;
        return new Reply(
                List.of(
                        Arrays.copyOf(whole, frame),
                        Arrays.copyOfRange(whole, frame, 2 * frame),
                        Arrays.copyOfRange(whole, 2 * frame, whole.length)),
                Status.OK);
    }
}
