package org.hourtap.tap;

import org.hourtap.contract.ClockReading;
import org.hourtap.contract.Credits;
import org.hourtap.contract.FeedRow.ProfileRow;
import org.hourtap.contract.FeedRow.Status;
import org.hourtap.contract.TapEvent;
import org.hourtap.tap.Standing.KnownCard;
import org.jspecify.annotations.Nullable;

/// Decides about a tap from values alone: no port, no clock, no way to fail. The rules run in the
/// order of [DeclineReason]; the first that applies is the answer.
public final class TapDecider {
    private static final long MICROS_PER_SECOND = 1_000_000;

    private TapDecider() {}

    /// @param at the clocks at the moment of the tap
    public static TapDecision decide(
            Presented.Identified presented, Standing standing, ClockReading at) {
        KnownCard card = standing.card();
        if (card != null && !presented.proof().isAtLeast(card.leastProof())) {
            return new TapDecision.Declined(DeclineReason.NOT_GENUINE);
        }
        ProfileRow profile = standing.profile();
        if (profile == null) {
            return new TapDecision.Declined(DeclineReason.NOT_SET_UP);
        }
        TapEvent earlier = standing.lastTap();
        if (earlier != null
                && earlier.card().equals(presented.card())
                && isRepeat(earlier, at, standing.policy().passbackSeconds())) {
            return new TapDecision.Repeated(earlier);
        }
        if (card == null) {
            return new TapDecision.Declined(DeclineReason.UNKNOWN_CARD);
        }
        return switch (profile.mode()) {
            case ENTRANCE -> entrance(profile, card, standing);
            case SHIFT -> shift(profile, card);
        };
    }

    private static TapDecision entrance(ProfileRow profile, KnownCard card, Standing standing) {
        DeclineReason reason = reasonAgainst(profile.price(), card, standing);
        return reason == null
                ? new TapDecision.Approved(TapEvent.Kind.SPEND, profile.activity(), profile.price())
                : new TapDecision.Declined(reason);
    }

    private static @Nullable DeclineReason reasonAgainst(
            Credits price, KnownCard card, Standing standing) {
        if (card.status() == Status.STOPPED) {
            return DeclineReason.CARD_STOPPED;
        }
        if (price.minutes() > card.available()) {
            return DeclineReason.NOT_ENOUGH_HOURS;
        }
        long offline = Math.addExact(card.unpostedOffline(), price.minutes());
        if (!standing.online() && offline > standing.policy().offlineLimit().minutes()) {
            return DeclineReason.OFFLINE_LIMIT;
        }
        return null;
    }

    /// Earning never stops: a stopped card still earns for its member, and the hub shows it to
    /// someone.
    private static TapDecision shift(ProfileRow profile, KnownCard card) {
        TapEvent.Kind kind = card.isOnShift() ? TapEvent.Kind.SHIFT_OUT : TapEvent.Kind.SHIFT_IN;
        return new TapDecision.Approved(kind, profile.activity(), Credits.NONE);
    }

    /// A restart of the machine takes longer than any window, so taps of different boots never
    /// repeat.
    private static boolean isRepeat(TapEvent earlier, ClockReading at, int windowSeconds) {
        return at.isSameBoot(earlier.at())
                && at.microsSince(earlier.at()) < windowSeconds * MICROS_PER_SECOND;
    }
}
