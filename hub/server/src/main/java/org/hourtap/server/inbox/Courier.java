package org.hourtap.server.inbox;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.hourtap.contract.BookId;
import org.hourtap.contract.CardId;
import org.hourtap.contract.CardRecord;
import org.hourtap.contract.CardStamp;
import org.hourtap.contract.CarriedTap;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.MalformedMessageException;
import org.hourtap.contract.TapEvent;
import org.hourtap.ledger.TapOrigin;
import org.hourtap.server.books.Writing;
import org.hourtap.server.cards.Card;
import org.hourtap.server.cards.CardMacs;
import org.hourtap.server.cards.CardRegister;
import org.hourtap.server.fleet.Fleet;
import org.hourtap.server.fleet.Terminal;
import org.jspecify.annotations.Nullable;

/// Takes in the taps that a card brought along from other terminals, which may never come back
/// themselves. Each is posted like its terminal's own statement, under the same id, so that it
/// counts once whoever tells of it, how often, and in whatever order. What cannot be posted is kept
/// as a finding with the record as it was read.
final class Courier {
    private final Writing writing;
    private final BookId book;
    private final CardMacs macs;
    private final Brought brought;
    private final Taps taps;

    /// Where the card was read, and when the hub heard of it.
    ///
    /// @param to the terminal that read it, and its own tap that told of it
    record Brought(CardId card, TapOrigin to, long receivedMicros) {}

    Courier(Writing writing, BookId book, CardMacs macs, Brought brought) {
        this.writing = writing;
        this.book = book;
        this.macs = macs;
        this.brought = brought;
        this.taps = new Taps(writing.sql());
    }

    void takeIn(CarriedTap carried) throws SQLException {
        CardRecord record;
        try {
            record = carried.parsed();
        } catch (MalformedMessageException e) {
            keepUnreadable(carried, e);
            return;
        }
        Optional<Terminal> from = new Fleet(writing.sql()).tagged(book, record.terminal());
        if (from.isEmpty()) {
            find(
                    Finding.Kind.UNKNOWN_ORIGIN,
                    new Place("#%08x".formatted(record.terminal()), record.sequence()),
                    "Card " + brought.card() + " carried a tap of a terminal no register knows.",
                    carried,
                    "");
            return;
        }
        TapEvent event;
        try {
            event = event(record, carried.mac(), from.get());
        } catch (IllegalArgumentException e) {
            keepUnreadable(carried, e);
            return;
        }
        takeIn(carried, record, from.get(), event);
    }

    private void takeIn(CarriedTap carried, CardRecord record, Terminal from, TapEvent event)
            throws SQLException {
        Place place = new Place(from.id().value(), record.sequence());
        Optional<Taps.Kept> known = taps.tap(book, record.id());
        if (known.isPresent()
                && !SameTap.isKept(known.get(), brought.card(), from.id().value(), record)) {
            find(
                    Finding.Kind.CONFLICTING,
                    place,
                    "Card " + brought.card() + " carried tap " + record.id() + " otherwise.",
                    carried,
                    known.get().told());
            return;
        }
        CardMacs.Verdict mac = macs.verdict(brought.card(), record, carried.mac());
        if (mac == CardMacs.Verdict.WRONG) {
            find(
                    Finding.Kind.WRONG_MAC,
                    place,
                    "What was read from card "
                            + brought.card()
                            + " is not signed by it. It was not counted.",
                    carried,
                    known.map(Taps.Kept::told).orElse(""));
            if (known.isPresent()) {
                // It is in the balance, so it has to be counted, whoever is wrong.
                count(record, mac);
            }
        } else if (known.isPresent()) {
            learn(known.get(), carried, record, mac);
        } else if (event.kind() != TapEvent.Kind.SPEND && !record.clockKnown()) {
            find(
                    Finding.Kind.UNTIMED_SHIFT,
                    place,
                    "Card "
                            + brought.card()
                            + " carried the start or end of a shift without a time. It counts when"
                            + " its terminal sends it.",
                    carried,
                    "");
        } else if (event.kind() != TapEvent.Kind.SPEND
                && macs.isChecking()
                && mac != CardMacs.Verdict.VERIFIED) {
            find(
                    Finding.Kind.UNSIGNED,
                    place,
                    "Card "
                            + brought.card()
                            + " carried the start or end of a shift without its signature. It"
                            + " counts when its terminal sends it.",
                    carried,
                    "");
        } else {
            post(carried, record, from, event, mac);
        }
    }

    private void post(
            CarriedTap carried,
            CardRecord record,
            Terminal from,
            TapEvent event,
            CardMacs.Verdict mac)
            throws SQLException {
        int reuse = taps.uses(book, from.id().value(), record.sequence());
        if (reuse > 0) {
            find(
                    Finding.Kind.SEQUENCE_REUSED,
                    new Place(from.id().value(), record.sequence()),
                    "The terminal used this position twice, as after restoring an old backup. Both"
                            + " taps were kept.",
                    carried,
                    "");
        }
        if (from.isRevoked()) {
            find(
                    Finding.Kind.REVOKED_TERMINAL,
                    new Place(from.id().value(), record.sequence()),
                    "Card "
                            + brought.card()
                            + " carried a tap of a terminal that was shut out. It was counted; look"
                            + " whether it is true.",
                    carried,
                    "");
        }
        Optional<Card> card = new CardRegister(writing.sql()).card(book, brought.card());
        Long tappedMicros =
                record.clockKnown()
                        ? Long.valueOf(Math.min(mintedMicros(record), brought.receivedMicros()))
                        : null;
        TapFacts facts =
                new TapFacts(
                        book,
                        from.venue(),
                        event,
                        new TapOrigin(from.id(), record.sequence(), reuse),
                        card.orElse(null),
                        tappedMicros,
                        brought.receivedMicros(),
                        record,
                        mac,
                        false);
        NewTap.take(writing, facts, Taps.Heard.fromCard(carried.record(), brought.to().terminal()));
    }

    /// A tap known already: from its terminal, which may not have had the card's last word on it,
    /// or from this card before.
    private void learn(Taps.Kept known, CarriedTap carried, CardRecord record, CardMacs.Verdict mac)
            throws SQLException {
        boolean isSigned =
                mac == CardMacs.Verdict.VERIFIED && known.mac() != CardMacs.Verdict.VERIFIED;
        if (known.counter() != null && !isSigned) {
            return;
        }
        taps.learn(
                book,
                known,
                Taps.Heard.fromCard(carried.record(), brought.to().terminal()),
                record.counter(),
                isSigned ? mac : known.mac());
        count(record, isSigned ? mac : known.mac());
    }

    private void count(CardRecord record, CardMacs.Verdict mac) throws SQLException {
        new CardCounters(writing, book).count(brought.card(), record.counter(), mac, brought.to());
    }

    /// The tap as its terminal would have told it. A boot of its own, because a card knows of no
    /// boots: the length of a shift comes from the two times.
    private TapEvent event(CardRecord record, @Nullable String mac, Terminal from) {
        return new TapEvent(
                record.sequence(),
                record.id(),
                record.kind(),
                brought.card(),
                TapEvent.Proof.DESFIRE_EV2,
                from.activity(),
                record.minutes(),
                null,
                new ClockReading(
                        "card-" + record.id(),
                        0,
                        mintedMicros(record),
                        record.clockKnown()
                                ? ClockReading.Quality.NTP
                                : ClockReading.Quality.UNKNOWN),
                record.offline(),
                new CardStamp(record.counter(), mac),
                List.of());
    }

    /// An id starts with the time it was minted at, in milliseconds.
    private static long mintedMicros(CardRecord record) {
        return (record.id().value().getMostSignificantBits() >>> 16) * 1_000;
    }

    private void keepUnreadable(CarriedTap carried, Exception why) throws SQLException {
        find(
                Finding.Kind.UNREADABLE_RECORD,
                new Place(brought.to().terminal().value(), 0),
                "Card " + brought.card() + " carried what is no tap: " + why.getMessage(),
                carried,
                "");
    }

    /// What a finding is about.
    private record Place(String terminal, long sequence) {}

    private void find(
            Finding.Kind kind, Place place, String note, CarriedTap carried, String otherText)
            throws SQLException {
        String mac = carried.mac();
        new Findings(writing.sql())
                .keep(
                        book,
                        new Finding(
                                kind,
                                place.terminal(),
                                place.sequence(),
                                brought.card().value(),
                                Review.shortened(note),
                                carried.record() + (mac == null ? "" : " " + mac),
                                otherText),
                        writing.nowMicros());
    }
}
