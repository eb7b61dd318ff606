package org.hourtap.tap;

import java.util.List;
import org.hourtap.contract.CardId;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TransferId;

/// Port: the journal and the cache, in one place so that one commit covers both. What is journalled
/// and not yet acknowledged *is* the outbox. Confined to the tap thread.
public interface TerminalStore {
    /// @return what is known of this card now
    Standing standing(CardId card, boolean online) throws StoreException;

    /// @return what this terminal's journal says of a card that carries its taps
    CardMemory memory(CardId card) throws StoreException;

    /// @return which of these are in this terminal's journal
    HeldTaps held(List<TransferId> taps) throws StoreException;

    /// Journals a tap. On disk when this returns; without a trace when it throws.
    ///
    /// @param event its sequence is `position().last() + 1`
    /// @param text the event as it will travel
    /// @param seen the card's transaction counter with this tap; 0 for a card that has none
    void record(TapEvent event, String text, long seen) throws StoreException;

    /// Journals a tap that the card is about to take in, before anyone knows whether it will. It is
    /// not welcomed, does not travel, and nothing after it does, until it is settled.
    ///
    /// @param event as for [#record], with the stamp that is expected
    void doubt(TapEvent event, String text) throws StoreException;

    /// Ends a doubt, in place: the tap keeps its number and its id.
    ///
    /// @param event the tap as it turned out: welcomed, or torn
    void settle(TapEvent event, String text) throws StoreException;

    /// @return the taps in doubt, oldest first, as they were journalled
    List<TapEvent> doubts() throws StoreException;

    JournalPosition position() throws StoreException;

    /// @return up to `max` taps after this sequence, oldest first, ending before one in doubt
    List<JournalLine> after(long sequence, int max) throws StoreException;

    /// Brings the cache forward, and with it, in the same commit, the acknowledged sequence.
    ///
    /// @param restart whether the rows replace everything cached so far
    /// @param position acknowledged and cursor after this; `last` may only grow
    void apply(List<FeedRow> rows, boolean restart, JournalPosition position) throws StoreException;

    /// @return a number higher than any it returned before, on disk
    long nextEpoch() throws StoreException;
}
