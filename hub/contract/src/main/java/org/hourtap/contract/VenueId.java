package org.hourtap.contract;

/// A place where hours are given or spent.
public record VenueId(String value) {
    public VenueId {
        Identifier.require("venue", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
