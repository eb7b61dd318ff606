package org.hourtap.simulator.crash;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What a run came to.
///
/// @param mishaps how often each kind happened
/// @param breaches what must not be; empty when all is well
record Outcome(Map<Mishap, Integer> mishaps, Evidence evidence, List<Breach> breaches) {
    private static final int BREACHES_SHOWN = 20;

    boolean isWell() {
        return breaches.isEmpty();
    }

    long count(Breach.Kind kind) {
        return breaches.stream().filter(breach -> breach.kind() == kind).count();
    }

    /// @return the table for people
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("What went wrong");
        for (Mishap kind : Mishap.values()) {
            lines.add(line(kind.words(), mishaps.getOrDefault(kind, 0)));
        }
        lines.add("What people were shown");
        Map<String, Long> states =
                evidence.answers().stream()
                        .collect(
                                Collectors.groupingBy(
                                        answer ->
                                                answer.state()
                                                        + (answer.isAgain() ? " (again)" : ""),
                                        TreeMap::new,
                                        Collectors.counting()));
        states.forEach((state, count) ->
                lines.add(line(state.toLowerCase(Locale.ROOT).replace('_', ' '), count)));
        lines.add("What the files say");
        lines.add(line("taps in the journals", evidence.journal().size()));
        lines.add(
                line(
                        "welcomed among them",
                        evidence.journal().stream()
                                .filter(Evidence.JournalRow::isWelcome)
                                .count()));
        lines.add(line("taps at the hub", evidence.taps().size()));
        lines.add(line("transfers", evidence.postings().size()));
        Auditor.counted(evidence.findings())
                .forEach((kind, count) -> lines.add(line("finding " + kind, count)));
        lines.add("What must not be");
        Arrays.stream(Breach.Kind.values())
                .forEach(
                        kind -> lines.add(line(kind.name().toLowerCase(Locale.ROOT), count(kind))));
        breaches.stream()
                .limit(BREACHES_SHOWN)
                .forEach(breach -> lines.add("  - " + breach.kind() + ": " + breach.text()));
        return lines;
    }

    private static String line(String words, long count) {
        return String.format(Locale.ROOT, "  %-44s %8d", words, count);
    }
}
