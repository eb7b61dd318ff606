package org.hourtap.device.cards;

import org.hourtap.contract.CardId;
import org.hourtap.contract.TapEvent;

/// What the hub is to know of a new card.
///
/// @param member whose it is; empty if that is not known yet
record Registration(CardId card, String member) {
    /// What the card must prove at every tap: as much as it has just proved.
    static final TapEvent.Proof LEAST_PROOF = TapEvent.Proof.DESFIRE_EV2;

    static final String CSV_HEADER = "card,member,leastProof";

    /// A line for the hub's import. None of the fields can hold a comma.
    String csv() {
        return card + "," + member + "," + LEAST_PROOF;
    }
}
