package org.hourtap.simulator.life;

import java.util.HashMap;
import java.util.Map;
import org.hourtap.contract.MemberId;
import org.hourtap.simulator.life.Truth.Tap;

/// What members spent beyond what they had, against the worst that the scheme's limits allow.
///
/// A shortfall means that the account is empty. Until something comes in again, each door may add
/// what it let each of the member's cards spend before it heard of that: its limit without the hub,
/// and one or two taps while it still believed to have one.
final class SpendingAudit {
    private static final int BELIEVED_ONLINE = 2;

    private final World world;
    private final Map<MemberId, Long> lacking = new HashMap<>();
    private long replayedUntil;

    SpendingAudit(World world) {
        this.world = world;
    }

    /// Something came in.
    void received(MemberId member) {
        lacking.remove(member);
    }

    /// The books went back to a copy. Taps made before come again in whatever order, spending
    /// before earning.
    void wentBack() {
        lacking.clear();
        replayedUntil = world.agenda().now();
    }

    /// Minutes were not there.
    void lacked(Tap tap, long minutes) {
        if (tap.micros < replayedUntil) {
            return;
        }
        MemberId member = world.mishaps().people().memberOf(tap.event.card());
        long all = lacking.merge(member, minutes, Math::addExact);
        long most = most(member);
        if (all > most) {
            throw new Violation(
                    Rule.OVERSPENT,
                    member + " spent " + all + " minutes too much, at worst it is " + most);
        }
    }

    /// Policy × doors × cards.
    private long most(MemberId member) {
        Operators.Limits limits = world.operators().limits();
        long most = 0;
        for (SimCard card : world.mishaps().people().cardsOf(member)) {
            long limit =
                    card.carriesTaps() ? Math.max(limits.offline, limits.carried) : limits.offline;
            most += limit + BELIEVED_ONLINE * limits.price;
        }
        return most * world.entrances();
    }
}
