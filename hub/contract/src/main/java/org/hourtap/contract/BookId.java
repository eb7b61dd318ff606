package org.hourtap.contract;

/// The organisation or scheme whose hours are kept together.
public record BookId(String value) {
    public BookId {
        Identifier.require("book", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
