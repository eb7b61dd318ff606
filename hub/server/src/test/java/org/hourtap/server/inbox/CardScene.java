package org.hourtap.server.inbox;

import static org.hourtap.server.books.TestBooks.ANNS_CARD;
import static org.hourtap.server.books.TestBooks.BARRY;

import java.util.List;
import org.hourtap.contract.CardId;
import org.hourtap.contract.CardRecord;
import org.hourtap.contract.CardStamp;
import org.hourtap.contract.CarriedTap;
import org.hourtap.contract.Credits;
import org.hourtap.contract.FeedPage;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TerminalTag;
import org.hourtap.contract.TransferId;
import org.hourtap.ledger.AccountId;
import org.hourtap.server.books.TestBooks;
import org.hourtap.server.feed.Feed;

/// What the tests of carried taps have in common: Ann's card at the pool and at the hall, and looks
/// into the books.
final class CardScene {
    final TestBooks books;
    final Door pool;
    final Door hall;

    CardScene(TestBooks books) {
        this.books = books;
        this.pool = new Door(books, TestBooks.POOL_DOOR);
        this.hall = new Door(books, TestBooks.LUNCH_DOOR);
    }

    /// A swim that Ann's card counts.
    static TapEvent swim(Door door, long sequence, int id, long minutes, long counter) {
        return tap(door, sequence, id, TapEvent.Kind.SPEND, minutes)
                .with(new CardStamp(counter, null));
    }

    static TapEvent tap(Door door, long sequence, int id, TapEvent.Kind kind, long minutes) {
        return door.event(sequence, id, kind, ANNS_CARD, minutes);
    }

    /// What the card holds of it.
    static CarriedTap on(Door door, TapEvent tap, long counter) {
        return CarriedTap.of(door.record(tap, counter), null);
    }

    /// The start or end of a shift at the hall as the card holds it, from a terminal with a clock.
    CarriedTap timed(TapEvent.Kind kind, int id, long counter, long micros) {
        return CarriedTap.of(
                new CardRecord(
                        kind,
                        true,
                        true,
                        Credits.NONE,
                        counter,
                        TerminalTag.of(BARRY, TestBooks.LUNCH_DOOR),
                        counter,
                        timedId(id, micros)),
                null);
    }

    static TransferId timedId(int id, long micros) {
        return TransferId.mint(micros / 1_000, 7, (long) id << 4);
    }

    List<Finding> findings() throws Exception {
        return books.read(sql -> new Findings(sql).list(BARRY, Long.MAX_VALUE, 500)).stream()
                .map(Findings.Kept::finding)
                .toList();
    }

    List<Finding.Kind> kinds() throws Exception {
        return findings().stream().map(Finding::kind).toList();
    }

    long atPool() throws Exception {
        return books.balance(AccountId.of(BARRY, TestBooks.POOL));
    }

    FeedRow.CardRow row(CardId card) throws Exception {
        FeedPage page =
                books.read(
                        sql -> new Feed(sql).pageFor(BARRY, TestBooks.POOL_DOOR, 0L, List.of(), 0));
        return page.rows().stream()
                .filter(row -> row instanceof FeedRow.CardRow)
                .map(FeedRow.CardRow.class::cast)
                .filter(row -> row.card().equals(card))
                .findFirst()
                .orElseThrow();
    }

    Taps.Kept kept(int id) throws Exception {
        return books.read(sql -> new Taps(sql).tap(BARRY, TestBooks.id(id))).orElseThrow();
    }

    void close() throws Exception {
        books.close();
    }
}
