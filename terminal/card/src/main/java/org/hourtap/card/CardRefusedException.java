package org.hourtap.card;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The card said no, or what it said does not prove what it claims to be. Not a matter of holding
/// it longer: the same card will be refused again.
public final class CardRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final CardStep step;
    private final transient @Nullable StatusWord status;

    /// The card answered with a status that ends the conversation.
    public CardRefusedException(CardStep step, StatusWord status, String message) {
        super(message + " (" + status + " at " + step + ")");
        this.step = step;
        this.status = status;
    }

    /// The card answered politely, but the bytes are wrong.
    public CardRefusedException(CardStep step, String message) {
        super(message + " (at " + step + ")");
        this.step = step;
        this.status = null;
    }

    public CardStep step() {
        return step;
    }

    /// What the card said, if it was the card that ended the conversation.
    public Optional<StatusWord> status() {
        return Optional.ofNullable(status);
    }
}
