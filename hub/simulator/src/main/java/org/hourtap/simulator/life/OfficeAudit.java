package org.hourtap.simulator.life;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.hourtap.contract.TransferId;
import org.hourtap.server.books.Sql;

/// What operators did to the books: each transfer taken back or decided once, closed days that stay
/// as they were printed, nothing settled that was not there, and nothing lost of what somebody was
/// told is done.
final class OfficeAudit {
    private final World world;
    private final Map<TransferId, BookLine> lines = new HashMap<>();

    /// By the transfer that was taken back: why.
    private final Map<TransferId, String> corrected = new HashMap<>();

    private final Set<TransferId> decided = new HashSet<>();

    /// By account: what came in and went out again, and what of it was settled.
    private final Map<Long, Long> takings = new HashMap<>();

    private final Map<Long, Long> settled = new HashMap<>();

    /// By the last transfer of the day.
    private final TreeMap<Long, Day> days = new TreeMap<>();

    private long closes;
    private final Set<TransferId> told = new LinkedHashSet<>();

    /// A closed day.
    ///
    /// @param takings what each account had taken until then
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Day(byte[] hash, Map<Long, Long> takings) {}

    OfficeAudit(World world) {
        this.world = world;
    }

    /// Somebody at the console was told what came of an order.
    void told(TransferId id, boolean isDone) {
        if (isDone) {
            told.add(id);
        } else {
            told.remove(id);
        }
    }

    /// The books are an older copy. What was done since is done again, or refused then.
    void wentBack() {
        lines.clear();
        corrected.clear();
        decided.clear();
        takings.clear();
        settled.clear();
        days.clear();
        closes = 0;
    }

    /// Looks which days were closed, before the lines after `head` are taken in.
    void days(Sql sql, long head) throws SQLException {
        sql.each(
                "SELECT number, last_sequence, hash FROM day_close WHERE number > ?"
                        + " ORDER BY number",
                row -> {
                    closes = row.getLong(1);
                    long last = row.getLong(2);
                    days.put(last, new Day(row.getBytes(3), new HashMap<>()));
                    if (last <= head) {
                        reach(last);
                    }
                },
                closes);
    }

    /// Takes in the next line.
    void take(BookLine line) {
        lines.put(line.id(), line);
        if (line.corrects() != null) {
            correction(line, line.corrects());
        }
        if (line.decides() != null) {
            decision(line, line.decides());
        }
        if (line.reason().equals("SETTLEMENT")) {
            settlement(line);
        } else {
            takings.merge(line.debit(), -line.moved(), Math::addExact);
            takings.merge(line.credit(), line.moved(), Math::addExact);
        }
        reach(line.sequence());
    }

    private void reach(long sequence) {
        Day day = days.get(sequence);
        if (day != null) {
            day.takings().putAll(takings);
        }
    }

    private void correction(BookLine line, TransferId original) {
        BookLine undone = lines.get(original);
        boolean isFirst = corrected.putIfAbsent(original, line.reason()) == null;
        if (undone == null || undone.moved() < line.minutes() || !isFirst) {
            throw new Violation(
                    Rule.GIVEN_BACK_TWICE, line.id() + " takes back " + original + " once more");
        }
        Long closed = days.floorKey(line.sequence() - 1);
        if (line.reason().equals("VOID") && closed != null && undone.sequence() <= closed) {
            throw new Violation(
                    Rule.CLOSED_DAY_CHANGED,
                    "transfer "
                            + undone.sequence()
                            + " was voided after its day ended with "
                            + closed);
        }
    }

    private void decision(BookLine line, TransferId pending) {
        BookLine held = lines.get(pending);
        boolean fits = held != null && held.isPending() && line.minutes() <= held.minutes();
        if (!fits || !decided.add(pending)) {
            throw new Violation(
                    Rule.DECIDED_TWICE, line.id() + " decides " + pending + " once more");
        }
        world.coverage().seen("pending " + line.stage());
    }

    private void settlement(BookLine line) {
        Map.Entry<Long, Day> day = days.floorEntry(line.sequence() - 1);
        long taken = day == null ? 0 : day.getValue().takings().getOrDefault(line.debit(), 0L);
        long all = settled.merge(line.debit(), line.minutes(), Math::addExact);
        if (all > taken) {
            throw new Violation(
                    Rule.SETTLED_TOO_MUCH,
                    all + " minutes are settled, and " + taken + " were taken by then");
        }
    }

    /// In the end every closed day is as it was printed, and what was told is so.
    void settle(Sql sql) throws SQLException {
        Map<Long, byte[]> kept = new HashMap<>();
        sql.each(
                "SELECT last_sequence, hash FROM day_close",
                row -> kept.put(row.getLong(1), row.getBytes(2)));
        days.forEach((last, day) -> {
            if (!Arrays.equals(day.hash(), kept.get(last))) {
                throw new Violation(
                        Rule.CLOSED_DAY_CHANGED, "the day that ended with " + last + " is not so");
            }
        });
        for (TransferId id : told) {
            if (!lines.containsKey(id)) {
                throw new Violation(Rule.ORDER_LOST, id + " was said to be done");
            }
        }
        lines.values().stream()
                .filter(line -> line.reason().equals("CASH_TAKEN") && line.isOfTap())
                .forEach(this::isCashBack);
    }

    /// The cash of a tap was voided if all of its hours were, and only then.
    private void isCashBack(BookLine cash) {
        boolean allVoided = true;
        for (int leg = 0; leg < cash.id().leg(); leg++) {
            TransferId hours = cash.id().withLeg(leg);
            allVoided &= !lines.containsKey(hours) || isVoided(hours);
        }
        if (allVoided != isVoided(cash.id())) {
            throw new Violation(
                    Rule.CASH_WRONG,
                    cash.id() + (allVoided ? " stayed, its hours did not" : " went back alone"));
        }
        world.coverage().seen(allVoided ? "cash given back" : "cash taken");
    }

    private boolean isVoided(TransferId id) {
        return "VOID".equals(corrected.get(id));
    }
}
