package org.hourtap.card;

/// The number of an application on a DESFire, three bytes.
public record ApplicationId(int value) {
    static final int LENGTH = 3;

    public ApplicationId {
        if (value <= 0 || value > 0xFFFFFF) {
            throw new IllegalArgumentException(
                    "an application id is between 000001 and FFFFFF, not " + value);
        }
    }

    /// As it goes over the wire and into key diversification: least significant byte first.
    public byte[] bytes() {
        return Bytes.lsbFirst(value, LENGTH);
    }
}
