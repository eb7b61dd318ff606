package org.hourtap.card.testing;

import static org.hourtap.card.testing.CardCrypto.bytes;
import static org.hourtap.card.testing.CardCrypto.join;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A virtual MIFARE DESFire in memory, in EV2 and EV1 messaging, with whatever applications and
/// files it is given. Comes personalised for Hourtap, or fresh from the factory.
///
/// ```java
/// VirtualDesfire card = VirtualDesfire.with(HexFormat.of().parseHex("04A1B2C3D4E5F6"), master).build();
/// byte[] answer = card.answer(HexFormat.of().parseHex("FFCA000000"));
/// ```
///
/// Whatever the command, there is an answer with a status; nothing is thrown. Behaves like the real
/// one where it matters to a reader: any error ends the session and takes the transaction back,
/// selecting ends the session, a wrong key is `91AE`, nothing written is there before it is
/// committed. Its challenges come from a seed, so a run can be repeated. Confined to whoever drives
/// it.
public final class VirtualDesfire implements VirtualCard {
    private static final HexFormat HEX = HexFormat.of();

    private static final byte[] READ_UID = HEX.parseHex("ffca000000");
    private static final byte[] ISO_SELECT = HEX.parseHex("00a404");

    /// What PC/SC reports for every card of this family.
    static final byte[] ATR = HEX.parseHex("3b81800180" + "80");

    /// Which card this is. `BLANK` is a DESFire without our application, `OTHER` a card that is no
    /// DESFire at all (a travel card, a door card).
    private enum Kind {
        EV2,
        EV1,
        BLANK,
        OTHER
    }

    private final Kind kind;
    private final byte[] uid;
    private final Conversation conversation;
    private final Chip chip;

    private VirtualDesfire(Builder builder) {
        kind = builder.kind;
        uid = builder.uid;
        conversation = new Conversation(builder.memory());
        chip =
                new DesfireCommands(conversation, kind == Kind.EV1, builder.uidInside)
                        .chip(builder.seed);
    }

    /// A card that this spend master personalised. Its other keys come from masters made from that
    /// one, see [#testMaster], unless [Builder#master] gives them. The UID has seven bytes, a
    /// master key sixteen.
    public static Builder with(byte[] uid, byte[] master) {
        return new Builder(uid, master);
    }

    /// A card that these masters personalised, by key number; 15 is the transaction MAC's.
    public static Builder with(byte[] uid, Map<Integer, byte[]> masters) {
        Builder builder = new Builder(uid, masters.getOrDefault(PersonalCard.SPEND, new byte[16]));
        masters.forEach(builder::master);
        return builder;
    }

    /// A card from the factory, to be personalised over the wire.
    public static Builder factory(byte[] uid) {
        return new Builder(uid, new byte[16]).withoutApplication();
    }

    /// The master key that stands in for key `number` (15 for the transaction MAC) where a test
    /// gives only the spend master.
    public static byte[] testMaster(byte[] spendMaster, int number) {
        return PersonalCard.testMaster(spendMaster, number);
    }

    /// How to make one. Without more, it is a genuine EV2.
    public static final class Builder {
        private final byte[] uid;
        private final TreeMap<Integer, byte[]> masters = new TreeMap<>();
        private final TreeMap<Integer, Integer> versions = new TreeMap<>();
        private byte[] uidInside;
        private byte[] cardKey = {};
        private boolean cloned;
        private Kind kind = Kind.EV2;
        private long seed;

        private Builder(byte[] uid, byte[] master) {
            this.uid = uid.clone();
            this.uidInside = uid.clone();
            this.seed = Arrays.hashCode(uid);
            masters.put(PersonalCard.SPEND, master.clone());
        }

        /// The master of one key number, in place of one made from the spend master.
        public Builder master(int number, byte[] master) {
            masters.put(number, master.clone());
            return this;
        }

        /// Which version of a master the card was made with; 0 unless said.
        public Builder keyVersion(int number, int version) {
            versions.put(number, version);
            return this;
        }

        /// The card's own key is this AES key and no longer the factory's DES key.
        public Builder cardKey(byte[] key) {
            cardKey = key.clone();
            return this;
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

        /// Right UID, right application, but made by someone who does not have the master keys.
        public Builder clonedWithoutTheKey() {
            cloned = true;
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

        private CardMemory memory() {
            CardMemory memory = new CardMemory(uid, cardKey.length > 0);
            if (memory.aes) {
                memory.keys.set(0, cardKey, 0);
            }
            if (kind == Kind.EV2 || kind == Kind.EV1) {
                new PersonalCard(masters, versions, cloned).write(memory, kind == Kind.EV2);
            }
            return memory;
        }

        public VirtualDesfire build() {
            return new VirtualDesfire(this);
        }
    }

    @Override
    public byte[] atr() {
        return ATR.clone();
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
        if (kind == Kind.OTHER) {
            return bytes(0x6D, 0x00);
        }
        if (apdu.length > 6 && Arrays.equals(Arrays.copyOf(apdu, 3), ISO_SELECT)) {
            reset();
            return bytes(0x6A, 0x82);
        }
        return chip.answer(apdu);
    }

    /// All that the card keeps without power, as an attacker with the chip's memory would have it.
    public Image snapshot() {
        return new Image(conversation.memory().copy());
    }

    /// Puts an image back. The field is off meanwhile.
    public void restore(Image image) {
        chip.forget();
        conversation.rollBack();
        conversation.replaceMemory(image.memory.copy());
    }

    /// A card's memory at one moment.
    public static final class Image {
        private final CardMemory memory;

        private Image(CardMemory memory) {
            this.memory = memory;
        }
    }

    /// How many transactions our application has seen; 0 where there is no counter.
    public long counter() {
        return ours().flatMap(CardApplication::counterFile).map(CounterFile::counter).orElse(0L);
    }

    /// The committed records of our application, oldest first.
    public List<byte[]> records() {
        return ours().map(application -> application.files().get(PersonalCard.RECORD_FILE))
                .filter(RecordFile.class::isInstance)
                .map(file -> ((RecordFile) file).records())
                .orElse(List.of());
    }

    private Optional<CardApplication> ours() {
        return Optional.ofNullable(
                conversation.memory().applications.get(PersonalCard.APPLICATION_ID));
    }
}
