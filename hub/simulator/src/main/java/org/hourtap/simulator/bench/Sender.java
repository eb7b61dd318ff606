package org.hourtap.simulator.bench;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.hourtap.contract.CardId;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.Codec;
import org.hourtap.contract.Credits;
import org.hourtap.contract.EventBatch;
import org.hourtap.contract.FeedPage;
import org.hourtap.contract.Hello;
import org.hourtap.contract.SignedHead;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TransferId;
import org.hourtap.device.mqtt.LinkListener;
import org.hourtap.device.mqtt.PahoUplink;
import org.hourtap.runtime.RoleThread;
import org.hourtap.runtime.SystemTime;
import org.hourtap.simulator.instances.Township;

/// A terminal that has been cut off for long: full batches wait, and each is sent when the one
/// before was acknowledged. It keeps no journal, so that what is measured is the hub.
final class Sender implements LinkListener, AutoCloseable {
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int QUEUE_MAX = 1_000;
    private static final System.Logger LOG = System.getLogger(Sender.class.getName());

    private final PahoUplink uplink;
    private final List<CardId> cards;
    private final RoleThread thread;
    private final AtomicLong epoch = new AtomicLong();
    private final CompletableFuture<Boolean> online = new CompletableFuture<>();

    // Confined to the thread.
    private final Deque<EventBatch> waiting = new ArrayDeque<>();
    private CompletableFuture<Boolean> through = new CompletableFuture<>();
    private long prepared;
    private long sentUpTo;
    private boolean isInFlight;

    Sender(PahoUplink.Address address, List<CardId> cards) {
        this.cards = List.copyOf(cards);
        this.thread =
                RoleThread.startDraining(
                        address.terminal().value(),
                        QUEUE_MAX,
                        QUEUE_MAX,
                        TICK,
                        () -> {},
                        e -> LOG.log(System.Logger.Level.WARNING, "a sender goes on after", e));
        this.uplink = PahoUplink.start(address, SystemTime::bootMicros, SystemTime::randomLong);
        uplink.connect(this);
    }

    /// @return done once the hub has answered on the connection
    CompletableFuture<Boolean> online() {
        return online;
    }

    /// Makes batches, and sends nothing yet.
    ///
    /// @return done once they are made
    CompletableFuture<Boolean> prepare(int batches) {
        CompletableFuture<Boolean> made = new CompletableFuture<>();
        offer(() -> {
            for (int i = 0; i < batches; i++) {
                List<String> events = new ArrayList<>();
                long first = prepared + 1;
                while (events.size() < EventBatch.EVENTS_MAX) {
                    events.add(Codec.encodeEvent(tap(++prepared)));
                }
                waiting.add(new EventBatch(first, events, now()));
            }
            made.complete(true);
        });
        return made;
    }

    /// Sends all that was prepared.
    ///
    /// @return done once the hub has acknowledged the last tap
    CompletableFuture<Boolean> send() {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        offer(() -> {
            through = done;
            next();
        });
        return done;
    }

    @Override
    public long nextEpoch() {
        return epoch.incrementAndGet();
    }

    @Override
    public void connected(long connection) {
        offer(() -> uplink.send(new Hello(connection, prepared, 0, "bench", now())));
    }

    @Override
    public void received(FeedPage page) {
        offer(() -> {
            boolean _ = online.complete(true);
            if (isInFlight && page.acknowledged() >= sentUpTo) {
                isInFlight = false;
                next();
            }
        });
    }

    @Override
    public void told(SignedHead head) {
        // It keeps nothing.
    }

    @Override
    public void disconnected() {
        offer(() -> {
            boolean _ =
                    through.completeExceptionally(
                            new IllegalStateException("the connection broke"));
        });
    }

    @Override
    public void close() {
        uplink.close();
        thread.close();
    }

    private void next() {
        EventBatch batch = waiting.poll();
        if (batch == null) {
            boolean _ = through.complete(true);
            return;
        }
        sentUpTo = batch.oldestHeld() + batch.events().size() - 1;
        isInFlight = true;
        uplink.send(batch);
    }

    private TapEvent tap(long sequence) {
        return new TapEvent(
                sequence,
                TransferId.mint(
                        SystemTime.wallMicros() / 1_000,
                        SystemTime.randomLong(),
                        SystemTime.randomLong()),
                TapEvent.Kind.SPEND,
                cards.get((int) (sequence % cards.size())),
                TapEvent.Proof.UID_ONLY,
                Township.SWIM,
                new Credits(1),
                null,
                now(),
                true);
    }

    private void offer(Runnable work) {
        if (!thread.offer(work)) {
            LOG.log(System.Logger.Level.WARNING, "a sender is too busy");
        }
    }

    private static ClockReading now() {
        return new ClockReading(
                "bench",
                SystemTime.bootMicros(),
                SystemTime.wallMicros(),
                ClockReading.Quality.NTP);
    }
}
