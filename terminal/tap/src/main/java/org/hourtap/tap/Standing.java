package org.hourtap.tap;

import org.hourtap.contract.FeedRow.CardRow;
import org.hourtap.contract.FeedRow.PolicyRow;
import org.hourtap.contract.FeedRow.ProfileRow;
import org.hourtap.contract.TapEvent;
import org.jspecify.annotations.Nullable;

/// What this terminal knows at the moment of a tap.
///
/// @param profile what the terminal is for; absent until the hub has told it once
/// @param card what is cached of the card; absent when the hub never named it
/// @param lastTap the card's last welcomed tap here; absent when there was none
/// @param online whether the hub answers at this moment
/// @param story what the card itself told; absent for a card that carries nothing
public record Standing(
        @Nullable ProfileRow profile,
        PolicyRow policy,
        @Nullable KnownCard card,
        @Nullable TapEvent lastTap,
        boolean online,
        @Nullable CardStory story) {
    /// Before the card was asked, or of a card that carries nothing.
    public Standing(
            @Nullable ProfileRow profile,
            PolicyRow policy,
            @Nullable KnownCard card,
            @Nullable TapEvent lastTap,
            boolean online) {
        this(profile, policy, card, lastTap, online, null);
    }

    /// The same, corrected by what the card told.
    Standing with(CardStory told) {
        KnownCard known = card;
        KnownCard corrected =
                known == null
                        ? null
                        : new KnownCard(
                                known.row(), told.spent(), told.spentOffline(), told.isOnShift());
        return new Standing(profile, policy, corrected, lastTap, online, told);
    }

    /// A card as the cache has it.
    ///
    /// @param row what the hub said last
    /// @param unposted minutes spent which the balance there does not contain yet
    /// @param unpostedOffline the part of `unposted` that was decided without a link
    /// @param isOnShift whether the next shift tap is a tap-out
    public record KnownCard(CardRow row, long unposted, long unpostedOffline, boolean isOnShift) {
        /// @return minutes that may still be spent; negative when overdrawn
        public long available() {
            Long allowance = row.allowance();
            long granted = allowance == null ? row.balance() : Math.min(row.balance(), allowance);
            return Math.subtractExact(granted, unposted);
        }
    }
}
