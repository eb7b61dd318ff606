package org.hourtap.contract;

/// A person, without saying who: names stay at the hub.
public record MemberId(String value) {
    public MemberId {
        Identifier.require("member", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
