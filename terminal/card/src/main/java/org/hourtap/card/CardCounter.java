package org.hourtap.card;

import java.util.HexFormat;

/// A card's transaction counter (TMC) and the transaction MAC (TMV) of the tap that moved it there.
///
/// @param value how many taps the card has taken in; 0 for a new card
/// @param mac 16 hexadecimal digits; only card and hub can compute it
public record CardCounter(long value, String mac) {
    static final int LENGTH = 12;

    /// @param bytes TMC with the low byte first, then TMV
    static CardCounter of(byte[] bytes) {
        long value = 0;
        for (int i = 3; i >= 0; i--) {
            value = value << Byte.SIZE | Byte.toUnsignedLong(bytes[i]);
        }
        return new CardCounter(value, HexFormat.of().formatHex(bytes, 4, LENGTH));
    }
}
