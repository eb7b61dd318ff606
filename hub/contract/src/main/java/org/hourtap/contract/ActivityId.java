package org.hourtap.contract;

/// Something hours are spent on or earned by.
public record ActivityId(String value) {
    public ActivityId {
        Identifier.require("activity", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
