package org.hourtap.simulator.instances;

import java.util.ArrayList;
import java.util.List;

/// What a run found. Confined to the thread that runs it.
final class Figures {
    /// From the kill to the first tap posted by another hub, as the issue asks.
    static final double MOVED_SECONDS_MAX = 10;

    final List<String> faults = new ArrayList<>();
    final List<Double> takenSeconds = new ArrayList<>();
    final List<Double> postedSeconds = new ArrayList<>();
    int kills;
    int freezes;
    int looks;
    int faultyLooks;
    long taps;
    long lost;
    long twice;
    long unordered;
    long remitted;
    long remittedAstray;
    long transfers;
    long stale;

    /// @return whether everything is as it should be
    boolean isWell() {
        return faults.isEmpty()
                && faultyLooks == 0
                && taps > 0
                && remitted > 0
                && lost + twice + unordered + remittedAstray + stale == 0
                && kills + freezes > 0
                && !postedSeconds.isEmpty()
                && worst(postedSeconds) <= MOVED_SECONDS_MAX;
    }

    List<String> lines() {
        List<String> lines =
                new ArrayList<>(
                        List.of(
                                line("hubs killed (-9)", kills),
                                line("hubs frozen, and woken up", freezes),
                                line("books moved", takenSeconds.size()),
                                line("  taken over after, s: median", median(takenSeconds)),
                                line("  taken over after, s: worst", worst(takenSeconds)),
                                line("  first tap posted, s: median", median(postedSeconds)),
                                line("  first tap posted, s: worst", worst(postedSeconds))
                                        + "   (bar: 10)",
                                line("taps in the terminals' journals", taps),
                                line("  lost", lost),
                                line("  posted twice", twice),
                                line("  out of their terminal's order", unordered),
                                line("hours sent from book to book", remitted),
                                line("  not in both, once", remittedAstray),
                                line("transfers in the books", transfers),
                                line("  by a writer that had lost the book", stale),
                                line("checks of all balances and hashes", looks),
                                line("  that failed", faultyLooks)));
        faults.forEach(fault -> lines.add("! " + fault));
        return lines;
    }

    private static String line(String what, Object figure) {
        return "%-42s %8s".formatted(what, figure);
    }

    private static double median(List<Double> seconds) {
        return seconds.isEmpty() ? 0 : seconds.stream().sorted().toList().get(seconds.size() / 2);
    }

    private static double worst(List<Double> seconds) {
        return seconds.stream().mapToDouble(one -> one).max().orElse(0);
    }
}
