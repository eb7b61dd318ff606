package org.hourtap.card;

/// What personalisation writes on a card and every terminal relies on.
public final class CardLayout {
    /// Our application. `F` in front is the range that NXP leaves to card issuers; on the wire it
    /// reads `55 48 F5`.
    public static final ApplicationId APPLICATION = new ApplicationId(0xF54855);

    /// The key a door terminal holds. It reads and debits, so one authentication serves a whole
    /// tap; crediting and changing keys need others, which stay at the hub.
    public static final int SPEND_KEY = 1;

    /// Keys of the application: 0 hub, 1 spend, 2 settle, 3 read, 4 spare.
    public static final int KEY_COUNT = 5;

    /// A DESFire's own UID. Shorter ones are random, longer ones no DESFire that we issue.
    public static final int UID_LENGTH = 7;

    private static final byte[] SYSTEM_ID = Bytes.of('H', 'O', 'U', 'R', 'T', 'A', 'P');

    private CardLayout() {}

    /// Goes into every card's key, so that the same master key elsewhere opens no card of ours.
    static byte[] systemId() {
        return SYSTEM_ID.clone();
    }
}
