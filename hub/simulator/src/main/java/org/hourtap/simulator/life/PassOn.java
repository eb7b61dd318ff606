package org.hourtap.simulator.life;

import java.util.List;
import java.util.Optional;
import org.hourtap.contract.CardId;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.FeedRow.ProfileRow;
import org.hourtap.contract.SignedHead;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TransferId;
import org.hourtap.device.sqlite.DeskStore;
import org.hourtap.tap.CardMemory;
import org.hourtap.tap.HeldTaps;
import org.hourtap.tap.JournalLine;
import org.hourtap.tap.JournalPosition;
import org.hourtap.tap.Standing;
import org.hourtap.tap.StoreException;

/// A store that passes everything on, for others to change or to watch one thing.
class PassOn implements DeskStore {
    private final DeskStore store;

    /// One write.
    @FunctionalInterface
    interface Write {
        void run() throws StoreException;
    }

    PassOn(DeskStore store) {
        this.store = store;
    }

    @Override
    public Standing standing(CardId card, boolean online) throws StoreException {
        return store.standing(card, online);
    }

    @Override
    public CardMemory memory(CardId card) throws StoreException {
        return store.memory(card);
    }

    @Override
    public HeldTaps held(List<TransferId> taps) throws StoreException {
        return store.held(taps);
    }

    @Override
    public void record(TapEvent event, String text, long seen) throws StoreException {
        store.record(event, text, seen);
    }

    @Override
    public void doubt(TapEvent event, String text) throws StoreException {
        store.doubt(event, text);
    }

    @Override
    public void settle(TapEvent event, String text) throws StoreException {
        store.settle(event, text);
    }

    @Override
    public List<TapEvent> doubts() throws StoreException {
        return store.doubts();
    }

    @Override
    public JournalPosition position() throws StoreException {
        return store.position();
    }

    @Override
    public List<JournalLine> after(long sequence, int max) throws StoreException {
        return store.after(sequence, max);
    }

    @Override
    public void apply(List<FeedRow> rows, boolean restart, JournalPosition position)
            throws StoreException {
        store.apply(rows, restart, position);
    }

    @Override
    public long nextEpoch() throws StoreException {
        return store.nextEpoch();
    }

    @Override
    public int purge(ClockReading now) throws StoreException {
        return store.purge(now);
    }

    @Override
    public void keep(SignedHead head, ClockReading now) throws StoreException {
        store.keep(head, now);
    }

    @Override
    public void probe() throws StoreException {
        store.probe();
    }

    @Override
    public Optional<ProfileRow> profile() throws StoreException {
        return store.profile();
    }

    @Override
    public Optional<String> salvageNote() throws StoreException {
        return store.salvageNote();
    }

    @Override
    public void close() {
        store.close();
    }
}
