package org.hourtap.server.inbox;

import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.books.TestBooks.COOK;
import static org.hourtap.server.books.TestBooks.SWIM;

import java.util.Arrays;
import java.util.List;
import org.hourtap.contract.CardId;
import org.hourtap.contract.CardRecord;
import org.hourtap.contract.CarriedTap;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.Codec;
import org.hourtap.contract.Credits;
import org.hourtap.contract.EventBatch;
import org.hourtap.contract.EventOutcome;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.TerminalTag;
import org.hourtap.server.books.TestBooks;
import org.hourtap.server.cards.CardMacs;
import org.hourtap.server.fleet.Fleet;

/// A terminal as its journal tells it: makes the texts of taps and sends them in batches.
public final class Door {
    private static final long MINUTE = 60_000_000;

    private final TestBooks books;
    private final TerminalId id;
    private String bootId;
    private long monotonicMinutes = 1_000;
    private CardMacs macs = CardMacs.NONE;

    public Door(TestBooks books, TerminalId id) {
        this.books = books;
        this.id = id;
        this.bootId = id + "-boot";
    }

    public void reboot() {
        bootId += "x";
        monotonicMinutes = 1;
    }

    /// From now on the hub checks what cards sign.
    void checkedBy(CardMacs checked) {
        macs = checked;
    }

    public void pass(long minutes) {
        monotonicMinutes += minutes;
        books.pass(java.time.Duration.ofMinutes(minutes));
    }

    public ClockReading now() {
        return new ClockReading(bootId, monotonicMinutes * MINUTE, 0, ClockReading.Quality.UNKNOWN);
    }

    public String spend(long sequence, int id, CardId card, long minutes) {
        return text(sequence, id, TapEvent.Kind.SPEND, card, minutes);
    }

    public String in(long sequence, int id, CardId card) {
        return text(sequence, id, TapEvent.Kind.SHIFT_IN, card, 0);
    }

    public String out(long sequence, int id, CardId card) {
        return text(sequence, id, TapEvent.Kind.SHIFT_OUT, card, 0);
    }

    public String declined(long sequence, int id, CardId card) {
        return text(sequence, id, TapEvent.Kind.DECLINED, card, 0);
    }

    /// Nobody was let in on this one.
    public String torn(long sequence, int id, CardId card) {
        return text(sequence, id, TapEvent.Kind.TORN, card, 0);
    }

    private String text(long sequence, int tap, TapEvent.Kind kind, CardId card, long minutes) {
        return Codec.encodeEvent(event(sequence, tap, kind, card, minutes));
    }

    /// A tap of a card that carries nothing.
    TapEvent event(long sequence, int tap, TapEvent.Kind kind, CardId card, long minutes) {
        return new TapEvent(
                sequence,
                TestBooks.id(tap),
                kind,
                card,
                TapEvent.Proof.UID_ONLY,
                switch (kind) {
                    case SPEND -> SWIM;
                    case SHIFT_IN, SHIFT_OUT -> COOK;
                    case DECLINED, TORN -> null;
                },
                new Credits(minutes),
                kind == TapEvent.Kind.DECLINED ? "UNKNOWN_CARD" : null,
                now(),
                false);
    }

    /// The same tap, with taps that its card brought along.
    static TapEvent carrying(TapEvent event, CarriedTap... carried) {
        return new TapEvent(
                event.sequence(),
                event.id(),
                event.kind(),
                event.card(),
                event.proof(),
                event.activity(),
                event.minutes(),
                event.reason(),
                event.at(),
                event.offline(),
                event.stamp(),
                List.of(carried));
    }

    /// What the card holds of a tap here.
    CardRecord record(TapEvent event, long counter) {
        return CardRecord.of(event, TerminalTag.of(BARRY, id), counter);
    }

    public List<EventOutcome> send(long oldestHeld, TapEvent... events) throws Exception {
        return send(
                oldestHeld, Arrays.stream(events).map(Codec::encodeEvent).toArray(String[]::new));
    }

    /// The oldest tap held is the first sent; nothing before it is left.
    public List<EventOutcome> send(long oldestHeld, String... events) throws Exception {
        EventBatch batch = new EventBatch(oldestHeld, List.of(events), now());
        return books.write(writing ->
                TapDesk.apply(
                        writing,
                        BARRY,
                        new Fleet(writing.sql()).terminal(BARRY, id).orElseThrow(),
                        macs,
                        batch,
                        books.nowMicros()));
    }

    public long last() throws Exception {
        return books.read(sql -> Position.read(sql, BARRY, id).last());
    }
}
