package org.hourtap.simulator.life;

import java.nio.file.Path;
import java.util.List;
import org.hourtap.card.CardIdentifier;
import org.hourtap.card.KeyRing;
import org.hourtap.contract.FeedRow.Mode;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.TerminalTag;
import org.hourtap.device.CardVisit;
import org.hourtap.device.TapDesk;
import org.hourtap.device.TerminalClock;
import org.hourtap.device.sqlite.DeskStore;
import org.hourtap.device.sqlite.SqliteStore;
import org.hourtap.runtime.NewerDatabaseException;
import org.hourtap.simulator.power.Fate;
import org.hourtap.simulator.power.SimDisk;
import org.hourtap.tap.Cue;
import org.hourtap.tap.Signals;
import org.hourtap.tap.StoreException;
import org.jspecify.annotations.Nullable;

/// A terminal's machine: store, desk and card protocol as they are, with a played reader, line,
/// power, disk and clock.
final class SimTerminal {
    /// When a program looks after what it has begun: long enough for it to give up on an answer.
    private static final long[] TICKS = {100_000, 2_100_000, 8_500_000};

    private static final long RARE_TICK = 61 * Agenda.SECOND;

    /// A real terminal asks the hub every five minutes. Those of this world learn of a page that
    /// got lost much later, which is worse, and a life is lived in half the time.
    private static final long IDLE_TICK = 24 * Agenda.HOUR;

    private final World world;
    private final TerminalId id;
    private final Mode mode;
    private final Path folder;
    private final SimDisk disk;
    private final Fuse fuse;
    private KeyRing keys;
    private boolean rollsKeys;
    private boolean isShutOut;
    private boolean isScrapped;
    private String certificate = "";
    private final SimLink link;
    private final Ticks ticks;
    private @Nullable Running running;
    private long boots;
    private long bootedMicros;
    private long wallErrorMicros;

    /// @param store what the desk writes through, to ask it what it believes
    private record Running(Crew crew, TapDesk desk, CardVisit visit, DeskStore store) {}

    SimTerminal(World world, TerminalId id, Mode mode, Path folder, SimDisk disk, KeyRing keys) {
        this.world = world;
        this.id = id;
        this.mode = mode;
        this.folder = folder;
        this.disk = disk;
        this.fuse = new Fuse(disk);
        this.keys = keys;
        this.link = new SimLink(world, this);
        this.ticks = new Ticks(world.agenda(), TICKS, this::crew, this::run);
    }

    TerminalId id() {
        return id;
    }

    Mode mode() {
        return mode;
    }

    SimLink link() {
        return link;
    }

    Fuse fuse() {
        return fuse;
    }

    SimDisk disk() {
        return disk;
    }

    boolean isDead() {
        return disk.isDead();
    }

    boolean isUp() {
        return running != null && !disk.isDead();
    }

    /// @return what the terminal believes; absent while it is down
    @Nullable DeskStore store() {
        Running open = running;
        return open == null ? null : open.store();
    }

    /// @return whether it is in nobody's service any more: destroyed, or shut out
    boolean isOut() {
        return isShutOut || isScrapped;
    }

    boolean isScrapped() {
        return isScrapped;
    }

    void setShutOut(boolean isNow) {
        isShutOut = isNow;
    }

    /// Nobody will ever switch it on again.
    void scrap() {
        isScrapped = true;
    }

    /// @return the serial of its certificate, by which the broker knows it; empty before it joined
    String certificate() {
        return certificate;
    }

    void joined(String serial) {
        certificate = serial;
        link.mayConnect();
    }

    /// Someone brings another key file; the program reads it when it starts.
    ///
    /// @param rolls whether cards are moved to the newest key
    void bring(KeyRing newKeys, boolean rolls) {
        keys = newKeys;
        rollsKeys = rolls;
    }

    /// @return what its disk holds, while the program is stopped
    Path folder() {
        return folder;
    }

    void jumpClock(long micros) {
        wallErrorMicros += micros;
    }

    /// Starts the program.
    ///
    /// @param isBoot whether the machine does so as well
    void start(boolean isBoot) throws StoreException, NewerDatabaseException {
        boolean knowsTime = world.chance().is(0.6);
        if (isBoot || boots == 0) {
            boots++;
            bootedMicros = world.agenda().now() - 20 * Agenda.SECOND;
            wallErrorMicros = knowsTime ? 0 : -world.chance().upTo(400 * Agenda.DAY);
        }
        Crew crew = new Crew(e -> world.unexpected(id.value(), e, isDead() || world.isFull(disk)));
        TerminalClock clock =
                new TerminalClock(
                        new TerminalClock.Machine(
                                "boot-" + folder.getFileName() + "-" + boots,
                                this::sinceBoot,
                                () -> bootedMicros + sinceBoot() + wallErrorMicros,
                                () -> wallErrorMicros == 0,
                                world.chance().random()::nextLong));
        world.wear().befall(this);
        SqliteStore kept =
                SqliteStore.open(folder.resolve("terminal.db"), () -> clock.get().wallMicros());
        DeskStore store = new Witness(world.wear().slowed(kept, this), this, world.truth());
        Signals signals = world.seams().signals(id, this::shown);
        TapDesk desk =
                new TapDesk(
                        world.seams().store(id, store),
                        signals,
                        link,
                        clock,
                        "en",
                        "simulated",
                        TerminalTag.of(World.BOOK, id),
                        crew);
        CardIdentifier identifier = new CardIdentifier(keys, this::bytes);
        CardVisit visit = new CardVisit(identifier, desk, rollsKeys);
        running = new Running(crew, desk, visit, store);
        world.tell(id.value(), isBoot ? "booted" : "started");
        link.open(desk);
        act(crew::tick);
        world.agenda().after(RARE_TICK, () -> tickRarely(crew));
    }

    /// Does something on this machine, lets it come to rest and looks after it for a while.
    void act(Runnable what) {
        run(what);
        stir();
    }

    /// Something may come of what was just done: the program looks after it more often for a while.
    void stir() {
        ticks.restart();
    }

    /// Does something on this machine and lets it come to rest. Its power may have gone before,
    /// when the auditor asked its store and that began to mend a damaged file.
    void run(Runnable what) {
        Running open = running;
        if (open == null) {
            return;
        }
        if (!isDead()) {
            what.run();
            open.crew().play();
        }
        if (isDead()) {
            world.terminalDied(this);
        }
    }

    /// @return when whoever holds a card now takes it away again, true time
    long patience() {
        return world.wear().patience(this);
    }

    /// @return true time
    long now() {
        return world.agenda().now();
    }

    /// A card is held to the reader.
    void present(SimChannel channel) {
        Running open = running;
        if (open == null) {
            throw new IllegalStateException("nobody is there to read the card");
        }
        act(() -> {
            try {
                open.visit().present(channel);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /// Stops in the middle of everything; after this it can be started again.
    void die(Fate fate) {
        Running dying = running;
        running = null;
        if (!disk.isDead()) {
            disk.cutNow();
        }
        link.close();
        if (dying != null) {
            dying.crew().die();
            dying.store().close();
        }
        fuse.putOut();
        world.settle(disk, fate);
    }

    /// Ends in good order.
    void stop() {
        Running stopping = running;
        running = null;
        if (stopping != null) {
            link.close();
            stopping.desk().close();
        }
    }

    /// As the machine counts it. A clock that is set from the network runs no better in between.
    private long sinceBoot() {
        return world.wear().drifted(world.agenda().now() - bootedMicros, this);
    }

    private @Nullable Crew crew() {
        Running open = running;
        return open == null ? null : open.crew();
    }

    private void shown(Cue cue) {
        fuse.burn();
        if (!isDead()) {
            world.auditor().shown(this, cue);
        }
    }

    /// For what a program does by the minute, while there is something left to do.
    private void tickRarely(Crew crew) {
        if (crew() != crew) {
            return;
        }
        run(crew::tick);
        long next = world.isBusy(this) ? RARE_TICK : IDLE_TICK;
        world.agenda().after(next, () -> tickRarely(crew));
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        world.chance().random().nextBytes(bytes);
        return bytes;
    }

    /// @return doubts that are open, for whom it concerns
    List<org.hourtap.contract.TapEvent> doubts() throws StoreException {
        DeskStore store = store();
        return store == null ? List.of() : store.doubts();
    }
}
