package org.hourtap.tap;

import java.util.List;
import org.hourtap.card.CardCounter;
import org.hourtap.contract.CardId;
import org.hourtap.contract.CardRecord;
import org.hourtap.contract.CardStamp;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.TapEvent;
import org.jspecify.annotations.Nullable;

/// Taps of which nobody knows whether the card took them in, because it left before it answered, or
/// the program died. The card itself knows, at its next tap; if none comes in time, nobody was let
/// in, and the tap is closed as torn.
final class Doubts {
    /// Who was asked to hold the card again does it at once or has left. Meanwhile no later tap
    /// travels to the hub.
    static final long MICROS_MAX = 300_000_000;

    private final TerminalStore store;
    private final JournalPen pen;
    private final ClockReading started;

    /// @param started the clocks when this program began
    Doubts(TerminalStore store, JournalPen pen, ClockReading started) {
        this.store = store;
        this.pen = pen;
        this.started = started;
    }

    /// Closes those that are over.
    void expire(ClockReading at) throws StoreException {
        for (TapEvent doubt : store.doubts()) {
            if (isOver(doubt, at)) {
                pen.settle(doubt.torn());
            }
        }
    }

    /// @return the open doubts of this card
    List<TapEvent> of(CardId card) throws StoreException {
        return store.doubts().stream().filter(doubt -> doubt.card().equals(card)).toList();
    }

    /// Settles doubts by what the card shows.
    ///
    /// @param records the newest, as many as it takes to see them
    /// @return the tap that the card did take in, welcomed now; null if there was none
    @Nullable TapEvent settle(
            List<TapEvent> doubts, CardCounter now, List<CardRecord> records, ClockReading at)
            throws StoreException {
        TapEvent welcomed = null;
        for (TapEvent doubt : doubts) {
            if (CardStory.contains(records, doubt)) {
                welcomed = pen.settle(welcomed(doubt, now, at));
            } else {
                pen.settle(doubt.torn());
            }
        }
        return welcomed;
    }

    /// The person enters now, so this is the tap's time: a second look at the card counts as a
    /// repeat from here on. The card has the MAC as long as nothing came after the tap.
    private static TapEvent welcomed(TapEvent doubt, CardCounter now, ClockReading at) {
        long counter = CardStory.counterOf(doubt);
        return new TapEvent(
                doubt.sequence(),
                doubt.id(),
                doubt.kind(),
                doubt.card(),
                doubt.proof(),
                doubt.activity(),
                doubt.minutes(),
                null,
                at,
                doubt.offline(),
                new CardStamp(counter, counter == now.value() ? now.mac() : null),
                doubt.carried());
    }

    /// A doubt of an earlier boot has the full time from the start of this program: its own clock
    /// is gone.
    private boolean isOver(TapEvent doubt, ClockReading at) {
        ClockReading since = at.isSameBoot(doubt.at()) ? doubt.at() : started;
        return at.microsSince(since) > MICROS_MAX;
    }
}
