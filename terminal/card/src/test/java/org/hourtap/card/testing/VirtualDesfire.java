package org.hourtap.card.testing;

import static org.hourtap.card.testing.CardCrypto.bytes;
import static org.hourtap.card.testing.CardCrypto.join;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A virtual MIFARE DESFire with Hourtap's application on it, as far as identification goes: UID by
/// the reader's own command, version, select, EV1 AES and EV2First authentication, GetCardUID.
///
/// ```java
/// VirtualDesfire card = VirtualDesfire.with(HexFormat.of().parseHex("04A1B2C3D4E5F6"), master).build();
/// byte[] answer = card.answer(HexFormat.of().parseHex("FFCA000000"));
/// ```
///
/// Whatever the command, there is an answer with a status; nothing is thrown. Behaves like the real
/// one where it matters to a reader: any error ends the session, selecting ends the session, a
/// wrong key is `91AE`. Its challenges come from a seed, so a run can be repeated. Confined to
/// whoever drives it.
public final class VirtualDesfire {
    private static final HexFormat HEX = HexFormat.of();

    /// How the application is written on the wire.
    private static final byte[] APPLICATION = HEX.parseHex("5548f5");

    private static final byte[] ATR = HEX.parseHex("3b81800180" + "80");

    private static final int KEYS = 5;

    /// Which card this is. `BLANK` is a DESFire without our application, `OTHER` a card that is no
    /// DESFire at all (a travel card, a door card).
    private enum Kind {
        EV2,
        EV1,
        BLANK,
        OTHER
    }

    private final byte[] uid;
    private final byte[] uidInside;
    private final byte[] master;
    private final Kind kind;
    private final SplittableRandom random;

    private boolean selected;
    private int versionFrame;
    private @Nullable Handshake handshake;
    private @Nullable CardSession session;

    private VirtualDesfire(Builder builder) {
        uid = builder.uid;
        uidInside = builder.uidInside;
        master = builder.master;
        kind = builder.kind;
        random = new SplittableRandom(builder.seed);
    }

    /// A card that `master` personalised: each of its five keys is diversified from it with the
    /// UID. The UID has seven bytes, the master key sixteen.
    public static Builder with(byte[] uid, byte[] master) {
        return new Builder(uid, master);
    }

    /// How to make one. Without more, it is a genuine EV2.
    public static final class Builder {
        private final byte[] uid;
        private byte[] uidInside;
        private byte[] master;
        private Kind kind = Kind.EV2;
        private long seed;

        private Builder(byte[] uid, byte[] master) {
            this.uid = uid.clone();
            this.uidInside = uid.clone();
            this.master = master.clone();
            this.seed = Arrays.hashCode(uid);
        }

        /// An older card: it knows AuthenticateAES only.
        public Builder ev1Only() {
            kind = Kind.EV1;
            return this;
        }

        /// A DESFire fresh from the factory, or somebody else's.
        public Builder withoutApplication() {
            kind = Kind.BLANK;
            return this;
        }

        /// No DESFire: it has a UID and knows no command.
        public Builder notADesfire() {
            kind = Kind.OTHER;
            return this;
        }

        /// Right UID, right application, but made by someone who does not have the master key.
        public Builder clonedWithoutTheKey() {
            master[0] ^= 0x55;
            return this;
        }

        /// The field shows one UID, the chip says another inside the session.
        public Builder sayingInside(byte[] otherUid) {
            uidInside = otherUid.clone();
            return this;
        }

        /// Other challenges than those that follow from the UID.
        public Builder seed(long newSeed) {
            seed = newSeed;
            return this;
        }

        public VirtualDesfire build() {
            return new VirtualDesfire(this);
        }
    }

    /// What PC/SC reports for every DESFire.
    public byte[] atr() {
        return ATR.clone();
    }

    public byte[] uid() {
        return uid.clone();
    }

    /// The card left the field: all it remembered of the conversation is gone.
    public void reset() {
        selected = false;
        forgetConversation();
    }

    private void forgetConversation() {
        versionFrame = 0;
        handshake = null;
        session = null;
    }

    /// One command APDU in, one answer with status out.
    public byte[] answer(byte[] apdu) {
        if (Arrays.equals(apdu, HEX.parseHex("ffca000000"))) {
            return join(uid, bytes(0x90, 0x00));
        }
        if (kind == Kind.OTHER) {
            return bytes(0x6D, 0x00);
        }
        byte @Nullable [] data = wrappedData(apdu);
        if (data == null) {
            return failed(0x7E);
        }
        return switch (apdu[1] & 0xFF) {
            case 0x51 -> cardUid(data);
            case 0x5A -> select(data);
            case 0x60 -> version(data);
            case 0x71 -> kind == Kind.EV1 ? failed(0x1C) : challenge(data, 2, true);
            case 0xAA -> challenge(data, 1, false);
            case 0xAF -> nextFrame(data);
            default -> failed(0x1C);
        };
    }

    /// The data of `90 INS 00 00 [Lc data] 00`, or null if it is not one.
    private static byte @Nullable [] wrappedData(byte[] apdu) {
        boolean header = apdu.length >= 5 && apdu[0] == (byte) 0x90 && apdu[2] == 0 && apdu[3] == 0;
        if (!header || apdu[apdu.length - 1] != 0) {
            return null;
        }
        if (apdu.length == 5) {
            return new byte[0];
        }
        int length = apdu[4] & 0xFF;
        boolean fits = length > 0 && apdu.length == length + 6;
        return fits ? Arrays.copyOfRange(apdu, 5, 5 + length) : null;
    }

    private byte[] select(byte[] data) {
        if (data.length != 3) {
            return failed(0x7E);
        }
        forgetConversation();
        boolean ours = kind != Kind.BLANK && Arrays.equals(data, APPLICATION);
        boolean root = Arrays.equals(data, new byte[3]);
        selected = ours;
        return ours || root ? done() : failed(0xA0);
    }

    /// Three frames, as far as readers look: hardware, software, serial number. Not in a session.
    private byte[] version(byte[] data) {
        if (data.length != 0 || session != null) {
            return failed(data.length != 0 ? 0x7E : 0x1C);
        }
        forgetConversation();
        versionFrame = 1;
        return join(productVersion(), bytes(0x91, 0xAF));
    }

    private byte[] productVersion() {
        int major = kind == Kind.EV1 ? 0x01 : 0x12;
        return bytes(0x04, 0x01, 0x01, major, 0x00, 0x16, 0x05);
    }

    private byte[] nextFrame(byte[] data) {
        if (versionFrame > 0 && data.length == 0) {
            versionFrame++;
            if (versionFrame == 2) {
                return join(productVersion(), bytes(0x91, 0xAF));
            }
            forgetConversation();
            return join(uid, HEX.parseHex("ba34c2d180" + "4924"), done());
        }
        @Nullable Handshake pending = handshake;
        return pending == null ? failed(0x1C) : proof(pending, data);
    }

    private byte[] challenge(byte[] data, int length, boolean ev2) {
        forgetConversation();
        if (data.length != length || (ev2 && data[1] != 0)) {
            return failed(0x7E);
        }
        int keyNumber = data[0];
        if (!selected || keyNumber < 0 || keyNumber >= KEYS) {
            return failed(0x40);
        }
        byte[] key = CardCrypto.diversified(master, uid, APPLICATION, keyNumber);
        handshake = new Handshake(ev2, key, randomBytes(16));
        return join(handshake.sealedB(), bytes(0x91, 0xAF));
    }

    private byte[] proof(Handshake pending, byte[] token) {
        handshake = null;
        if (token.length != 32) {
            return failed(0x7E);
        }
        byte @Nullable [] a = pending.terminalChallenge(token);
        if (a == null) {
            return failed(0xAE);
        }
        byte[] transaction = randomBytes(4);
        session =
                pending.ev2()
                        ? new CardSession.Ev2(pending.key(), a, pending.b(), transaction)
                        : new CardSession.Ev1(a, pending.b());
        return join(pending.answer(a, token, transaction), done());
    }

    private byte[] cardUid(byte[] wire) {
        @Nullable CardSession open = session;
        if (open == null) {
            return failed(0xAE);
        }
        byte @Nullable [] sealed = open.enciphered(0x51, wire, uidInside);
        return sealed == null ? failed(0x1E) : join(sealed, done());
    }

    private byte[] randomBytes(int count) {
        byte[] result = new byte[count];
        random.nextBytes(result);
        return result;
    }

    private static byte[] done() {
        return bytes(0x91, 0x00);
    }

    private byte[] failed(int status) {
        forgetConversation();
        return bytes(0x91, status);
    }
}
