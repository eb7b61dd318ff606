package org.hourtap.simulator.life;

import java.util.List;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.TapEvent;
import org.hourtap.device.sqlite.DeskStore;
import org.hourtap.tap.JournalPosition;
import org.hourtap.tap.StoreException;

/// A store whose writes take time, by what they do to the disk.
abstract class PassOnSlowly extends PassOn {
    PassOnSlowly(DeskStore store) {
        super(store);
    }

    /// @return how many writes, syncs and the like there were so far
    abstract long effects();

    /// A call is over.
    ///
    /// @param effects how many of them it had
    abstract void took(long effects);

    /// One write.
    @FunctionalInterface
    private interface Write {
        void run() throws StoreException;
    }

    @Override
    public void record(TapEvent event, String text, long seen) throws StoreException {
        timed(() -> super.record(event, text, seen));
    }

    @Override
    public void doubt(TapEvent event, String text) throws StoreException {
        timed(() -> super.doubt(event, text));
    }

    @Override
    public void settle(TapEvent event, String text) throws StoreException {
        timed(() -> super.settle(event, text));
    }

    @Override
    public void apply(List<FeedRow> rows, boolean restart, JournalPosition position)
            throws StoreException {
        timed(() -> super.apply(rows, restart, position));
    }

    private void timed(Write write) throws StoreException {
        long before = effects();
        try {
            write.run();
        } finally {
            took(effects() - before);
        }
    }
}
