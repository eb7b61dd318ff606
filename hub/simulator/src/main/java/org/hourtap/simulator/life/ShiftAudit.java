package org.hourtap.simulator.life;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TransferId;
import org.hourtap.simulator.life.Truth.Tap;

/// Hours earned against hours worked.
final class ShiftAudit {
    /// What doubtful clocks may cost either side, by the design of time at the edge.
    private static final long DOUBT_MINUTES = 5;

    private static final long LISTED_WITHIN = Agenda.DAY;

    private final World world;
    private final Map<TransferId, Long> earned;

    /// When each tap was to the person it is about.
    private final Map<Tap, Long> times = new HashMap<>();

    ShiftAudit(World world, Map<TransferId, Long> earned) {
        this.world = world;
        this.earned = earned;
    }

    /// @param found per member, the true times of taps that the hub lists for someone to look at
    void settle(Map<MemberId, List<Long>> found) {
        Map<MemberId, List<Tap>> byMember = new LinkedHashMap<>();
        for (Tap tap : world.truth().all()) {
            if (isShift(tap) && tap.isGreen) {
                MemberId member = world.mishaps().people().memberOf(tap.event.card());
                byMember.computeIfAbsent(member, _ -> new ArrayList<>()).add(tap);
            }
        }
        byMember.forEach((member, taps) -> {
            taps.forEach(tap -> times.put(tap, time(tap, taps)));
            taps.sort(Comparator.comparingLong(this::time));
            settle(taps, found.getOrDefault(member, List.of()));
        });
    }

    /// What a torn tap came to is told when the card is next at that door. If its owner tapped
    /// somewhere else meanwhile, the card had told that door of it: to both it was when it was
    /// made.
    private static long time(Tap tap, List<Tap> all) {
        boolean isOvertaken =
                all.stream()
                        .anyMatch(other ->
                                other.micros > tap.micros && other.greenMicros < tap.greenMicros);
        return isOvertaken ? tap.micros : tap.greenMicros;
    }

    private long time(Tap tap) {
        return times.getOrDefault(tap, tap.greenMicros);
    }

    /// @return true minutes between two taps
    private long minutes(Tap in, Tap out) {
        return Math.ceilDiv(time(out) - time(in), Agenda.MINUTE);
    }

    /// Whoever taps in twice, at doors that cannot know of each other, began at one of the two.
    private void settle(List<Tap> taps, List<Long> listed) {
        List<Tap> begun = new ArrayList<>();
        for (Tap tap : taps) {
            if (tap.event.kind() == TapEvent.Kind.SHIFT_IN) {
                if (earned.getOrDefault(tap.event.id(), 0L) != 0) {
                    throw new Violation(
                            Rule.WRONG_LENGTH, "a shift begins with hours: " + tap.event);
                }
                begun.add(tap);
            } else {
                boolean isSilent = tap.isGone() && !earned.containsKey(tap.event.id());
                if (!begun.isEmpty() && !isSilent && !isListed(tap, listed)) {
                    settle(begun.getFirst(), begun.getLast(), tap);
                }
                begun.clear();
            }
        }
    }

    private static boolean isShift(Tap tap) {
        return tap.event.kind() == TapEvent.Kind.SHIFT_IN
                || tap.event.kind() == TapEvent.Kind.SHIFT_OUT;
    }

    private void settle(Tap first, Tap last, Tap out) {
        long credited = earned.getOrDefault(out.event.id(), 0L);
        long worked = minutes(first, out) + DOUBT_MINUTES;
        long most = Math.ceilDiv(worked, World.ROUND_UP) * World.ROUND_UP;
        if (credited > most || credited < minutes(last, out) - DOUBT_MINUTES) {
            throw new Violation(Rule.WRONG_LENGTH, story(last, out, minutes(last, out), credited));
        }
    }

    /// What one terminal told late may concern the shift before or after.
    private static boolean isListed(Tap tap, List<Long> listed) {
        return listed.stream().anyMatch(time -> Math.abs(time - tap.micros) < LISTED_WITHIN);
    }

    private String story(Tap in, Tap out, long worked, long credited) {
        return world.mishaps().people().memberOf(out.event.card())
                + " worked "
                + worked
                + " minutes and got "
                + credited
                + ", from "
                + Trace.time(in.greenMicros)
                + " at "
                + in.terminal
                + " ("
                + in.event.at()
                + ") to "
                + Trace.time(out.greenMicros)
                + " at "
                + out.terminal
                + " ("
                + out.event.at()
                + ")";
    }
}
