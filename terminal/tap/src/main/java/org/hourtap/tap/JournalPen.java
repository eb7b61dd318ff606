package org.hourtap.tap;

import java.util.List;
import java.util.function.Supplier;
import org.hourtap.contract.CardId;
import org.hourtap.contract.CardStamp;
import org.hourtap.contract.CarriedTap;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.Codec;
import org.hourtap.contract.Credits;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TransferId;
import org.jspecify.annotations.Nullable;

/// Gives taps their number and id, and writes them into the journal.
final class JournalPen {
    private final TerminalStore store;
    private final Supplier<ClockReading> clock;
    private final Supplier<TransferId> ids;

    JournalPen(TerminalStore store, Supplier<ClockReading> clock, Supplier<TransferId> ids) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
    }

    /// @return a tap with the next number and a new id, not yet written
    TapEvent welcome(
            Presented.Identified presented,
            TapDecision.Approved approved,
            ClockReading at,
            boolean online,
            @Nullable CardStamp stamp,
            List<CarriedTap> carried)
            throws StoreException {
        return new TapEvent(
                store.position().last() + 1,
                ids.get(),
                approved.kind(),
                presented.card(),
                presented.proof(),
                approved.activity(),
                approved.minutes(),
                null,
                at,
                !online,
                stamp,
                carried);
    }

    /// @param story what the card told before it was declined, which the hub wants to know all the
    ///   same; absent when it told nothing
    void decline(CardId card, DeclineReason reason, boolean online, @Nullable CardStory story)
            throws StoreException {
        TapEvent event =
                new TapEvent(
                        store.position().last() + 1,
                        ids.get(),
                        TapEvent.Kind.DECLINED,
                        card,
                        TapEvent.Proof.NONE,
                        null,
                        Credits.NONE,
                        reason.name(),
                        clock.get(),
                        !online,
                        null,
                        story == null ? List.of() : story.news());
        keep(event, story == null ? 0 : story.now().value());
    }

    TapEvent keep(TapEvent event, long seen) throws StoreException {
        store.record(event, Codec.encodeEvent(event), seen);
        return event;
    }

    void doubt(TapEvent event) throws StoreException {
        store.doubt(event, Codec.encodeEvent(event));
    }

    TapEvent settle(TapEvent event) throws StoreException {
        store.settle(event, Codec.encodeEvent(event));
        return event;
    }
}
