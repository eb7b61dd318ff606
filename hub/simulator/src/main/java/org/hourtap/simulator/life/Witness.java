package org.hourtap.simulator.life;

import org.hourtap.contract.TapEvent;
import org.hourtap.device.sqlite.DeskStore;
import org.hourtap.tap.StoreException;

/// Stands between a terminal and its store, and remembers what the store promised. Changes nothing.
final class Witness extends PassOn {
    private final SimTerminal terminal;
    private final Truth truth;

    Witness(DeskStore store, SimTerminal terminal, Truth truth) {
        super(store);
        this.terminal = terminal;
        this.truth = truth;
    }

    @Override
    public void record(TapEvent event, String text, long seen) throws StoreException {
        written(event, false, () -> super.record(event, text, seen));
    }

    @Override
    public void doubt(TapEvent event, String text) throws StoreException {
        written(event, true, () -> super.doubt(event, text));
    }

    @Override
    public void settle(TapEvent event, String text) throws StoreException {
        written(event, false, () -> super.settle(event, text));
    }

    private void written(TapEvent event, boolean isDoubt, Write write) throws StoreException {
        boolean isDone = false;
        try {
            write.run();
            isDone = true;
        } finally {
            truth.written(terminal, event, isDoubt, isDone);
        }
    }
}
