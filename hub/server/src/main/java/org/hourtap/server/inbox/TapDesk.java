package org.hourtap.server.inbox;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hourtap.contract.BookId;
import org.hourtap.contract.EventBatch;
import org.hourtap.contract.EventOutcome;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TapEvent;
import org.hourtap.ledger.TapOrigin;
import org.hourtap.server.books.Writing;
import org.hourtap.server.cards.Card;
import org.hourtap.server.cards.CardFeed;
import org.hourtap.server.cards.CardRegister;
import org.hourtap.server.fleet.Terminal;
import org.hourtap.server.inbox.BatchLines.Line;

/// Takes in one batch of a terminal's taps, in one command of the bookkeeper: all of it is kept, or
/// nothing and the terminal sends it again.
///
/// Ids say whether a tap is new; sequences only show what is missing. Whatever is wrong with a tap,
/// its place in the sequence is passed, so that the taps behind it are never held up.
public final class TapDesk {
    private final Writing writing;
    private final BookId book;
    private final Terminal terminal;
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
            EventBatch batch,
            long receivedMicros,
            long last) {
        this.writing = writing;
        this.book = book;
        this.terminal = terminal;
        this.batch = batch;
        this.receivedMicros = receivedMicros;
        this.taps = new Taps(writing.sql());
        this.findings = new Findings(writing.sql());
        this.last = last;
    }

    /// Applies a batch.
    ///
    /// @param receivedMicros when it arrived, by the hub's clock
    /// @return what became of each tap, up to the first gap
    public static List<EventOutcome> apply(
            Writing writing, BookId book, Terminal terminal, EventBatch batch, long receivedMicros)
            throws SQLException {
        Position position = Position.read(writing.sql(), book, terminal.id());
        List<Line> lines =
                BatchLines.of(batch, position.last(), new Findings(writing.sql()), book, terminal);
        // What a rewound terminal sends first is where it believes the books to be.
        long from = position.isRewound() ? lines.getFirst().sequence() - 1 : position.last();
        TapDesk desk = new TapDesk(writing, book, terminal, batch, receivedMicros, from);
        desk.applyAll(lines);
        position.advance(writing.sql(), book, terminal.id(), new Position(desk.last, false));
        return desk.outcomes;
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
        find(
                Finding.Kind.MISSING_TAPS,
                last + 1,
                "Taps "
                        + (last + 1)
                        + " to "
                        + (line.sequence() - 1)
                        + " were never received and"
                        + " the terminal does not hold them any more.",
                "",
                "");
        last = line.sequence() - 1;
        return true;
    }

    private void apply(Line line, TapEvent event) throws SQLException {
        Optional<Taps.Kept> known = taps.tap(book, event.id());
        if (known.isPresent()) {
            repeat(line, event, known.get());
            return;
        }
        int reuse = taps.uses(book, terminal.id().value(), event.sequence());
        if (reuse > 0 || event.sequence() <= last) {
            reused.add(event.sequence());
        }
        last = event.sequence();
        Optional<Card> card = new CardRegister(writing.sql()).card(book, event.card());
        TapFacts facts =
                new TapFacts(
                        book,
                        terminal.venue(),
                        event,
                        new TapOrigin(terminal.id(), event.sequence(), reuse),
                        card.orElse(null),
                        TapFacts.anchored(event.at(), batch.at(), receivedMicros),
                        receivedMicros);
        TapPosting.Verdict verdict = new TapPosting(writing, facts).post();
        taps.keep(facts, line.text(), verdict);
        card.map(Card::member).ifPresent(touched::add);
        outcomes.add(new EventOutcome(event.sequence(), verdict.outcome(), verdict.note()));
    }

    private void repeat(Line line, TapEvent event, Taps.Kept known) throws SQLException {
        passed(line);
        boolean isSame =
                known.text().equals(line.text()) && known.terminal().equals(terminal.id().value());
        if (isSame) {
            outcomes.add(new EventOutcome(event.sequence(), known.outcome(), known.note()));
            return;
        }
        String note = "The id " + event.id() + " came before with other content.";
        find(Finding.Kind.CONFLICTING, event.sequence(), note, line.text(), known.text());
        outcomes.add(new EventOutcome(event.sequence(), EventOutcome.Outcome.CONFLICTING, note));
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
