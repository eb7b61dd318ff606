package org.hourtap.simulator.life;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hourtap.contract.CardId;
import org.hourtap.contract.MalformedMessageException;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TransferId;
import org.hourtap.simulator.life.Truth.Tap;

/// Taps of terminals that are no more: what a card carried to another door is in the books, and
/// what nobody carried is lost, and counted here.
final class LossAudit {
    /// A card carries so many of its own taps.
    private static final int CARRIED_MAX = TapEvent.CARRIED_MAX;

    private final World world;
    private final Map<CardId, List<Tap>> delivered = new HashMap<>();

    /// @param recorded what the hub has
    LossAudit(World world, Map<TransferId, String> recorded) {
        this.world = world;
        for (Tap tap : world.truth().all()) {
            boolean isHome = !tap.isGone() && tap.isWelcomed() && tap.event.stamp() != null;
            if (isHome && recorded.containsKey(tap.event.id())) {
                delivered.computeIfAbsent(tap.event.card(), _ -> new ArrayList<>()).add(tap);
            }
        }
    }

    /// @param tap not in the books, and no terminal will ever send it
    /// @param isListed whether the hub lists it for someone to look at
    void look(Tap tap, boolean isListed) {
        if (isListed) {
            world.coverage().seen("tap gone with its terminal, listed");
            return;
        }
        if (tap.isWelcomed() && wasCarriedHome(tap)) {
            throw new Violation(
                    Rule.CARRIED_TAP_LOST,
                    tap.event + " of " + tap.terminal + ", which the card took to another door");
        }
        world.coverage()
                .seen("tap gone with its terminal, " + (tap.isGreen ? "lost" : "nobody was told"));
    }

    private boolean wasCarriedHome(Tap tap) {
        SimCard card = world.mishaps().people().card(tap.event.card());
        if (tap.event.stamp() == null || world.wasTurnedBack(card)) {
            return false;
        }
        long counter = tap.event.stamp().counter();
        return delivered.getOrDefault(tap.event.card(), List.of()).stream()
                .filter(later -> later.machine != tap.machine || tap.isLost)
                .filter(later -> later.micros > tap.micros)
                .filter(later -> later.micros >= world.fates().hubWentBack() || took(later, tap))
                .anyMatch(later -> {
                    long ahead = counter(later) - counter;
                    return ahead > 0 && ahead <= CARRIED_MAX;
                });
    }

    /// A later tap does not take along what the hub had already; that may be forgotten since, if
    /// the hub's books became an older copy.
    private static boolean took(Tap later, Tap tap) {
        return later.event.carried().stream()
                .anyMatch(carried -> {
                    try {
                        return carried.parsed().id().equals(tap.event.id());
                    } catch (MalformedMessageException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    private static long counter(Tap tap) {
        if (tap.event.stamp() == null) {
            throw new IllegalStateException("not carried: " + tap.event);
        }
        return tap.event.stamp().counter();
    }
}
