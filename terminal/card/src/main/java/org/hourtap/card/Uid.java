package org.hourtap.card;

import java.util.HexFormat;
import java.util.Set;

/// The number a card shows to any reader, in upper-case hexadecimal. It names a card and proves
/// nothing: it is copied with a device for thirty euros.
public record Uid(String hex) {
    /// ISO 14443-3 single, double and triple size; ISO 15693 and FeliCa have eight bytes.
    private static final Set<Integer> LENGTHS = Set.of(4, 7, 8, 10);

    /// ISO 14443-3: a single-size UID with this first byte is made anew in every field.
    private static final int RANDOM = 0x08;

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    public Uid {
        byte[] bytes = HEX.parseHex(hex);
        if (!isLength(bytes.length) || !HEX.formatHex(bytes).equals(hex)) {
            throw new IllegalArgumentException(
                    "a UID is 4, 7, 8 or 10 bytes in upper-case hexadecimal, not " + hex);
        }
    }

    public static Uid of(byte[] bytes) {
        return new Uid(HEX.formatHex(bytes));
    }

    static boolean isLength(int length) {
        return LENGTHS.contains(length);
    }

    public byte[] bytes() {
        return HEX.parseHex(hex);
    }

    public int length() {
        return hex.length() / 2;
    }

    /// Whether this UID will be another one at the next tap (phones, cards with random id set).
    public boolean isRandom() {
        return length() == 4 && bytes()[0] == RANDOM;
    }

    @Override
    public String toString() {
        return hex;
    }
}
