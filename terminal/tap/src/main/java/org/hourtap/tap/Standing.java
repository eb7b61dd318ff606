package org.hourtap.tap;

import org.hourtap.contract.FeedRow.PolicyRow;
import org.hourtap.contract.FeedRow.ProfileRow;
import org.hourtap.contract.FeedRow.Status;
import org.hourtap.contract.TapEvent;
import org.jspecify.annotations.Nullable;

/// What this terminal knows at the moment of a tap.
///
/// @param profile what the terminal is for; absent until the hub has told it once
/// @param card what is cached of the card; absent when the hub never named it
/// @param lastTap the card's last welcomed tap here; absent when there was none
/// @param online whether the hub answers at this moment
public record Standing(
        @Nullable ProfileRow profile,
        PolicyRow policy,
        @Nullable KnownCard card,
        @Nullable TapEvent lastTap,
        boolean online) {
    /// A card as the cache has it.
    ///
    /// @param leastProof the weakest proof this card is taken at
    /// @param hubBalance minutes, as the hub said last; negative when overdrawn
    /// @param unposted minutes spent here which that balance does not contain yet
    /// @param unpostedOffline the part of `unposted` that was decided without a link
    /// @param isOnShift whether the next shift tap is a tap-out, own taps counted
    public record KnownCard(
            Status status,
            TapEvent.Proof leastProof,
            long hubBalance,
            long unposted,
            long unpostedOffline,
            boolean isOnShift,
            String language) {
        /// @return minutes that may still be spent; negative when overdrawn
        public long available() {
            return Math.subtractExact(hubBalance, unposted);
        }
    }
}
