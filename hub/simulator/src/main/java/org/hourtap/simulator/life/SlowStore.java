package org.hourtap.simulator.life;

import java.util.List;
import java.util.function.LongConsumer;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.TapEvent;
import org.hourtap.device.sqlite.DeskStore;
import org.hourtap.simulator.power.SimDisk;
import org.hourtap.tap.JournalPosition;
import org.hourtap.tap.StoreException;

/// A store whose writes take time, by what they do to the disk.
final class SlowStore extends PassOn {
    private final SimDisk disk;
    private final LongConsumer took;

    /// @param took told after each write how many effects it had on the disk
    SlowStore(DeskStore store, SimDisk disk, LongConsumer took) {
        super(store);
        this.disk = disk;
        this.took = took;
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
        long before = disk.effects();
        try {
            write.run();
        } finally {
            took.accept(disk.effects() - before);
        }
    }
}
