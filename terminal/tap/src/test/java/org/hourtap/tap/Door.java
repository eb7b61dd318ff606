package org.hourtap.tap;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.Credits;
import org.hourtap.contract.FeedRow.PolicyRow;
import org.hourtap.contract.TapEvent.Proof;
import org.hourtap.contract.TransferId;
import org.jspecify.annotations.Nullable;

/// A terminal at an entrance, with a store that survives when the program is killed.
final class Door {
    final MemoryStore store = new MemoryStore();
    final List<Cue> shown = new ArrayList<>();
    final int tag;
    private final LongSupplier wallMicros;
    private final Supplier<TransferId> ids;
    private ClockReading.Quality clockQuality = ClockReading.Quality.HUB;
    private int boots;
    private long bootedMicros;
    private Steps steps = new Steps();
    private TapLoop loop;

    /// @param wallMicros the one true time
    Door(int tag, LongSupplier wallMicros, Supplier<TransferId> ids) {
        this.tag = tag;
        this.wallMicros = wallMicros;
        this.ids = ids;
        store.profile = TapFixtures.pool();
        store.policy = new PolicyRow(30, new Credits(120), new Credits(6_000));
        loop = started();
    }

    /// @return what the person saw; null when the program died before they saw anything
    @Nullable Cue hold(PocketCard card, Steps mishap) throws StoreException {
        steps = mishap;
        store.steps = mishap;
        int before = shown.size();
        try {
            loop.tap(
                    new Presented.Identified(
                            TapFixtures.MAIR, Proof.DESFIRE_EV2, card.held(mishap)),
                    false,
                    "en");
        } catch (Steps.Killed _) {
            loop = started();
        } finally {
            steps = new Steps();
            store.steps = steps;
        }
        return shown.size() == before ? null : shown.getLast();
    }

    void tick() throws StoreException {
        loop.tick();
    }

    void reboot() {
        boots++;
        bootedMicros = wallMicros.getAsLong();
        loop = started();
    }

    void clockIs(ClockReading.Quality quality) {
        clockQuality = quality;
    }

    private TapLoop started() {
        return new TapLoop(store, this::show, this::clock, ids, tag);
    }

    private void show(Cue cue) {
        steps.before("show");
        shown.add(cue);
        steps.after("show");
    }

    private ClockReading clock() {
        long wall = wallMicros.getAsLong();
        return new ClockReading("boot-" + boots, wall - bootedMicros, wall, clockQuality);
    }
}
