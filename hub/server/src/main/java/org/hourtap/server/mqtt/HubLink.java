package org.hourtap.server.mqtt;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.hourtap.contract.BookId;
import org.hourtap.contract.Codec;
import org.hourtap.contract.FeedPage;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.Topics;
import org.hourtap.runtime.RoleThread;
import org.jspecify.annotations.Nullable;

/// The hub's link to its broker, embedded or not: everything terminals send comes in here, every
/// page for them goes out. It connects for as long as it lives, and loses what is under way when a
/// connection ends; terminals send again what was not acknowledged and ask again for what they
/// missed.
public final class HubLink implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HubLink.class.getName());

    private static final String THREAD = "mqtt";

    /// Work in hand for the thread; each terminal has one batch under way.
    private static final int QUEUE_MAX = 4096;

    private static final int DRAIN_MAX = 64;

    /// Eight pages for each of 500 terminals.
    private static final int OUTBOUND_MAX = 4000;

    /// How late a change may be noticed when the queue was too full for its notice.
    private static final Duration TICK = Duration.ofMillis(100);

    /// The library may wait for ever for a broker's answer.
    private static final long CONNECT_MICROS_MAX = 7_000_000;

    private static final long FIRST_DELAY_MICROS = 500_000;

    /// One hub is no herd, and its terminals wait for it.
    private static final long DELAY_MICROS_MAX = 10_000_000;

    private static final int DOUBLINGS_MAX = 5;

    private final Broker broker;
    private final LongSupplier micros;
    private final LongSupplier random;
    private final Outbound outbound = new Outbound(OUTBOUND_MAX);
    private final AtomicBoolean isConnected = new AtomicBoolean();
    private final AtomicBoolean isAwake = new AtomicBoolean();
    private final AtomicBoolean isStarted = new AtomicBoolean();
    private final Intake intake;
    private final RoleThread thread;

    // Confined to the mqtt thread. One for each book.
    private final Set<String> filters = new HashSet<>();
    private final Set<String> subscribed = new HashSet<>();
    private final Map<String, byte[]> retained = new HashMap<>();
    private final Set<String> retainedUnsent = new LinkedHashSet<>();
    private @Nullable BrokerConnection connection;
    private long attemptedAt;
    private long nextAttemptAt;
    private int failures;

    /// A broker and who we are there.
    ///
    /// @param url `ssl://host:port`
    /// @param clientId what the hub's certificate names, at the embedded broker
    public record Broker(String url, String clientId, SSLContext tls) {
        private static final Pattern URL = Pattern.compile("ssl://[^/:\\s]+:[0-9]{1,5}");

        public Broker {
            if (!URL.matcher(url).matches()) {
                throw new IllegalArgumentException(
                        "The broker's address must be ssl://HOST:PORT but is '" + url + "'");
            }
        }
    }

    private HubLink(
            Broker broker,
            Set<BookId> books,
            BiConsumer<Topics.Topic, byte[]> incoming,
            LongSupplier micros,
            LongSupplier random) {
        this.broker = broker;
        books.stream().map(Topics::everythingUp).forEach(filters::add);
        this.micros = micros;
        this.random = random;
        this.nextAttemptAt = micros.getAsLong();
        this.thread =
                RoleThread.startDraining(
                        THREAD, QUEUE_MAX, DRAIN_MAX, TICK, this::work, HubLink::report);
        this.intake = new Intake(thread::offer, incoming, LOG, micros);
    }

    /// Starts the link and returns at once; it connects by itself, now and ever again.
    ///
    /// @param books whose terminals to listen to from the beginning
    /// @param incoming takes each message, on the mqtt thread; must not block for long
    /// @param micros a clock that never goes back, microseconds
    /// @param random unpredictable numbers, so that several hubs do not connect in step
    public static HubLink start(
            Broker broker,
            Set<BookId> books,
            BiConsumer<Topics.Topic, byte[]> incoming,
            LongSupplier micros,
            LongSupplier random) {
        HubLink link = new HubLink(broker, books, incoming, micros, random);
        link.isStarted.set(true);
        return link;
    }

    /// Listens to the terminals of one more book, from now on. Never blocks, from any thread.
    ///
    /// @return false if it could not be taken just now
    public boolean listen(BookId book) {
        return thread.offer(() -> filters.add(Topics.everythingUp(book)));
    }

    /// Listens to the terminals of a book no more, and says nothing more of it. Never blocks, from
    /// any thread.
    ///
    /// @return false if it could not be taken just now
    public boolean leave(BookId book) {
        return thread.offer(() -> {
            filters.remove(Topics.everythingUp(book));
            retained.remove(Topics.head(book));
            retainedUnsent.remove(Topics.head(book));
        });
    }

    /// Sends a page to a terminal, soon. Never blocks, from any thread.
    public void publish(BookId book, TerminalId terminal, FeedPage page) {
        outbound.add(new Outbound.Page(Topics.of(book, terminal, page), page));
        wake();
    }

    /// Has the broker keep the newest signed head of a book, on every connection anew, because a
    /// broker may forget. Never blocks, from any thread.
    ///
    /// @return false if it could not be taken just now
    public boolean publishHead(BookId book, String line) {
        return thread.offer(() -> {
            String topic = Topics.head(book);
            retained.put(topic, line.getBytes(StandardCharsets.US_ASCII));
            retainedUnsent.add(topic);
        });
    }

    /// @return whether the link is up and listening
    public boolean isConnected() {
        return isConnected.get();
    }

    /// @return messages that were too large, or on topics that are not ours
    public long refused() {
        return intake.refused();
    }

    /// @return messages dropped because they came faster than they were taken
    public long overrun() {
        return intake.overrun();
    }

    /// @return pages that did not reach the broker; their terminals ask again
    public long undelivered() {
        return outbound.dropped();
    }

    @Override
    public void close() {
        thread.close();
        // The thread has ended, so what was its own is ours.
        isConnected.set(false);
        if (connection != null) {
            connection.close();
        }
    }

    private void work() throws MqttException {
        isAwake.set(false);
        if (!isStarted.get()) {
            return;
        }
        if (connection == null) {
            connectIfDue();
            return;
        }
        switch (connection.state()) {
            case BrokerConnection.State.Connecting _ -> {
                if (micros.getAsLong() - attemptedAt > CONNECT_MICROS_MAX) {
                    giveUp(connection, "no answer within 7 s");
                }
            }
            case BrokerConnection.State.Up up -> {
                if (!isConnected.get()) {
                    cameUp(up);
                }
                // First: what is sent may be answered at once.
                listenAsWanted(connection);
                send(connection);
            }
            case BrokerConnection.State.Lost lost -> giveUp(connection, lost.reason());
        }
    }

    private void connectIfDue() throws MqttException {
        long now = micros.getAsLong();
        if (now < nextAttemptAt) {
            return;
        }
        attemptedAt = now;
        delayNextAttempt();
        subscribed.clear();
        subscribed.addAll(filters);
        connection =
                BrokerConnection.open(
                        broker.url(),
                        broker.clientId(),
                        broker.tls(),
                        Set.copyOf(filters),
                        new Notices());
    }

    private void listenAsWanted(BrokerConnection up) {
        Set<String> more = new HashSet<>(filters);
        more.removeAll(subscribed);
        Set<String> less = new HashSet<>(subscribed);
        less.removeAll(filters);
        if (!more.isEmpty()) {
            up.listen(more);
        }
        if (!less.isEmpty()) {
            up.leave(less);
        }
        subscribed.addAll(more);
        subscribed.removeAll(less);
    }

    private void cameUp(BrokerConnection.State.Up up) {
        failures = 0;
        retainedUnsent.addAll(retained.keySet());
        isConnected.set(true);
        LOG.log(System.Logger.Level.INFO, "Connected to the broker at {0}", broker.url());
        for (String missing : up.missing()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The broker at {0} lacks {1}.",
                    broker.url(),
                    missing);
        }
    }

    private void giveUp(BrokerConnection lost, String reason) {
        boolean wasUp = isConnected.getAndSet(false);
        if (wasUp || failures == 1) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "No link to the broker at {0}: {1}. Trying again.",
                    broker.url(),
                    reason);
        }
        connection = null;
        lost.close();
        if (wasUp) {
            delayNextAttempt();
        }
    }

    /// Full jitter: any time up to a bound that doubles with each failure.
    private void delayNextAttempt() {
        long bound =
                Math.min(DELAY_MICROS_MAX, FIRST_DELAY_MICROS << Math.min(failures, DOUBLINGS_MAX));
        failures++;
        nextAttemptAt = micros.getAsLong() + Math.floorMod(random.getAsLong(), bound);
    }

    private void send(BrokerConnection up) {
        for (Iterator<String> topics = retainedUnsent.iterator(); topics.hasNext(); ) {
            String topic = topics.next();
            byte[] line = retained.get(topic);
            if (line != null && !up.sendRetained(topic, line)) {
                return;
            }
            topics.remove();
        }
        Optional<Outbound.Page> next = outbound.next();
        while (next.isPresent()) {
            Outbound.Page page = next.get();
            if (!up.send(page.topic(), Codec.encode(page.page()))) {
                outbound.putBack(page);
                return;
            }
            next = outbound.next();
        }
    }

    private void wake() {
        // One notice is enough; and if the queue is full the thread is awake anyway.
        if (!isAwake.getAndSet(true)) {
            thread.offer(() -> {});
        }
    }

    private static void report(Throwable e) {
        LOG.log(System.Logger.Level.WARNING, "The link to the broker failed at something.", e);
    }

    /// On the library's threads.
    private final class Notices implements BrokerConnection.Listener {
        @Override
        public void changed() {
            wake();
        }

        @Override
        public void undelivered() {
            outbound.lost();
        }

        @Override
        public void received(String topic, byte[] payload) {
            intake.received(topic, payload);
        }
    }
}
