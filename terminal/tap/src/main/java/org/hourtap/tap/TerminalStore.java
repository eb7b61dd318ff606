package org.hourtap.tap;

import java.util.List;
import org.hourtap.contract.CardId;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.TapEvent;

/// Port: the journal and the cache, in one place so that one commit covers both. What is journalled
/// and not yet acknowledged *is* the outbox. Confined to the tap thread.
public interface TerminalStore {
    /// @return what is known of this card now
    Standing standing(CardId card, boolean online) throws StoreException;

    /// Journals a tap. On disk when this returns; without a trace when it throws.
    ///
    /// @param event its sequence is `position().last() + 1`
    /// @param text the event as it will travel
    void record(TapEvent event, String text) throws StoreException;

    JournalPosition position() throws StoreException;

    /// @return up to `max` taps after this sequence, oldest first
    List<JournalLine> after(long sequence, int max) throws StoreException;

    /// Brings the cache forward, and with it, in the same commit, the acknowledged sequence.
    ///
    /// @param restart whether the rows replace everything cached so far
    /// @param position acknowledged and cursor after this; `last` may only grow
    void apply(List<FeedRow> rows, boolean restart, JournalPosition position) throws StoreException;

    /// @return a number higher than any it returned before, on disk
    long nextEpoch() throws StoreException;
}
