package org.hourtap.card;

/// How far a card has come on its way to becoming ours, in order.
public enum PersonalisationStep {
    APPLICATION,
    FILES,
    KEYS,
    VERIFICATION
}
