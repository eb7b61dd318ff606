package org.hourtap.card;

import java.util.Arrays;
import java.util.HexFormat;

/// One command to a card, short form of ISO 7816-4:
///
/// ```
/// CLA INS P1 P2 [Lc data] 00
/// ```
public final class CommandApdu {
    /// A DESFire frame holds 60 bytes, so the short form's one-byte length is never a restriction.
    public static final int MAX_DATA = 255;

    private static final int WRAPPED_NATIVE = 0x90;
    private static final int SELECT_BY_NAME = 0x04;
    private static final int HEADER = 4;

    private final byte[] bytes;

    private CommandApdu(int classByte, int instruction, int first, byte[] data) {
        if (data.length > MAX_DATA) {
            throw new IllegalArgumentException(
                    "a command carries at most " + MAX_DATA + " bytes, not " + data.length);
        }
        int lengthField = data.length == 0 ? 0 : 1;
        bytes = new byte[HEADER + lengthField + data.length + 1];
        bytes[0] = (byte) classByte;
        bytes[1] = (byte) instruction;
        bytes[2] = (byte) first;
        if (data.length > 0) {
            bytes[HEADER] = (byte) data.length;
            System.arraycopy(data, 0, bytes, HEADER + 1, data.length);
        }
    }

    /// A DESFire command in its ISO wrapping: `90 INS 00 00 [Lc data] 00`.
    public static CommandApdu wrapped(int instruction, byte[]... parts) {
        return new CommandApdu(WRAPPED_NATIVE, instruction, 0, Bytes.join(parts));
    }

    /// PC/SC's own question to the reader (part 3, Get Data): `FF CA 00 00 00`.
    public static CommandApdu readUid() {
        return new CommandApdu(0xFF, 0xCA, 0, Bytes.NONE);
    }

    /// ISO 7816-4 SELECT of the application of every NTAG 424 DNA (and of NFC Forum type 4 tags
    /// altogether), by its name.
    public static CommandApdu selectNtag() {
        byte[] name = Bytes.of(0xD2, 0x76, 0x00, 0x00, 0x85, 0x01, 0x01);
        return new CommandApdu(0x00, 0xA4, SELECT_BY_NAME, name);
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    ResponseApdu sendTo(CardChannel card) throws CardLostException {
        return ResponseApdu.parse(card.transceive(bytes()));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CommandApdu that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /// Only the header: the data of a command may be a cryptogram, and logs are no place for it.
    @Override
    public String toString() {
        return HexFormat.of().withUpperCase().formatHex(bytes, 0, HEADER);
    }
}
