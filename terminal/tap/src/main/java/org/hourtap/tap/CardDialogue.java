package org.hourtap.tap;

import java.util.List;
import org.hourtap.card.CardCounter;
import org.hourtap.card.CardJournal;
import org.hourtap.card.CardLostException;
import org.hourtap.card.CardRefusedException;
import org.hourtap.contract.CardRecord;
import org.hourtap.contract.CardStamp;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.FeedRow.CardRow;
import org.hourtap.contract.TapEvent;
import org.hourtap.tap.Standing.KnownCard;

/// A tap of a card that carries its taps. The card may leave, or lie, at every step:
///
/// ```
/// counter ─ records ─ decide ─ journal: in doubt ─ append ─ commit ─ journal: welcomed ─ cue
/// └── lost: nothing happened ──┘                  └─ lost: torn ─┘ │
///                                                       lost: the card knows, at its next tap
/// ```
final class CardDialogue {
    private static final System.Logger LOG = System.getLogger(CardDialogue.class.getName());

    private final TerminalStore store;
    private final JournalPen pen;
    private final Doubts doubts;
    private final int terminal;

    /// @param terminal this terminal's tag, see [org.hourtap.contract.TerminalTag]
    CardDialogue(TerminalStore store, JournalPen pen, Doubts doubts, int terminal) {
        this.store = store;
        this.pen = pen;
        this.doubts = doubts;
        this.terminal = terminal;
    }

    /// One presentation.
    private record Tap(
            Presented.Identified presented,
            CardJournal journal,
            Standing standing,
            ClockReading at,
            String language) {}

    Cue answer(
            Presented.Identified presented,
            CardJournal journal,
            Standing standing,
            ClockReading at,
            String language)
            throws StoreException {
        try {
            return converse(new Tap(presented, journal, standing, at, language));
        } catch (CardLostException e) {
            LOG.log(System.Logger.Level.DEBUG, "card lost in the middle of a tap", e);
            return Cue.plain(Cue.Kind.HOLD_AGAIN, language);
        } catch (CardRefusedException e) {
            LOG.log(System.Logger.Level.INFO, "card refused in a tap: {0}", e.getMessage());
            pen.decline(presented.card(), DeclineReason.NOT_GENUINE, standing.online(), null);
            return Cue.plain(Cue.Kind.PLEASE_ASK, language);
        }
    }

    private Cue converse(Tap tap) throws StoreException, CardLostException, CardRefusedException {
        CardCounter now = tap.journal().counter();
        doubts.expire(tap.at());
        CardMemory memory = store.memory(tap.presented().card());
        KnownCard known = tap.standing().card();
        CardRow row = known == null ? null : known.row();
        List<CardRecord> records = List.of();
        // What a card says that was turned back settles nothing.
        if (!CardStory.isTurnedBack(now.value(), row, memory)) {
            List<TapEvent> open = doubts.of(tap.presented().card());
            int wanted = CardStory.recordsWanted(now.value(), row, open);
            records = wanted == 0 ? records : tap.journal().newest(wanted);
            TapEvent welcomed = doubts.settle(open, now, records, tap.at());
            if (welcomed != null) {
                return TapLoop.cueOf(welcomed, tap.language(), false);
            }
        }
        HeldTaps held = store.held(records.stream().map(CardRecord::id).toList());
        return decided(tap, CardStory.of(now, records, row, memory, held));
    }

    private Cue decided(Tap tap, CardStory story)
            throws StoreException, CardLostException, CardRefusedException {
        Standing standing = tap.standing().with(story);
        return switch (TapDecider.decide(tap.presented(), standing, tap.at())) {
            case TapDecision.Approved approved ->
                    TapLoop.cueOf(take(tap, approved, story), tap.language(), false);
            case TapDecision.Declined(DeclineReason reason) -> {
                pen.decline(tap.presented().card(), reason, standing.online(), story);
                yield Cue.plain(Cue.Kind.PLEASE_ASK, tap.language());
            }
            case TapDecision.Repeated(TapEvent earlier) ->
                    TapLoop.cueOf(earlier, tap.language(), true);
        };
    }

    /// INVARIANT: the doubt is on disk before the card may take the tap in, and the welcome before
    /// anyone hears of it. Whatever happens in between, the card's next tap tells.
    private TapEvent take(Tap tap, TapDecision.Approved approved, CardStory story)
            throws StoreException, CardLostException, CardRefusedException {
        long counter = story.now().value() + 1;
        TapEvent event =
                pen.welcome(
                        tap.presented(),
                        approved,
                        tap.at(),
                        tap.standing().online(),
                        new CardStamp(counter, null),
                        story.news());
        CardRecord record = CardRecord.of(event, terminal, counter);
        pen.doubt(event);
        try {
            tap.journal().append(record);
        } catch (CardLostException | CardRefusedException e) {
            pen.settle(event.torn()); // a card keeps nothing that was not committed
            throw e;
        }
        // An answer that proves nothing leaves the doubt open, like one that was lost.
        CardCounter after = tap.journal().commit();
        return pen.settle(event.with(new CardStamp(after.value(), after.mac())));
    }
}
