package org.hourtap.tap;

import java.util.function.Supplier;
import org.hourtap.contract.CardId;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.Codec;
import org.hourtap.contract.Credits;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TransferId;

/// The flow of one tap: gather what is known, decide, journal, and only then tell the person.
/// Confined to the tap thread.
public final class TapLoop {
    private final TerminalStore store;
    private final Signals signals;
    private final Supplier<ClockReading> clock;
    private final Supplier<TransferId> ids;

    /// @param ids mints a new id with each call; it is journalled before anyone hears of the tap
    public TapLoop(
            TerminalStore store,
            Signals signals,
            Supplier<ClockReading> clock,
            Supplier<TransferId> ids) {
        this.store = store;
        this.signals = signals;
        this.clock = clock;
        this.ids = ids;
    }

    /// Handles one presentation of a card, from the question to the light.
    ///
    /// @param fallbackLanguage the language to speak while the card's own is unknown
    /// @throws StoreException after the person was asked to see staff; nothing was promised
    public void tap(Presented presented, boolean online, String fallbackLanguage)
            throws StoreException {
        try {
            Cue cue = answer(presented, online, fallbackLanguage);
            signals.show(cue);
        } catch (StoreException e) {
            signals.show(Cue.plain(Cue.Kind.OUT_OF_SERVICE, fallbackLanguage));
            throw e;
        }
    }

    /// INVARIANT: no green light before the commit. A cue is only returned once the tap is on disk.
    private Cue answer(Presented presented, boolean online, String fallback) throws StoreException {
        return switch (presented) {
            case Presented.Torn _ -> Cue.plain(Cue.Kind.HOLD_AGAIN, fallback);
            case Presented.NotGenuine(CardId card) -> {
                decline(card, DeclineReason.NOT_GENUINE, online);
                yield Cue.plain(Cue.Kind.PLEASE_ASK, fallback);
            }
            case Presented.Identified identified -> identified(identified, online, fallback);
        };
    }

    private Cue identified(Presented.Identified presented, boolean online, String fallback)
            throws StoreException {
        ClockReading at = clock.get();
        Standing standing = store.standing(presented.card(), online);
        String language = standing.card() == null ? fallback : standing.card().language();
        return switch (TapDecider.decide(presented, standing, at)) {
            case TapDecision.Approved approved ->
                    cueOf(approve(presented, approved, at, online), language, false);
            case TapDecision.Declined(DeclineReason reason) -> {
                decline(presented.card(), reason, online);
                yield Cue.plain(Cue.Kind.PLEASE_ASK, language);
            }
            case TapDecision.Repeated(TapEvent earlier) -> cueOf(earlier, language, true);
        };
    }

    private TapEvent approve(
            Presented.Identified presented,
            TapDecision.Approved approved,
            ClockReading at,
            boolean online)
            throws StoreException {
        return keep(
                new TapEvent(
                        store.position().last() + 1,
                        ids.get(),
                        approved.kind(),
                        presented.card(),
                        presented.proof(),
                        approved.activity(),
                        approved.minutes(),
                        null,
                        at,
                        !online));
    }

    private void decline(CardId card, DeclineReason reason, boolean online) throws StoreException {
        keep(
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
                        !online));
    }

    private TapEvent keep(TapEvent event) throws StoreException {
        store.record(event, Codec.encodeEvent(event));
        return event;
    }

    private static Cue cueOf(TapEvent event, String language, boolean again) {
        Cue.Kind kind =
                switch (event.kind()) {
                    case SPEND -> Cue.Kind.WELCOME;
                    case SHIFT_IN -> Cue.Kind.SHIFT_STARTED;
                    case SHIFT_OUT -> Cue.Kind.SHIFT_ENDED;
                    case DECLINED -> Cue.Kind.PLEASE_ASK;
                };
        return new Cue(kind, language, event.minutes().minutes(), again);
    }
}
