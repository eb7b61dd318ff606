package org.hourtap.card;

/// Brings a card's key to the newest version, in the session that is open.
@FunctionalInterface
public interface KeyRoll {
    void roll() throws CardLostException, CardRefusedException;
}
