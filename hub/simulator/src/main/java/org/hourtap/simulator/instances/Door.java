package org.hourtap.simulator.instances;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.hourtap.contract.BookId;
import org.hourtap.contract.CardId;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.Codec;
import org.hourtap.contract.Credits;
import org.hourtap.contract.FeedPage;
import org.hourtap.contract.SignedHead;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.TransferId;
import org.hourtap.device.mqtt.LinkListener;
import org.hourtap.device.mqtt.PahoUplink;
import org.hourtap.device.mqtt.TerminalIdentity;
import org.hourtap.device.sqlite.SqliteStore;
import org.hourtap.runtime.NewerDatabaseException;
import org.hourtap.runtime.RoleThread;
import org.hourtap.runtime.SystemTime;
import org.hourtap.tap.Forwarder;
import org.hourtap.tap.JournalPosition;
import org.hourtap.tap.StoreException;

/// A terminal as far as the hub can tell: the terminal's own journal on disk, its own forwarder and
/// its own link to the broker, and people who tap by the clock. Everything but the counts is
/// confined to its thread.
final class Door implements LinkListener, AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(100);
    private static final int QUEUE_MAX = 1_000;
    private static final int DRAIN_MAX = 64;

    /// As a terminal's own, unless it is set.
    private static final long RECONNECT_MILLIS_MAX = 5_000;

    private static final Duration EPOCH_MAX = Duration.ofSeconds(10);
    private static final System.Logger LOG = System.getLogger(Door.class.getName());

    private final TerminalId id;
    private final List<CardId> cards;
    private final long gapMicros;
    private final RandomGenerator chance;
    private final SqliteStore store;
    private final PahoUplink uplink;
    private final Forwarder forwarder;
    private final RoleThread thread;
    private final List<TransferId> tapped = new ArrayList<>();
    private final AtomicReference<JournalPosition> position;
    private final AtomicLong open = new AtomicLong(1);
    private long nextTapAt;

    private Door(
            PahoUplink.Address address,
            SqliteStore store,
            List<CardId> cards,
            Duration gap,
            RandomGenerator chance)
            throws StoreException {
        this.id = address.terminal();
        this.cards = List.copyOf(cards);
        this.gapMicros = gap.toNanos() / 1_000;
        this.chance = chance;
        this.store = store;
        this.position = new AtomicReference<>(store.position());
        this.uplink = PahoUplink.start(address, SystemTime::bootMicros, SystemTime::randomLong);
        this.forwarder = new Forwarder(store, uplink, Door::now, "simulated");
        this.nextTapAt = SystemTime.bootMicros() + chance.nextLong(gapMicros);
        this.thread =
                RoleThread.startDraining(
                        id.value(),
                        QUEUE_MAX,
                        DRAIN_MAX,
                        TICK,
                        this::work,
                        e -> LOG.log(System.Logger.Level.WARNING, id + " goes on after", e));
        uplink.connect(this);
    }

    /// @param folder with the door's key and certificates; its journal is kept there too
    /// @param gap from one tap to the next, on average
    static Door open(
            String url,
            BookId book,
            TerminalId terminal,
            Path folder,
            List<CardId> cards,
            Duration gap,
            RandomGenerator chance)
            throws IOException, StoreException, NewerDatabaseException {
        SqliteStore store = SqliteStore.open(folder.resolve("terminal.db"), SystemTime::wallMicros);
        return new Door(
                new PahoUplink.Address(
                        url, book, terminal, TerminalIdentity.load(folder), RECONNECT_MILLIS_MAX),
                store,
                cards,
                gap,
                chance);
    }

    TerminalId id() {
        return id;
    }

    /// @return where its journal stood a moment ago. Any thread
    JournalPosition position() {
        return position.get();
    }

    /// Nobody comes any more. Any thread.
    void shut() {
        open.set(0);
    }

    /// @return every tap in its journal, in order; to be asked when it is closed
    List<TransferId> tapped() {
        return List.copyOf(tapped);
    }

    @Override
    public long nextEpoch() throws Exception {
        return thread.call(store::nextEpoch, EPOCH_MAX);
    }

    @Override
    public void connected(long epoch) {
        offer(() -> forwarder.connected(epoch));
    }

    @Override
    public void received(FeedPage page) {
        offer(() -> forwarder.received(page));
    }

    @Override
    public void told(SignedHead head) {
        offer(() -> store.keep(head, now()));
    }

    @Override
    public void disconnected() {
        offer(forwarder::disconnected);
    }

    @Override
    public void close() {
        uplink.close();
        thread.close();
        store.close();
    }

    private interface Step {
        void run() throws StoreException;
    }

    private void offer(Step step) {
        boolean _ =
                thread.offer(() -> {
                    try {
                        step.run();
                    } catch (StoreException e) {
                        LOG.log(System.Logger.Level.WARNING, id + ": " + e.getMessage());
                    }
                });
    }

    private void work() throws StoreException {
        long now = SystemTime.bootMicros();
        if (open.get() != 0 && now >= nextTapAt) {
            nextTapAt = now + gapMicros / 2 + chance.nextLong(gapMicros);
            tap();
        }
        forwarder.tick();
        position.set(store.position());
    }

    private void tap() throws StoreException {
        TransferId tap =
                TransferId.mint(
                        SystemTime.wallMicros() / 1_000,
                        SystemTime.randomLong(),
                        SystemTime.randomLong());
        TapEvent event =
                new TapEvent(
                        store.position().last() + 1,
                        tap,
                        TapEvent.Kind.SPEND,
                        cards.get(chance.nextInt(cards.size())),
                        TapEvent.Proof.UID_ONLY,
                        Township.SWIM,
                        new Credits(1),
                        null,
                        now(),
                        !forwarder.isOnline());
        store.record(event, Codec.encodeEvent(event), 0);
        tapped.add(tap);
    }

    private static ClockReading now() {
        return new ClockReading(
                "simulated",
                SystemTime.bootMicros(),
                SystemTime.wallMicros(),
                ClockReading.Quality.NTP);
    }
}
