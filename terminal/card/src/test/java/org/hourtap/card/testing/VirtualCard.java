package org.hourtap.card.testing;

/// Something held to a reader. Confined to whoever drives it, one thread at a time.
public interface VirtualCard {
    /// What PC/SC reports for the card.
    byte[] atr();

    byte[] uid();

    /// The card left the field: all it remembered of the conversation is gone, what it had taken in
    /// stays.
    void reset();

    /// One command APDU in, one answer with status out. Whatever the command, there is an answer.
    byte[] answer(byte[] apdu);
}
