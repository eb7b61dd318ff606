package org.hourtap.simulator.crash;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.hourtap.contract.FeedRow.CardRow;
import org.hourtap.contract.TransferId;
import org.hourtap.simulator.crash.Evidence.AccountRow;
import org.hourtap.simulator.crash.Evidence.FindingRow;
import org.hourtap.simulator.crash.Evidence.HubTap;
import org.hourtap.simulator.crash.Evidence.JournalRow;
import org.hourtap.simulator.crash.Evidence.Posting;
import org.jspecify.annotations.Nullable;

/// Compares what people were shown with journals, ledger and caches, once all programs run and have
/// told each other everything. A function of values: it reads no file and asks no program.
final class Auditor {
    /// What mishaps of this kind and people who forget may leave for someone to look at. Everything
    /// else would mean that something was lost, doubled, forged or garbled.
    private static final Set<String> EXPLAINED =
            Set.of(
                    "SHORTFALL",
                    "FORGOTTEN_TAP_OUT",
                    "NO_OPEN_SHIFT",
                    // The hub's clock jumped while a card carried the start or end of a shift,
                    // which says when by the hub's clock and nothing else.
                    "SHIFT_LENGTH_UNKNOWN",
                    "SHIFT_TOO_LONG",
                    "LATE_SHIFT",
                    "UNTIMED_SHIFT",
                    "TORN_SHIFT",
                    // A card keeps the signature of its newest tap only.
                    "UNSIGNED");

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long MICROS_PER_HOUR = 3_600 * MICROS_PER_SECOND;
    private static final long MINUTES_PER_HOUR = 60;

    private final Evidence evidence;
    private final List<Breach> breaches = new ArrayList<>();
    private final Map<String, List<JournalRow>> welcomes;
    private final Map<TransferId, List<Posting>> postings;
    private final long longestShift;

    private Auditor(Evidence evidence) {
        this.evidence = evidence;
        this.longestShift = longestShift(evidence.answers());
        this.welcomes =
                evidence.journal().stream()
                        .filter(JournalRow::isWelcome)
                        .collect(Collectors.groupingBy(row -> place(row.terminal(), row.card())));
        this.postings =
                evidence.postings().stream()
                        .filter(posting -> posting.terminal() != null)
                        .collect(Collectors.groupingBy(posting -> posting.id().withLeg(0)));
    }

    /// @return all that must not be; empty when all is well
    static List<Breach> audit(Evidence evidence) {
        Auditor auditor = new Auditor(evidence);
        auditor.answers();
        auditor.repeats();
        auditor.sequences();
        auditor.journals();
        auditor.foundations();
        auditor.balances();
        auditor.caches();
        auditor.findings();
        evidence.damages().forEach(text -> auditor.breach(Breach.Kind.DAMAGE, text));
        return List.copyOf(auditor.breaches);
    }

    /// Everyone who was welcomed has a tap in that terminal's journal: made while they stood there,
    /// or, for a repeat, within the passback window before.
    private void answers() {
        for (Answer answer : evidence.answers()) {
            long from =
                    answer.sinceMicros()
                            - (answer.isAgain()
                                    ? evidence.passbackSeconds() * MICROS_PER_SECOND
                                    : 0);
            boolean isKept =
                    welcomes
                            .getOrDefault(place(answer.terminal(), answer.card()), List.of())
                            .stream()
                            .anyMatch(row ->
                                    row.micros() >= from && row.micros() <= answer.shownMicros());
            if (answer.isWelcome() && !isKept) {
                breach(Breach.Kind.LOST, "shown and not in the journal: " + answer.line());
            }
        }
    }

    /// The same card at the same terminal within the window is one tap, however often it is held.
    private void repeats() {
        for (List<JournalRow> rows : welcomes.values()) {
            List<JournalRow> ordered =
                    rows.stream()
                            .sorted((one, other) -> Long.compare(one.micros(), other.micros()))
                            .toList();
            for (int i = 1; i < ordered.size(); i++) {
                JournalRow earlier = ordered.get(i - 1);
                JournalRow later = ordered.get(i);
                long apart = later.micros() - earlier.micros();
                if (later.bootId().equals(earlier.bootId())
                        && apart < evidence.passbackSeconds() * MICROS_PER_SECOND) {
                    breach(
                            Breach.Kind.TWICE,
                            apart / 1_000 + " ms after " + earlier + " again " + later);
                }
            }
        }
    }

    /// A journal's numbers have no gaps, and each id is there once.
    private void sequences() {
        Map<String, Long> last = new HashMap<>();
        Set<TransferId> ids = new HashSet<>();
        for (JournalRow row : evidence.journal()) {
            long before = last.getOrDefault(row.terminal(), 0L);
            if (row.sequence() != before + 1) {
                breach(Breach.Kind.LOST, "after number " + before + " follows " + row);
            }
            last.put(row.terminal(), row.sequence());
            if (!ids.add(row.id())) {
                breach(Breach.Kind.TWICE, "one id in two journals: " + row);
            }
        }
        Set<TransferId> posted = new HashSet<>();
        for (Posting posting : evidence.postings()) {
            if (!posted.add(posting.id())) {
                breach(Breach.Kind.TWICE, "one id posted twice: " + posting);
            }
        }
    }

    /// The hub has every tap of every journal, once, and the ledger what follows from it.
    private void journals() {
        Map<TransferId, List<HubTap>> taps =
                evidence.taps().stream().collect(Collectors.groupingBy(HubTap::id));
        for (JournalRow row : evidence.journal()) {
            if (row.kind().equals("DOUBT")) {
                breach(Breach.Kind.DOUBT, "still open: " + row);
                continue;
            }
            List<HubTap> known = taps.getOrDefault(row.id(), List.of());
            if (known.isEmpty()) {
                breach(Breach.Kind.LOST, "in the journal and not at the hub: " + row);
            } else if (known.size() > 1) {
                breach(Breach.Kind.TWICE, "at the hub " + known.size() + " times: " + row);
            } else if (!isSame(row, known.getFirst())) {
                breach(Breach.Kind.UNFOUNDED, row + " is at the hub as " + known.getFirst());
            }
            hours(row);
        }
    }

    private void hours(JournalRow row) {
        long moved = 0;
        int times = 0;
        for (Posting posting : postings.getOrDefault(row.id(), List.of())) {
            boolean isBack = posting.corrects() != null;
            moved += isBack ? -posting.minutes() : posting.minutes();
            times += isBack ? -1 : 1;
        }
        switch (row.kind()) {
            case "SPEND" -> {
                if (moved < row.minutes()) {
                    breach(Breach.Kind.LOST, moved + " minutes in the ledger for " + row);
                } else if (moved > row.minutes()) {
                    breach(Breach.Kind.TWICE, moved + " minutes in the ledger for " + row);
                }
            }
            case "SHIFT_OUT" -> {
                if (times == 0 && !isFound(row)) {
                    breach(Breach.Kind.LOST, "not paid, and nobody is asked why: " + row);
                } else if (times > 1) {
                    breach(Breach.Kind.TWICE, "paid " + times + " times: " + row);
                } else if (moved > longestShift && !isFound(row)) {
                    breach(Breach.Kind.UNFOUNDED, moved + " minutes were not worked: " + row);
                }
            }
            default -> {
                if (moved != 0) {
                    breach(Breach.Kind.UNFOUNDED, moved + " minutes in the ledger for " + row);
                }
            }
        }
    }

    /// Nobody works longer than people came and went. A shift is paid by the hour begun.
    ///
    /// @return in minutes
    private static long longestShift(List<Answer> answers) {
        long from = answers.stream().mapToLong(Answer::sinceMicros).min().orElse(0);
        long until = answers.stream().mapToLong(Answer::shownMicros).max().orElse(0);
        return MINUTES_PER_HOUR * Math.ceilDiv(until - from, MICROS_PER_HOUR);
    }

    private boolean isFound(JournalRow row) {
        return evidence.findings().stream()
                .anyMatch(finding ->
                        finding.terminal().equals(row.terminal())
                                && finding.sequence() == row.sequence());
    }

    private static boolean isSame(JournalRow row, HubTap tap) {
        return row.terminal().equals(tap.terminal())
                && row.sequence() == tap.sequence()
                && row.card().equals(tap.card())
                && row.kind().equals(tap.kind());
    }

    /// What the hub keeps was written by a terminal first: a doubt is on disk before the card takes
    /// a tap in.
    private void foundations() {
        Set<TransferId> journalled =
                evidence.journal().stream().map(JournalRow::id).collect(Collectors.toSet());
        Set<TransferId> known =
                evidence.taps().stream().map(HubTap::id).collect(Collectors.toSet());
        for (HubTap tap : evidence.taps()) {
            if (!journalled.contains(tap.id())) {
                breach(Breach.Kind.UNFOUNDED, "at the hub and in no journal: " + tap);
            }
        }
        postings.forEach((id, all) -> {
            if (!known.contains(id)) {
                breach(Breach.Kind.UNFOUNDED, "posted for no tap: " + all);
            }
        });
    }

    private void balances() {
        Map<Long, Long> debits = new HashMap<>();
        Map<Long, Long> credits = new HashMap<>();
        long last = 0;
        for (Posting posting : evidence.postings()) {
            if (posting.sequence() != last + 1) {
                breach(Breach.Kind.UNBALANCED, "after entry " + last + " follows " + posting);
            }
            last = posting.sequence();
            debits.merge(posting.debit(), posting.minutes(), Long::sum);
            credits.merge(posting.credit(), posting.minutes(), Long::sum);
        }
        long sum = 0;
        for (AccountRow account : evidence.accounts()) {
            long debit = zeroIfNone(debits.remove(account.number()));
            long credit = zeroIfNone(credits.remove(account.number()));
            if (debit != account.debits() || credit != account.credits()) {
                breach(
                        Breach.Kind.UNBALANCED,
                        account + " has postings of " + debit + " and " + credit);
            }
            if (account.kind().equals("MEMBER") && account.debits() > account.credits()) {
                breach(Breach.Kind.UNBALANCED, "overdrawn: " + account);
            }
            sum += account.credits() - account.debits();
        }
        if (sum != 0) {
            breach(Breach.Kind.UNBALANCED, "all accounts together are " + sum);
        }
        if (!debits.isEmpty() || !credits.isEmpty()) {
            breach(
                    Breach.Kind.UNBALANCED,
                    "postings on accounts that are not there: " + debits + " " + credits);
        }
    }

    private static long zeroIfNone(@Nullable Long minutes) {
        return minutes == null ? 0 : minutes;
    }

    /// Every terminal knows what the hub says, and what the hub says is what the ledger has.
    private void caches() {
        evidence.caches()
                .forEach((terminal, cache) -> {
                    Set<String> cards = new HashSet<>(cache.keySet());
                    cards.addAll(evidence.feed().keySet());
                    for (String card : cards) {
                        CardRow here = cache.get(card);
                        CardRow there = evidence.feed().get(card);
                        if (here == null || !here.equals(there)) {
                            breach(
                                    Breach.Kind.CACHE,
                                    terminal + " has " + here + " where the hub says " + there);
                        }
                    }
                });
        Map<String, Long> kept = new HashMap<>();
        for (AccountRow account : evidence.accounts()) {
            if (account.kind().equals("MEMBER")) {
                kept.put(account.owner(), account.credits() - account.debits());
            }
        }
        evidence.feed()
                .forEach((card, row) -> {
                    long balance = kept.getOrDefault(evidence.owners().getOrDefault(card, ""), 0L);
                    if (row.balance() != balance) {
                        breach(
                                Breach.Kind.CACHE,
                                "the ledger has " + balance + ", the feed says " + row);
                    }
                });
    }

    private void findings() {
        for (FindingRow finding : evidence.findings()) {
            boolean isExplained =
                    EXPLAINED.contains(finding.kind())
                            || (finding.kind().equals("SHIFTS_OVERLAP") && isTimedLate(finding));
            if (!isExplained) {
                breach(Breach.Kind.FINDING, finding.toString());
            }
        }
    }

    /// The hub times a tap that a card brings by its own clock, which jumps here, and pairs one
    /// that comes late with what it knows by then. Two shifts may meet on paper only if that
    /// happened to one of them.
    private boolean isTimedLate(FindingRow finding) {
        Set<TransferId> late =
                evidence.taps().stream()
                        .filter(HubTap::isLate)
                        .map(HubTap::id)
                        .collect(Collectors.toSet());
        return evidence.taps().stream()
                .filter(tap ->
                        tap.terminal().equals(finding.terminal())
                                && tap.sequence() == finding.sequence())
                .flatMap(tap ->
                        evidence.shifts().stream().filter(shift -> shift.ended().equals(tap.id())))
                .flatMap(shift ->
                        evidence.shifts().stream()
                                .filter(other ->
                                        other.equals(shift)
                                                || (other.member().equals(shift.member())
                                                        && other.minutes() > 0
                                                        && other.overlaps(shift))))
                .anyMatch(shift -> late.contains(shift.begun()) || late.contains(shift.ended()));
    }

    /// @return how many findings there are of each kind
    static Map<String, Long> counted(Collection<FindingRow> findings) {
        return findings.stream()
                .collect(
                        Collectors.groupingBy(
                                FindingRow::kind, TreeMap::new, Collectors.counting()));
    }

    private static String place(String terminal, String card) {
        return terminal + " " + card;
    }

    private void breach(Breach.Kind kind, String text) {
        breaches.add(new Breach(kind, text));
    }
}
