package org.hourtap.card;

/// Where in the conversation a card said no, in the order of the conversation.
public enum CardStep {
    READ_UID,
    SELECT_APPLICATION,
    KEY_VERSION,
    EV2_CHALLENGE,
    EV2_PROOF,
    EV1_CHALLENGE,
    EV1_PROOF,
    SESSION,
    CONFIRM_UID,
    JOURNAL,
    PERSONALISATION
}
