package org.hourtap.card;

/// The only way to a card. One channel is one card in one field: an adapter drops the channel after
/// any error, because the object behind it may by then reach the next member's card.
@FunctionalInterface
public interface CardChannel {
    /// Sends one command APDU and returns the answer with its two status bytes. Every failure of
    /// the reader, unchecked exceptions of its driver included, is a [CardLostException]: nothing
    /// else may come out of here.
    byte[] transceive(byte[] command) throws CardLostException;
}
