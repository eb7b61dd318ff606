package org.hourtap.server.inbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.hourtap.contract.ActivityId;
import org.hourtap.contract.CardRecord;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.Credits;
import org.hourtap.contract.TransferId;
import org.hourtap.server.books.Ids;
import org.hourtap.server.books.Writing;
import org.hourtap.server.cards.Card;
import org.hourtap.server.fleet.Activity;
import org.hourtap.server.fleet.Fleet;
import org.jspecify.annotations.Nullable;

/// Pairs tap-ins with tap-outs, at whatever terminals. Never a guessed credit: a length that the
/// clocks do not give is someone's decision.
final class Shifts {
    /// Longer than anyone works; a forgotten tap-out, more likely.
    private static final long LENGTH_MICROS_MAX = 16L * 60 * 60 * 1_000_000;

    /// Messages that were long under way move times by seconds; people are not at two places for
    /// longer than this either.
    private static final long OVERLAP_MICROS = 120_000_000;

    private final Writing writing;
    private final TapFacts facts;
    private final Review review;

    Shifts(Writing writing, TapFacts facts, Review review) {
        this.writing = writing;
        this.facts = facts;
        this.review = review;
    }

    private record Open(
            TransferId id,
            ActivityId activity,
            String bootId,
            long monotonicMicros,
            @Nullable Long hubMicros,
            long sinceMicros) {}

    /// When a shift was, by the hub's clock.
    private record Span(long since, long until) {}

    /// Whether the card began or ended a shift after this tap, and the books know already. What
    /// this tap would do now, it would do to the wrong shift.
    boolean isLate() throws SQLException {
        CardRecord record = facts.record();
        if (record == null) {
            return false;
        }
        Card card = facts.card();
        // A number too high to be believed was not counted, and makes nothing late.
        long newest = card == null ? Long.MAX_VALUE : card.counted().newest();
        long later =
                writing.sql()
                        .number(
                                "SELECT COUNT(*) FROM (SELECT 1 FROM tap"
                                        + " WHERE book_id = ? AND card = ?"
                                        + " AND counter > ? AND counter <= ?"
                                        + " AND kind IN ('SHIFT_IN', 'SHIFT_OUT')"
                                        + " LIMIT 1) AS later",
                                facts.book().value(),
                                facts.event().card().value(),
                                record.counter(),
                                newest);
        if (later > 0) {
            review.find(
                    Finding.Kind.LATE_SHIFT,
                    "A later shift tap of this card is already in the books; this one changed no"
                            + " shift. Someone should look at its hours.");
        }
        return later > 0;
    }

    void begin() throws SQLException {
        Optional<Open> forgotten = open();
        if (forgotten.isPresent()) {
            close(forgotten.get(), "FORGOTTEN", byClock(forgotten.get()), Credits.NONE);
            review.find(
                    Finding.Kind.FORGOTTEN_TAP_OUT,
                    "An earlier shift was never tapped out of; it was closed without hours.");
        }
        Card card = facts.card();
        ClockReading at = facts.event().at();
        writing.sql()
                .update(
                        "INSERT INTO shift VALUES (?, ?, ?, ?, ?, 'OPEN', ?, ?, ?, ?, NULL, NULL, 0)",
                        facts.book().value(),
                        Ids.bytes(facts.event().id()),
                        card == null ? null : card.member().value(),
                        facts.event().card().value(),
                        String.valueOf(facts.event().activity()),
                        at.bootId(),
                        at.monotonicMicros(),
                        facts.hubMicros(),
                        facts.eventMicros());
    }

    /// Takes in when the shift began by the clocks of its terminal, which a card that had told of
    /// it before does not know: now its length can be measured, whatever the hub's clock does.
    void timeBegin() throws SQLException {
        ClockReading at = facts.event().at();
        writing.sql()
                .update(
                        "UPDATE shift SET boot_id = ?, monotonic_micros = ?, hub_micros = ?,"
                                + " since_micros = ?"
                                + " WHERE book_id = ? AND id = ? AND state = 'OPEN'",
                        at.bootId(),
                        at.monotonicMicros(),
                        facts.hubMicros(),
                        facts.eventMicros(),
                        facts.book().value(),
                        Ids.bytes(facts.event().id()));
    }

    /// Takes back a begin that nobody was told of. A shift that ended meanwhile stays as it is.
    void undoBegin() throws SQLException {
        int changed =
                writing.sql()
                        .update(
                                "UPDATE shift SET state = 'TORN'"
                                        + " WHERE book_id = ? AND id = ? AND state = 'OPEN'",
                                facts.book().value(),
                                Ids.bytes(facts.event().id()));
        if (changed == 0) {
            review.find(
                    Finding.Kind.TORN_SHIFT,
                    "This shift began with a tap that was not taken in, and has ended; look at its"
                            + " hours.");
        }
    }

    /// Takes back an end that nobody was told of: the shift goes on, unless another one does.
    void undoEnd() throws SQLException {
        if (open().isPresent()) {
            review.find(
                    Finding.Kind.TORN_SHIFT,
                    "A shift ended with a tap that was not taken in, and another has begun; look at"
                            + " its hours.");
            return;
        }
        writing.sql()
                .update(
                        "UPDATE shift SET state = 'OPEN', closed_by = NULL,"
                                + " until_micros = NULL, minutes = 0"
                                + " WHERE book_id = ? AND closed_by = ? AND state = 'CLOSED'",
                        facts.book().value(),
                        Ids.bytes(facts.event().id()));
    }

    /// What a shift earned.
    ///
    /// @param isWaiting whether a coordinator has to approve it
    record Earned(ActivityId activity, Credits credits, boolean isWaiting) {}

    /// @return what the shift earned, nothing if someone has to decide; absent if there is none
    Optional<Earned> end() throws SQLException {
        Optional<Open> open = open();
        if (open.isEmpty()) {
            review.find(Finding.Kind.NO_OPEN_SHIFT, "Tapped out without having tapped in.");
            return Optional.empty();
        }
        Long micros = length(open.get());
        Span span = micros == null ? null : free(open.get(), micros);
        Optional<Activity> activity =
                new Fleet(writing.sql()).activity(facts.book(), open.get().activity());
        Credits earned = earned(activity.map(Activity::roundUpTo).orElse(1), micros, span);
        close(open.get(), "CLOSED", span == null ? byClock(open.get()) : span, earned);
        boolean isWaiting = activity.map(Activity::needsApproval).orElse(false);
        return Optional.of(new Earned(open.get().activity(), earned, isWaiting));
    }

    private Credits earned(int roundUpTo, @Nullable Long micros, @Nullable Span free)
            throws SQLException {
        if (micros == null) {
            review.find(
                    Finding.Kind.SHIFT_LENGTH_UNKNOWN,
                    "The clocks do not say how long the shift was; decide its hours by hand.");
            return Credits.NONE;
        }
        if (micros > LENGTH_MICROS_MAX) {
            review.find(
                    Finding.Kind.SHIFT_TOO_LONG,
                    "The shift lasted over 16 hours; decide its hours by hand.");
            return Credits.NONE;
        }
        if (free == null) {
            review.find(
                    Finding.Kind.SHIFTS_OVERLAP,
                    "The member has hours for a part of this time already, as when a tap comes late"
                            + " from a terminal without a link; decide its hours by hand.");
            return Credits.NONE;
        }
        return Activity.credited(micros, roundUpTo);
    }

    private Span byClock(Open shift) {
        return new Span(shift.sinceMicros(), facts.eventMicros());
    }

    /// The length is measured by the terminal and right, whatever the hub's clock says. If that
    /// jumped meanwhile, either the beginning has the right time or the end: the shift was where
    /// the member has no hours yet.
    ///
    /// Nobody is at two places at once: if neither is free, one of two shifts is not what its taps
    /// make it.
    ///
    /// @param micros how long it was
    /// @return absent if neither is free
    private @Nullable Span free(Open shift, long micros) throws SQLException {
        Span byClock = byClock(shift);
        boolean jumped = Math.abs(byClock.until() - byClock.since() - micros) > OVERLAP_MICROS;
        List<Span> spans =
                jumped
                        ? List.of(
                                new Span(byClock.until() - micros, byClock.until()),
                                new Span(byClock.since(), byClock.since() + micros))
                        : List.of(byClock);
        for (Span span : spans) {
            if (!overlaps(span)) {
                return span;
            }
        }
        return null;
    }

    private boolean overlaps(Span span) throws SQLException {
        Card card = facts.card();
        if (card == null) {
            return false;
        }
        long since = span.since() + OVERLAP_MICROS;
        long until = span.until() - OVERLAP_MICROS;
        return writing.sql()
                        .number(
                                "SELECT COUNT(*) FROM (SELECT 1 FROM shift"
                                        + " WHERE book_id = ? AND member = ?"
                                        + " AND since_micros > ? AND since_micros < ?"
                                        + " AND until_micros > ?"
                                        + " AND state = 'CLOSED' AND minutes > 0 LIMIT 1) AS other",
                                facts.book().value(),
                                card.member().value(),
                                since - LENGTH_MICROS_MAX,
                                until,
                                since)
                > 0;
    }

    /// @return microseconds, absent if nothing reliable can be said
    private @Nullable Long length(Open shift) {
        ClockReading out = facts.event().at();
        Long outHub = facts.hubMicros();
        Long inHub = shift.hubMicros();
        long micros;
        if (out.bootId().equals(shift.bootId())) {
            micros = out.monotonicMicros() - shift.monotonicMicros();
        } else if (outHub != null && inHub != null) {
            micros = outHub - inHub;
        } else {
            return null;
        }
        return micros < 0 ? null : micros;
    }

    /// The member's open shift; else one opened with this card while it was nobody's.
    private Optional<Open> open() throws SQLException {
        Card card = facts.card();
        if (card != null) {
            Optional<Open> open =
                    writing.sql()
                            .one(
                                    "SELECT * FROM shift WHERE book_id = ? AND member = ?"
                                            + " AND state = 'OPEN'",
                                    Shifts::read,
                                    facts.book().value(),
                                    card.member().value());
            if (open.isPresent()) {
                return open;
            }
        }
        return writing.sql()
                .one(
                        "SELECT * FROM shift WHERE book_id = ? AND card = ? AND member IS NULL"
                                + " AND state = 'OPEN'",
                        Shifts::read,
                        facts.book().value(),
                        facts.event().card().value());
    }

    private void close(Open shift, String state, Span span, Credits minutes) throws SQLException {
        writing.sql()
                .update(
                        "UPDATE shift SET state = ?, closed_by = ?, since_micros = ?,"
                                + " until_micros = ?, minutes = ? WHERE book_id = ? AND id = ?",
                        state,
                        Ids.bytes(facts.event().id()),
                        span.since(),
                        span.until(),
                        minutes.minutes(),
                        facts.book().value(),
                        Ids.bytes(shift.id()));
    }

    private static Open read(ResultSet row) throws SQLException {
        long hubMicros = row.getLong("hub_micros");
        boolean isAnchored = !row.wasNull();
        return new Open(
                Ids.read(row, "id"),
                new ActivityId(row.getString("activity")),
                row.getString("boot_id"),
                row.getLong("monotonic_micros"),
                isAnchored ? Long.valueOf(hubMicros) : null,
                row.getLong("since_micros"));
    }
}
