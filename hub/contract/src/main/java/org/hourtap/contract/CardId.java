package org.hourtap.contract;

/// A card instance. Opaque to everyone but the card register.
public record CardId(String value) {
    public CardId {
        Identifier.require("card", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
