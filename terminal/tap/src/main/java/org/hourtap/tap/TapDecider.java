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
        if (card != null && !presented.proof().isAtLeast(card.row().leastProof())) {
            return new TapDecision.Declined(DeclineReason.NOT_GENUINE);
        }
        ProfileRow profile = standing.profile();
        if (profile == null) {
            return new TapDecision.Declined(DeclineReason.NOT_SET_UP);
        }
        CardStory story = standing.story();
        boolean isTurnedBack = story != null && story.shape() == CardStory.Shape.TURNED_BACK;
        TapEvent earlier = standing.lastTap();
        if (!isTurnedBack
                && earlier != null
                && earlier.card().equals(presented.card())
                && isRepeat(earlier, at, standing)) {
            return new TapDecision.Repeated(earlier);
        }
        if (card == null) {
            return new TapDecision.Declined(DeclineReason.UNKNOWN_CARD);
        }
        if (isTurnedBack) {
            return new TapDecision.Declined(DeclineReason.CARD_TURNED_BACK);
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
        if (card.row().status() == Status.STOPPED) {
            return DeclineReason.CARD_STOPPED;
        }
        if (price.minutes() > card.available()) {
            return DeclineReason.NOT_ENOUGH_HOURS;
        }
        long offline = Math.addExact(card.unpostedOffline(), price.minutes());
        if (!standing.online() && offline > limit(standing).minutes()) {
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

    /// A card that told its whole story leaves nothing to guess, so it may spend more.
    private static Credits limit(Standing standing) {
        CardStory story = standing.story();
        return story != null && story.shape() == CardStory.Shape.WHOLE
                ? standing.policy().carriedLimit()
                : standing.policy().offlineLimit();
    }

    /// Across a restart of the machine there is no common clock but the wall's, which may never
    /// have been set. It is taken at its word when it came from hub or network both times, and the
    /// card says that nothing happened to it since.
    private static boolean isRepeat(TapEvent earlier, ClockReading at, Standing standing) {
        long window = standing.policy().passbackSeconds() * MICROS_PER_SECOND;
        if (at.isSameBoot(earlier.at())) {
            return at.microsSince(earlier.at()) < window;
        }
        CardStory story = standing.story();
        boolean isNewest =
                story != null
                        && earlier.stamp() != null
                        && earlier.stamp().counter() == story.now().value();
        long since = at.wallMicros() - earlier.at().wallMicros();
        return isNewest && isTrue(at) && isTrue(earlier.at()) && since >= 0 && since < window;
    }

    private static boolean isTrue(ClockReading reading) {
        return switch (reading.quality()) {
            case HUB, NTP -> true;
            case RTC, RESTORED, UNKNOWN -> false;
        };
    }
}
