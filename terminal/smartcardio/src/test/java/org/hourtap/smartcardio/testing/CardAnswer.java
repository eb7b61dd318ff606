package org.hourtap.smartcardio.testing;

import java.util.HexFormat;

/// What a virtual card does. Called on the card's own thread only, one call at a time.
@FunctionalInterface
public interface CardAnswer {
    /// Answers one command.
    ///
    /// @param apdu the command as it came from the reader
    /// @return the answer with its status word
    byte[] answer(byte[] apdu);

    /// The reader has switched the card on or reset it: sessions end here.
    default void reset() {}

    /// The answer to reset; what PC/SC makes of every DESFire and NTAG 424 unless overridden.
    default byte[] atr() {
        return HexFormat.of().parseHex("3B8180018080");
    }
}
