package org.hourtap.contract;

import org.jspecify.annotations.Nullable;

/// What a card said when it took a tap in: proof that only this card and the hub can make.
///
/// @param counter the card's transaction counter after the tap
/// @param mac the card's transaction MAC (TMV), 16 hexadecimal digits; absent when the answer with
///   it was lost
public record CardStamp(long counter, @Nullable String mac) {
    private static final String MAC = "[0-9a-f]{16}";

    public CardStamp {
        if (counter < 1) {
            throw new IllegalArgumentException("a card's counter starts at 1: " + counter);
        }
        requireMac(mac);
    }

    static void requireMac(@Nullable String mac) {
        if (mac != null && !mac.matches(MAC)) {
            throw new IllegalArgumentException("a transaction MAC is 16 hexadecimal digits");
        }
    }
}
