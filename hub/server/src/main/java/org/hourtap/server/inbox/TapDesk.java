package org.hourtap.server.inbox;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hourtap.contract.BookId;
import org.hourtap.contract.CardId;
import org.hourtap.contract.CardRecord;
import org.hourtap.contract.CardStamp;
import org.hourtap.contract.CarriedTap;
import org.hourtap.contract.EventBatch;
import org.hourtap.contract.EventOutcome;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TerminalTag;
import org.hourtap.ledger.TapOrigin;
import org.hourtap.server.books.Writing;
import org.hourtap.server.cards.Card;
import org.hourtap.server.cards.CardFeed;
import org.hourtap.server.cards.CardMacs;
import org.hourtap.server.cards.CardRegister;
import org.hourtap.server.cards.Counted;
import org.hourtap.server.fleet.Terminal;
import org.hourtap.server.inbox.BatchLines.Line;
import org.jspecify.annotations.Nullable;

/// Takes in one batch of a terminal's taps, in one command of the bookkeeper: all of it is kept, or
/// nothing and the terminal sends it again.
///
/// Ids say whether a tap is new; sequences only show what is missing. Whatever is wrong with a tap,
/// its place in the sequence is passed, so that the taps behind it are never held up.
public final class TapDesk {
    private final Writing writing;
    private final BookId book;
    private final Terminal terminal;
    private final CardMacs macs;
    private final EventBatch batch;
    private final long receivedMicros;
    private final Taps taps;
    private final Findings findings;
    private final List<EventOutcome> outcomes = new ArrayList<>();
    private final Set<MemberId> touched = new LinkedHashSet<>();
    private final List<Long> reused = new ArrayList<>();
    private long last;

    private TapDesk(
            Writing writing,
            BookId book,
            Terminal terminal,
            CardMacs macs,
            EventBatch batch,
            long receivedMicros,
            long last) {
        this.writing = writing;
        this.book = book;
        this.terminal = terminal;
        this.macs = macs;
        this.batch = batch;
        this.receivedMicros = receivedMicros;
        this.taps = new Taps(writing.sql());
        this.findings = new Findings(writing.sql());
        this.last = last;
    }

    /// Applies a batch.
    ///
    /// @param macs what cards sign, as far as the hub can check it
    /// @param receivedMicros when it arrived, by the hub's clock
    /// @return what became of each tap, up to the first gap
    public static List<EventOutcome> apply(
            Writing writing,
            BookId book,
            Terminal terminal,
            CardMacs macs,
            EventBatch batch,
            long receivedMicros)
            throws SQLException {
        Position position = Position.read(writing.sql(), book, terminal.id());
        List<Line> lines =
                BatchLines.of(batch, position.last(), new Findings(writing.sql()), book, terminal);
        // What a rewound terminal sends first is where it believes the books to be.
        long from = position.isRewound() ? lines.getFirst().sequence() - 1 : position.last();
        TapDesk desk = new TapDesk(writing, book, terminal, macs, batch, receivedMicros, from);
        desk.applyAll(lines);
        position.advance(writing.sql(), book, terminal.id(), new Position(desk.last, false));
        return desk.outcomes;
    }

    /// Notes that a terminal heard things from books of which these are a backup: its numbers may
    /// be others by now than the ones counted here, so it has to send all it holds. Ids say which
    /// of it is new.
    public static void startOver(Writing writing, BookId book, Terminal terminal)
            throws SQLException {
        Position.read(writing.sql(), book, terminal.id())
                .advance(writing.sql(), book, terminal.id(), new Position(0, false));
    }

    /// Notes that a terminal came back with fewer taps than are in the books, as after restoring an
    /// old backup of it: until it has sent what it holds, nothing may be acknowledged.
    public static void greet(Writing writing, BookId book, Terminal terminal, long lastSequence)
            throws SQLException {
        Position position = Position.read(writing.sql(), book, terminal.id());
        if (lastSequence < position.last() && !position.isRewound()) {
            position.advance(
                    writing.sql(), book, terminal.id(), new Position(position.last(), true));
        }
    }

    private void applyAll(List<Line> lines) throws SQLException {
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            if (line.sequence() > last + 1 && !(i == 0 && isLost(line))) {
                break;
            }
            TapEvent event = line.event();
            if (event == null) {
                keepUnreadable(line);
            } else {
                apply(line, event);
            }
        }
        if (!reused.isEmpty()) {
            find(
                    Finding.Kind.SEQUENCE_REUSED,
                    reused.getFirst(),
                    "The terminal used positions "
                            + reused.getFirst()
                            + " to "
                            + reused.getLast()
                            + " again, as after restoring an old backup. All taps were kept.",
                    "",
                    "");
        }
        CardFeed feed = new CardFeed(writing);
        for (MemberId member : touched) {
            feed.refresh(book, member);
        }
    }

    /// The terminal no longer holds anything older than the batch's first tap, so waiting for what
    /// is missing before it would hold up its queue for ever.
    private boolean isLost(Line line) throws SQLException {
        if (line.sequence() != batch.oldestHeld()) {
            return false;
        }
        long lost = line.sequence() - 1 - last;
        long brought = taps.known(book, terminal.id().value(), last + 1, line.sequence() - 1);
        if (brought < lost) {
            find(
                    Finding.Kind.MISSING_TAPS,
                    last + 1,
                    "Taps "
                            + (last + 1)
                            + " to "
                            + (line.sequence() - 1)
                            + " were never received and the terminal does not hold them any more."
                            + (brought == 0 ? "" : " Cards brought " + brought + " of them."),
                    "",
                    "");
        }
        last = line.sequence() - 1;
        return true;
    }

    private void apply(Line line, TapEvent event) throws SQLException {
        Optional<Taps.Kept> known = taps.tap(book, event.id());
        if (known.isPresent() && isSame(known.get(), line)) {
            passed(line);
            answer(event, known.get().outcome(), known.get().note());
            return;
        }
        if (!event.carried().isEmpty()) {
            // What a card brought happened before the tap that told of it.
            takeInCarried(event);
            known = taps.tap(book, event.id());
        }
        if (known.isEmpty()) {
            first(line, event);
        } else if (isTheOneBrought(known.get(), event)) {
            confirm(line, event, known.get());
        } else {
            conflict(line, event, known.get());
        }
    }

    private void takeInCarried(TapEvent event) throws SQLException {
        Courier.Brought brought =
                new Courier.Brought(
                        event.card(),
                        new TapOrigin(terminal.id(), event.sequence(), 0),
                        receivedMicros);
        Optional<Card> _ = touched(event);
        Courier courier = new Courier(writing, book, macs, brought);
        for (CarriedTap carried : event.carried()) {
            courier.takeIn(carried);
        }
    }

    private void first(Line line, TapEvent event) throws SQLException {
        int reuse = taps.uses(book, terminal.id().value(), event.sequence());
        if (reuse > 0 || event.sequence() <= last) {
            reused.add(event.sequence());
        }
        last = event.sequence();
        TapFacts facts = facts(event, reuse);
        TapPosting.Verdict verdict =
                NewTap.take(writing, facts, Taps.Heard.fromTerminal(line.text()));
        answer(event, verdict.outcome(), verdict.note());
    }

    /// The terminal's own words on a tap that a card had brought before.
    private void confirm(Line line, TapEvent event, Taps.Kept known) throws SQLException {
        passed(line);
        TapFacts facts = facts(event, known.reuse());
        if (event.kind() == TapEvent.Kind.TORN) {
            String note = new TornTap(writing, facts).giveBack(known.kind());
            TapPosting.Verdict verdict =
                    new TapPosting.Verdict(EventOutcome.Outcome.RECORDED, note);
            taps.tear(book, known, line.text(), verdict);
            answer(event, verdict.outcome(), verdict.note());
            return;
        }
        if (facts.mac() == CardMacs.Verdict.WRONG) {
            String note = "The card did not sign this tap as its terminal tells it.";
            find(Finding.Kind.WRONG_MAC, event.sequence(), note, line.text(), known.told());
        }
        if (event.kind() == TapEvent.Kind.SHIFT_IN) {
            new Shifts(writing, facts, new Review(writing, facts)).timeBegin();
        }
        boolean isSigned = facts.mac() == CardMacs.Verdict.VERIFIED;
        taps.confirm(book, known, line.text(), isSigned ? facts.mac() : known.mac());
        CardRecord record = facts.record();
        if (isSigned && record != null) {
            // Before, its number may have been too far ahead to be believed.
            new CardCounters(writing, book)
                    .count(event.card(), record.counter(), facts.mac(), facts.origin());
        }
        answer(event, known.outcome(), known.note());
    }

    private void conflict(Line line, TapEvent event, Taps.Kept known) throws SQLException {
        passed(line);
        String note = "The id " + event.id() + " came before with other content.";
        find(Finding.Kind.CONFLICTING, event.sequence(), note, line.text(), known.told());
        answer(event, EventOutcome.Outcome.CONFLICTING, note);
    }

    private boolean isSame(Taps.Kept known, Line line) {
        return known.text().equals(line.text()) && known.terminal().equals(terminal.id().value());
    }

    private boolean isTheOneBrought(Taps.Kept known, TapEvent event) throws SQLException {
        String record = known.record();
        return known.isBroughtOnly()
                && record != null
                && known.terminal().equals(terminal.id().value())
                && SameTap.isTold(event, new CardId(known.card()), SameTap.record(record));
    }

    private TapFacts facts(TapEvent event, int reuse) throws SQLException {
        Optional<Card> card = touched(event);
        CardRecord record = record(event);
        CardStamp stamp = event.stamp();
        String mac = stamp == null ? null : stamp.mac();
        boolean isUnsigned =
                mac == null
                        && macs.isChecking()
                        && event.proof() == TapEvent.Proof.DESFIRE_EV2
                        && card.isPresent()
                        && !card.get().counted().equals(Counted.NONE);
        return new TapFacts(
                book,
                terminal.venue(),
                event,
                new TapOrigin(terminal.id(), event.sequence(), reuse),
                card.orElse(null),
                anchored(event),
                receivedMicros,
                record,
                verdict(event.card(), record, mac),
                isUnsigned);
    }

    /// A tap that came out of a doubt is told with the clock of the second hold, and the card
    /// signed what the first one said: whether the time was known may be either.
    private CardMacs.Verdict verdict(
            CardId card, @Nullable CardRecord record, @Nullable String mac) {
        CardMacs.Verdict told = macs.verdict(card, record, mac);
        if (record == null || told != CardMacs.Verdict.WRONG) {
            return told;
        }
        CardRecord flipped =
                new CardRecord(
                        record.kind(),
                        record.offline(),
                        !record.clockKnown(),
                        record.minutes(),
                        record.counter(),
                        record.terminal(),
                        record.sequence(),
                        record.id());
        return macs.verdict(card, flipped, mac);
    }

    /// @return the tap's card, whose member's rows in the feed are written anew at the end
    private Optional<Card> touched(TapEvent event) throws SQLException {
        Optional<Card> card = new CardRegister(writing.sql()).card(book, event.card());
        card.map(Card::member).ifPresent(touched::add);
        return card;
    }

    private @Nullable Long anchored(TapEvent event) {
        return TapFacts.anchored(event.at(), batch.at(), receivedMicros);
    }

    /// @return what the card holds of a tap; absent if it counts none, or not as far as that
    private @Nullable CardRecord record(TapEvent event) {
        CardStamp stamp = event.stamp();
        try {
            return stamp == null
                    ? null
                    : CardRecord.of(event, TerminalTag.of(book, terminal.id()), stamp.counter());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private void answer(TapEvent event, EventOutcome.Outcome outcome, String note) {
        outcomes.add(new EventOutcome(event.sequence(), outcome, note));
    }

    private void keepUnreadable(Line line) throws SQLException {
        passed(line);
        String note = Review.shortened("Not readable as a tap: " + line.problem());
        find(Finding.Kind.UNREADABLE, line.sequence(), note, line.text(), "");
        outcomes.add(new EventOutcome(line.sequence(), EventOutcome.Outcome.UNREADABLE, note));
    }

    private void passed(Line line) {
        if (line.sequence() == last + 1) {
            last = line.sequence();
        }
    }

    private void find(Finding.Kind kind, long sequence, String note, String text, String other)
            throws SQLException {
        findings.keep(
                book,
                new Finding(kind, terminal.id().value(), sequence, "", note, text, other),
                writing.nowMicros());
    }
}
