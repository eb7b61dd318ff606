package org.hourtap.ledger;

import java.util.Set;
import org.hourtap.contract.ActivityId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.MemberId;

/// Who may draw on a pot, for what, and up to what.
///
/// @param coversShortfalls whether it bears what a late tap's member no longer has
/// @param members who may draw; empty for everyone
/// @param activities what for; empty for everything
/// @param mostAtOnce for one tap
/// @param mostPerMember for one member within `days`
/// @param days 1 to 366, back from the draw
public record PotRule(
        boolean coversShortfalls,
        Set<MemberId> members,
        Set<ActivityId> activities,
        Credits mostAtOnce,
        Credits mostPerMember,
        int days) {
    private static final int DAYS_MAX = 366;

    public PotRule {
        members = Set.copyOf(members);
        activities = Set.copyOf(activities);
        if (days < 1 || days > DAYS_MAX) {
            throw new IllegalArgumentException("A pot counts draws over 1 to 366 days.");
        }
    }

    /// @param drawn what the member drew within the days before
    /// @return how much of what is wanted the pot gives, if it holds that much
    public Credits allows(MemberId member, ActivityId activity, Credits wanted, Credits drawn) {
        boolean isMeant =
                (members.isEmpty() || members.contains(member))
                        && (activities.isEmpty() || activities.contains(activity));
        return isMeant
                ? wanted.min(mostAtOnce).min(mostPerMember.minusAtMost(drawn))
                : Credits.NONE;
    }
}
