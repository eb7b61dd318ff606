package org.hourtap.card;

/// From a master key to the key of one card (NXP AN10922, AES-128), so that a card that gives up
/// its key gives up nobody else's.
public final class KeyDiversifier {
    /// AN10922 always works over two blocks, also for input that would fit in one.
    private static final int PADDED = 32;

    private static final byte AES_128 = 0x01;

    private KeyDiversifier() {}

    /// The key for diversification input of 1 to 31 bytes.
    public static AesKey diversify(AesKey master, byte[] input) {
        if (input.length == 0 || input.length >= PADDED) {
            throw new IllegalArgumentException(
                    "diversification input has 1 to 31 bytes, not " + input.length);
        }
        byte[] message = Bytes.join(new byte[] {AES_128}, input);
        return AesKey.taking(Cmac.atLeast(PADDED, master, AesCbc.zeroIv(), message));
    }

    /// What makes a key of ours its own:
    ///
    /// ```
    /// UID 7 | application id 3, least significant first | key number 1 | "HOURTAP"
    /// ```
    static byte[] input(Uid uid, ApplicationId application, int keyNumber) {
        if (uid.length() != CardLayout.UID_LENGTH) {
            throw new IllegalArgumentException(
                    "keys are made for UIDs of " + CardLayout.UID_LENGTH + " bytes, not " + uid);
        }
        return Bytes.join(
                uid.bytes(), application.bytes(), Bytes.of(keyNumber), CardLayout.systemId());
    }
}
