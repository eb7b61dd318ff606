package org.hourtap.simulator.life;

import org.hourtap.contract.CardStamp;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.FeedRow.CardRow;
import org.hourtap.contract.FeedRow.PolicyRow;
import org.hourtap.contract.FeedRow.ProfileRow;
import org.hourtap.contract.TapEvent;
import org.hourtap.simulator.life.Auditor.Presentation;
import org.hourtap.simulator.life.Truth.Tap;
import org.hourtap.tap.Standing;

/// A welcome against what the terminal knew at that moment: the hub may know better, and the
/// terminal need not.
final class WelcomeAudit {
    private final World world;

    WelcomeAudit(World world) {
        this.world = world;
    }

    /// @param tap what was welcomed now
    void look(Presentation present, Tap tap) {
        Standing known = present.known;
        boolean isNew = tap.micros == world.agenda().now(); // not one that was in doubt
        if (!isNew || known == null) {
            return;
        }
        notAgain(tap, known.policy());
        if (tap.event.kind() == TapEvent.Kind.SPEND) {
            asKnown(tap, known);
            if (tap.event.offline()) {
                withinOfflineLimit(present.card, tap, known);
            }
        }
    }

    /// Nobody is charged, or tapped out, by holding the card a moment longer.
    private void notAgain(Tap tap, PolicyRow policy) {
        long window = policy.passbackSeconds() * Agenda.SECOND;
        for (Tap earlier : world.truth().of(tap.terminal)) {
            boolean isOfCard = earlier != tap && earlier.event.card().equals(tap.event.card());
            if (isOfCard
                    && isOnSameDisk(earlier, tap)
                    && earlier.isGreen
                    && earlier.event.at().isSameBoot(tap.event.at())
                    && tap.event.at().microsSince(earlier.event.at()) < window) {
                throw new Violation(
                        Rule.CHARGED_TWICE,
                        tap.event.card() + " held once counted twice at " + tap.terminal);
            }
        }
    }

    private static boolean isOnSameDisk(Tap earlier, Tap tap) {
        return earlier.machine == tap.machine && !earlier.isLost;
    }

    private static void asKnown(Tap tap, Standing known) {
        long minutes = tap.event.minutes().minutes();
        ProfileRow profile = known.profile();
        if (profile == null || profile.price().minutes() != minutes) {
            throw new Violation(
                    Rule.WRONG_PRICE, tap.event + " at a door that was told " + profile);
        }
        CardRow row = known.card() == null ? null : known.card().row();
        if (row == null || row.status() == FeedRow.Status.STOPPED) {
            throw new Violation(
                    Rule.STOPPED_CARD_WELCOMED, tap.event.card() + " at " + tap.terminal);
        }
        Long allowance = row.allowance();
        long most = allowance == null ? row.balance() : Math.min(row.balance(), allowance);
        if (minutes > most) {
            throw new Violation(
                    Rule.WELCOMED_WITHOUT_HOURS, tap.event + " at a door that was told " + row);
        }
    }

    private void withinOfflineLimit(SimCard card, Tap tap, Standing known) {
        long acknowledged = Auditor.acknowledged(tap.machine);
        long minutes =
                world.truth().of(tap.terminal).stream()
                        .filter(one -> isOnSameDisk(one, tap))
                        .filter(one -> one.event.card().equals(tap.event.card()))
                        .filter(one -> one.event.sequence() > acknowledged)
                        .filter(one -> !isToldOf(one, known))
                        .filter(Tap::isWelcomed)
                        .filter(one -> one.event.offline())
                        .mapToLong(one -> one.event.minutes().minutes())
                        .sum();
        long limit = limit(card, known.policy());
        if (minutes > limit) {
            throw new Violation(
                    Rule.OFFLINE_LIMIT_EXCEEDED,
                    tap.event.card()
                            + " spent "
                            + minutes
                            + " of "
                            + limit
                            + " at "
                            + tap.terminal);
        }
    }

    /// Whether the hub has told the terminal that it knows of this tap: another door brought it
    /// home, and what the terminal was told to be left is without it.
    private static boolean isToldOf(Tap tap, Standing known) {
        CardStamp stamp = tap.event.stamp();
        return stamp != null
                && known.card() != null
                && known.card().row().contains(stamp.counter());
    }

    /// A card that carries its taps falls under either limit: it may have a gap.
    private static long limit(SimCard card, PolicyRow policy) {
        long offline = policy.offlineLimit().minutes();
        return card.carriesTaps() ? Math.max(offline, policy.carriedLimit().minutes()) : offline;
    }
}
