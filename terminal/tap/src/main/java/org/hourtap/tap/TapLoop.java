package org.hourtap.tap;

import java.util.List;
import java.util.function.Supplier;
import org.hourtap.card.CardJournal;
import org.hourtap.contract.CardId;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TransferId;

/// The flow of one tap: gather what is known, decide, journal, and only then tell the person.
/// Confined to the tap thread.
public final class TapLoop {
    private final TerminalStore store;
    private final Signals signals;
    private final Supplier<ClockReading> clock;
    private final JournalPen pen;
    private final Doubts doubts;
    private final CardDialogue dialogue;

    /// @param ids mints a new id with each call; it is journalled before anyone hears of the tap
    /// @param terminal this terminal's tag on cards, see [org.hourtap.contract.TerminalTag]
    public TapLoop(
            TerminalStore store,
            Signals signals,
            Supplier<ClockReading> clock,
            Supplier<TransferId> ids,
            int terminal) {
        this.store = store;
        this.signals = signals;
        this.clock = clock;
        this.pen = new JournalPen(store, clock, ids);
        this.doubts = new Doubts(store, pen, clock.get());
        this.dialogue = new CardDialogue(store, pen, doubts, terminal);
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

    /// Called now and then: closes taps in doubt whose card did not come back.
    public void tick() throws StoreException {
        doubts.expire(clock.get());
    }

    /// INVARIANT: no green light before the commit. A cue is only returned once the tap is on disk.
    private Cue answer(Presented presented, boolean online, String fallback) throws StoreException {
        return switch (presented) {
            case Presented.Torn _ -> Cue.plain(Cue.Kind.HOLD_AGAIN, fallback);
            case Presented.NotGenuine(CardId card) -> {
                pen.decline(card, DeclineReason.NOT_GENUINE, online, null);
                yield Cue.plain(Cue.Kind.PLEASE_ASK, fallback);
            }
            case Presented.Identified identified -> identified(identified, online, fallback);
        };
    }

    private Cue identified(Presented.Identified presented, boolean online, String fallback)
            throws StoreException {
        ClockReading at = clock.get();
        Standing standing = store.standing(presented.card(), online);
        String language = standing.card() == null ? fallback : standing.card().row().language();
        CardJournal journal = presented.journal();
        if (journal != null) {
            return dialogue.answer(presented, journal, standing, at, language);
        }
        return switch (TapDecider.decide(presented, standing, at)) {
            case TapDecision.Approved approved -> {
                TapEvent event = pen.welcome(presented, approved, at, online, null, List.of());
                yield cueOf(pen.keep(event, 0), language, false);
            }
            case TapDecision.Declined(DeclineReason reason) -> {
                pen.decline(presented.card(), reason, online, null);
                yield Cue.plain(Cue.Kind.PLEASE_ASK, language);
            }
            case TapDecision.Repeated(TapEvent earlier) -> cueOf(earlier, language, true);
        };
    }

    static Cue cueOf(TapEvent event, String language, boolean again) {
        Cue.Kind kind =
                switch (event.kind()) {
                    case SPEND -> Cue.Kind.WELCOME;
                    case SHIFT_IN -> Cue.Kind.SHIFT_STARTED;
                    case SHIFT_OUT -> Cue.Kind.SHIFT_ENDED;
                    case DECLINED -> Cue.Kind.PLEASE_ASK;
                    case TORN -> Cue.Kind.HOLD_AGAIN;
                };
        return new Cue(kind, language, event.minutes().minutes(), again);
    }
}
