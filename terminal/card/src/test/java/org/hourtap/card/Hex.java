package org.hourtap.card;

import java.util.HexFormat;

/// Hexadecimal as the data sheets print it: spaces and line breaks do not matter.
final class Hex {
    private static final HexFormat FORMAT = HexFormat.of().withUpperCase();

    private Hex() {}

    static byte[] bytes(String digits) {
        return FORMAT.parseHex(digits.replaceAll("\\s", ""));
    }

    static String of(byte[] bytes) {
        return FORMAT.formatHex(bytes);
    }

    static AesKey key(String digits) {
        return AesKey.of(bytes(digits));
    }
}
