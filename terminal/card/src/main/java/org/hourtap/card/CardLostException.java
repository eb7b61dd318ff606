package org.hourtap.card;

/// The card left the field, or another one came in its place, before the exchange was complete.
/// Nothing is known against the card: ask the member to hold it still.
public final class CardLostException extends Exception {
    private static final long serialVersionUID = 1;

    public CardLostException(String message) {
        super(message);
    }

    public CardLostException(String message, Throwable cause) {
        super(message, cause);
    }
}
