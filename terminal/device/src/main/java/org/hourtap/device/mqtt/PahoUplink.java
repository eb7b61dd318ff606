package org.hourtap.device.mqtt;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import javax.net.SocketFactory;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.hourtap.contract.BookId;
import org.hourtap.contract.Codec;
import org.hourtap.contract.FeedPage;
import org.hourtap.contract.MalformedMessageException;
import org.hourtap.contract.Message;
import org.hourtap.contract.SignedHead;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.TerminalReport;
import org.hourtap.contract.Topics;
import org.hourtap.runtime.PromptSockets;
import org.hourtap.runtime.RoleThread;
import org.hourtap.tap.HubUplink;
import org.jspecify.annotations.Nullable;

/// The thread `link`: keeps one connection to the broker, for as long as it takes, and passes
/// messages both ways. What is handed over while there is no connection is dropped: the journal is
/// the queue.
public final class PahoUplink implements HubUplink, AutoCloseable {
    /// One batch is in flight; hellos and requests are few.
    private static final int QUEUE_MAX = 64;

    private static final Duration TICK = Duration.ofMillis(50);
    private static final int KEEP_ALIVE_SECONDS = 20;
    private static final int TCP_SECONDS_MAX = 5;
    private static final int RECEIVE_MAX = 32;
    private static final long COMPLAINT_MICROS_MIN = TimeUnit.MINUTES.toMicros(1);
    private static final long MICROS_PER_MILLI = 1_000;

    private static final System.Logger LOG = System.getLogger(PahoUplink.class.getName());

    private final Address address;
    private final LongSupplier bootMicros;
    private final Clients clients;
    private final Backoff backoff;
    private final RoleThread thread;
    private final AtomicReference<LinkStatus> status = new AtomicReference<>(LinkStatus.NOT_YET);
    private final AtomicLong malformed = new AtomicLong();
    private final AtomicLong complainedMicros = new AtomicLong();
    private final AtomicBoolean stopping = new AtomicBoolean();

    // Confined to the link thread.
    private final ArrayDeque<Message.Upward> noRoom = new ArrayDeque<>();
    private @Nullable LinkListener listener;
    private @Nullable Connection connection;
    private long notBeforeMicros;

    /// Where the broker is and who we are.
    ///
    /// @param url `ssl://host:port`, or `tcp://…` for a broker on this machine
    /// @param sockets with the terminal's certificate for `ssl`
    /// @param reconnectMaxMillis longest wait between two attempts
    public record Address(
            String url,
            BookId book,
            TerminalId terminal,
            SocketFactory sockets,
            long reconnectMaxMillis) {
        /// @return sockets for a broker on this machine, without TLS
        public static SocketFactory withoutTls() {
            return new PromptSockets();
        }
    }

    /// Makes a client for one connection.
    @FunctionalInterface
    interface Clients {
        MqttAsyncClient create(String url, String clientId) throws MqttException;
    }

    /// Starts the thread; [#connect] begins.
    ///
    /// @param bootMicros microseconds since boot
    /// @param random any long
    public static PahoUplink start(Address address, LongSupplier bootMicros, LongSupplier random) {
        return new PahoUplink(
                address,
                bootMicros,
                random,
                (url, id) -> new MqttAsyncClient(url, id, new MemoryPersistence()));
    }

    PahoUplink(Address address, LongSupplier bootMicros, LongSupplier random, Clients clients) {
        this.address = address;
        this.bootMicros = bootMicros;
        this.clients = clients;
        this.backoff = new Backoff(address.reconnectMaxMillis(), random);
        this.thread = RoleThread.start("link", QUEUE_MAX, TICK, this::step, PahoUplink::report);
    }

    /// Connects from now on, for as long as this is open.
    public void connect(LinkListener told) {
        thread.offer(() -> listener = told);
    }

    @Override
    public void send(Message.Upward message) {
        if (!thread.offer(() -> publish(message))) {
            LOG.log(System.Logger.Level.DEBUG, "the link is busy; a message is sent again later");
        }
    }

    @Override
    public void reset(String reason) {
        thread.offer(() -> drop(reason));
    }

    public LinkStatus status() {
        return status.get();
    }

    /// @return how many messages from the hub could not be read
    public long malformed() {
        return malformed.get();
    }

    /// Says goodbye, so that the hub does not take a stopped terminal for a lost one.
    @Override
    public void close() {
        stopping.set(true);
        thread.offer(this::leave);
        thread.close();
    }

    private void step() {
        Connection open = connection;
        if (open == null) {
            LinkListener told = listener;
            boolean isDue = bootMicros.getAsLong() >= notBeforeMicros;
            if (told != null && isDue && !stopping.get()) {
                tryConnecting(told);
            }
            return;
        }
        String ended = open.ended();
        if (ended != null) {
            drop(ended);
            return;
        }
        while (!noRoom.isEmpty() && publishNow(open, noRoom.peekFirst())) {
            noRoom.removeFirst();
        }
    }

    private void tryConnecting(LinkListener told) {
        Connection opening = null;
        try {
            long epoch = told.nextEpoch();
            opening =
                    new Connection(
                            clients.create(address.url(), address.terminal().value()),
                            epoch,
                            (topic, payload) -> arrived(topic, payload, told));
            opening.open(options(epoch), feedTopic(), headTopic());
            connection = opening;
            backoff.succeeded();
            noRoom.clear();
            status.set(LinkStatus.UP);
            LOG.log(System.Logger.Level.INFO, "connected to {0}", address.url());
            told.connected(epoch);
        } catch (Exception e) {
            if (opening != null) {
                opening.discard();
            }
            later(e instanceof MqttException mqtt ? Connection.why(mqtt) : String.valueOf(e));
        }
    }

    private void publish(Message.Upward message) {
        Connection open = connection;
        if (open != null && (!noRoom.isEmpty() || !publishNow(open, message))) {
            if (noRoom.size() >= QUEUE_MAX) {
                drop("the broker takes no messages");
            } else {
                noRoom.add(message);
            }
        }
    }

    /// @return false if there is no room now
    private boolean publishNow(Connection open, Message.Upward message) {
        try {
            return open.publish(topicOf(message), Codec.encode(message));
        } catch (MqttException e) {
            drop(Connection.why(e));
            return true;
        }
    }

    private void drop(String reason) {
        Connection open = connection;
        if (open != null) {
            connection = null;
            noRoom.clear();
            open.discard();
            tellDisconnected();
            later(reason);
        }
    }

    private void later(String reason) {
        long wait = backoff.nextMillis();
        notBeforeMicros = bootMicros.getAsLong() + wait * MICROS_PER_MILLI;
        LinkStatus before = status.getAndSet(new LinkStatus(false, reason));
        System.Logger.Level level =
                before.trouble().equals(reason)
                        ? System.Logger.Level.DEBUG
                        : System.Logger.Level.INFO;
        LOG.log(level, "no link to {0}: {1}; next try in {2} ms", address.url(), reason, wait);
    }

    private void leave() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            TerminalReport stopped = new TerminalReport(open.epoch(), TerminalReport.State.STOPPED);
            open.close(topicOf(stopped), Codec.encode(stopped));
            tellDisconnected();
        }
        status.set(LinkStatus.NOT_YET);
    }

    private void tellDisconnected() {
        LinkListener told = listener;
        if (told != null) {
            told.disconnected();
        }
    }

    /// On Paho's thread.
    private void arrived(String topic, byte[] payload, LinkListener told) {
        try {
            if (topic.equals(headTopic())) {
                told.told(head(payload));
            } else if (Codec.decode(payload) instanceof FeedPage page) {
                told.received(page);
            } else {
                complain("not a feed page");
            }
        } catch (MalformedMessageException | IllegalArgumentException e) {
            complain(String.valueOf(e.getMessage()));
        }
    }

    /// @throws IllegalArgumentException if it is none of this terminal's book
    private SignedHead head(byte[] payload) {
        SignedHead head = SignedHead.parse(new String(payload, StandardCharsets.US_ASCII));
        if (!head.book().equals(address.book())) {
            throw new IllegalArgumentException("a head of another book: " + head.line());
        }
        return head;
    }

    /// A broken hub could send thousands; one line a minute says as much.
    private void complain(String about) {
        long count = malformed.incrementAndGet();
        long now = bootMicros.getAsLong();
        long last = complainedMicros.get();
        boolean isDue = last == 0 || now - last >= COMPLAINT_MICROS_MIN;
        if (isDue && complainedMicros.compareAndSet(last, now)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} unreadable messages from the hub so far; the newest: {1}",
                    count,
                    about);
        }
    }

    private MqttConnectionOptions options(long epoch) {
        TerminalReport lost = new TerminalReport(epoch, TerminalReport.State.LOST);
        MqttMessage will = new MqttMessage(Codec.encode(lost));
        will.setQos(1);
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setAutomaticReconnect(false);
        options.setCleanStart(true);
        options.setKeepAliveInterval(KEEP_ALIVE_SECONDS);
        options.setConnectionTimeout(TCP_SECONDS_MAX);
        options.setReceiveMaximum(RECEIVE_MAX);
        options.setMaximumPacketSize((long) Codec.MESSAGE_BYTES_MAX);
        options.setSocketFactory(address.sockets());
        options.setHttpsHostnameVerificationEnabled(true);
        options.setWill(topicOf(lost), will);
        return options;
    }

    private String topicOf(Message message) {
        return Topics.of(address.book(), address.terminal(), message);
    }

    private String feedTopic() {
        return new Topics.Topic(address.book(), address.terminal(), Topics.Leaf.FEED).toString();
    }

    private String headTopic() {
        return Topics.head(address.book());
    }

    private static void report(Throwable failure) {
        LOG.log(System.Logger.Level.ERROR, "the link goes on after a failure", failure);
    }
}
