package org.hourtap.simulator.life;

import org.hourtap.card.testing.VirtualCard;
import org.hourtap.contract.CardId;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TapEvent;

/// A card in someone's pocket.
///
/// @param chip answers as a real one would
/// @param isGenuine false for a copy that only has the number
record SimCard(
        CardId id, MemberId member, VirtualCard chip, TapEvent.Proof proof, boolean isGenuine) {
    /// @return whether it carries its own last taps
    boolean carriesTaps() {
        return proof == TapEvent.Proof.DESFIRE_EV2;
    }
}
