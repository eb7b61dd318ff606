package org.hourtap.card;

/// How much a card has proved, strongest first.
public enum CardClass {
    /// Knows its key, EV2 secure messaging: DESFire EV2, EV3, Light.
    DESFIRE_EV2,
    /// Knows its key, EV1 secure messaging.
    DESFIRE_EV1,
    /// Knows its key and carries nothing: NTAG 424 DNA.
    NTAG_424,
    /// Showed a number that anyone can copy.
    UID_ONLY;

    /// Whether this proves at least as much as the other.
    public boolean isAtLeast(CardClass other) {
        return compareTo(other) <= 0;
    }
}
