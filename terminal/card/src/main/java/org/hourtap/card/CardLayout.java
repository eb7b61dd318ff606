package org.hourtap.card;

import org.hourtap.contract.CardRecord;

/// What personalisation writes on a card and every terminal relies on. The file numbers are those
/// of DESFire Light, whose data sheet is public.
public final class CardLayout {
    /// Our application. `F` in front is the range that NXP leaves to card issuers; on the wire it
    /// reads `55 48 F5`.
    public static final ApplicationId APPLICATION = new ApplicationId(0xF54855);

    /// Stands for an NTAG 424 DNA where keys are diversified. No card has an application of this
    /// number: an NTAG knows none. It keeps the key of a tag apart from every key of a card.
    public static final ApplicationId NTAG = new ApplicationId(0xF54E54);

    /// The key for everything that no door does. It changes the settings of the application.
    public static final int HUB_KEY = 0;

    /// The key a door terminal holds. It reads and writes the taps, so one authentication serves a
    /// whole tap; it changes no other key and makes no file.
    public static final int SPEND_KEY = 1;

    /// The key of an NTAG 424 DNA that proves who it is. Key 0 of a tag can rewrite the tag, so it
    /// is not the one that doors hold.
    public static final int NTAG_KEY = SPEND_KEY;

    /// Keys of the application: 0 hub, 1 spend, 2 settle, 3 read, 4 spare.
    public static final int KEY_COUNT = 5;

    /// The number under which the key of the transaction MAC is diversified. The card has no such
    /// number for it: the key belongs to the file of that number.
    public static final int TMAC_KEY = 15;

    /// A DESFire's own UID. Shorter ones are random, longer ones no DESFire that we issue.
    public static final int UID_LENGTH = 7;

    /// The cyclic file with the last taps.
    static final int RECORD_FILE = 0x01;

    /// The file with the transaction counter and the newest MAC.
    static final int TMAC_FILE = 0x0F;

    private static final byte[] SYSTEM_ID = Bytes.of('H', 'O', 'U', 'R', 'T', 'A', 'P');

    private CardLayout() {}

    /// Goes into every card's key, so that the same master key elsewhere opens no card of ours.
    static byte[] systemId() {
        return SYSTEM_ID.clone();
    }

    /// File, offset and length of a record that is written whole.
    static byte[] wholeRecordHeader() {
        return Bytes.join(
                Bytes.of(RECORD_FILE), Bytes.lsbFirst(0, 3), Bytes.lsbFirst(CardRecord.LENGTH, 3));
    }
}
