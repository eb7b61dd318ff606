package org.hourtap.device.screen;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Server-sent events of which only the newest matters. Each browser is written to by a thread of
/// its own from a slot that holds one event, so a browser that stopped reading delays nobody: not
/// the publisher, not the other browsers. It skips what it missed and goes on with the present.
///
/// `publish` and `forget` belong to one thread at a time.
public final class EventStream {
    /// A page hears something at least this often, or knows that the server is gone: browsers hide
    /// comments from scripts, so the sign of life is an event with a name.
    private static final Duration BEAT = Duration.ofSeconds(5);

    /// How soon a browser tries again after a lost connection.
    private static final String RETRY = "retry: 1000\n\n";

    private static final String BEAT_TEXT = "event: beat\ndata: {}\n\n";

    /// Put in a slot to end its browser's stream. Compared by identity.
    private static final Event END = new Event("");

    private final Semaphore places;
    private final Set<Slot> slots = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Event> latest = new AtomicReference<>();
    private final AtomicBoolean isClosed = new AtomicBoolean();

    /// @param clientsMax browsers at a time; a kiosk has one, a curious engineer a few more
    public EventStream(int clientsMax) {
        this.places = new Semaphore(clientsMax);
    }

    /// Makes this the present for every browser, now and when it connects. Never waits for one.
    ///
    /// @param name of the event, as the page's script listens to it
    /// @param json on one line
    public void publish(String name, String json) {
        if (name.indexOf('\n') >= 0 || json.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("an event is one line: " + name);
        }
        Event event = new Event("event: " + name + "\ndata: " + json + "\n\n");
        latest.set(event);
        slots.forEach(slot -> slot.replace(event));
    }

    /// Forgets the present: a browser that connects now waits for the next event.
    public void forget() {
        latest.set(null);
    }

    /// @return how many browsers listen
    public int clients() {
        return slots.size();
    }

    /// @return false if as many browsers listen as may, or the stream has ended
    boolean enter() {
        return !isClosed.get() && places.tryAcquire();
    }

    /// Gives back what `enter` took.
    void leave() {
        places.release();
    }

    /// Writes to one browser until it leaves or the stream ends. Runs on that browser's own thread.
    void serve(OutputStream out) throws IOException, InterruptedException {
        Slot slot = new Slot();
        slots.add(slot);
        try {
            // Registered first, asked second: an event published in between is in the slot already,
            // and what is offered here gives way to it.
            Event present = latest.get();
            if (present != null) {
                slot.offer(present);
            }
            write(out, RETRY);
            while (!isClosed.get()) {
                Event next = slot.take();
                if (next == END) {
                    return;
                }
                write(out, next == null ? BEAT_TEXT : next.text);
            }
        } finally {
            slots.remove(slot);
        }
    }

    void close() {
        isClosed.set(true);
        slots.forEach(slot -> slot.replace(END));
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /// A class and not a record: END must differ from everything else.
    private static final class Event {
        private final String text;

        Event(String text) {
            this.text = text;
        }
    }

    /// Room for one event.
    private static final class Slot {
        private final ArrayBlockingQueue<Event> one = new ArrayBlockingQueue<>(1);

        void replace(Event event) {
            while (!one.offer(event)) {
                one.poll();
            }
        }

        void offer(Event event) {
            boolean _ = one.offer(event);
        }

        /// @return the event, or nothing when it is time for a sign of life
        @Nullable Event take() throws InterruptedException {
            return one.poll(BEAT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
