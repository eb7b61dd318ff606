package org.hourtap.server.mqtt;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.hourtap.runtime.PromptTlsSockets;
import org.jspecify.annotations.Nullable;

/// One connection to a broker, from its attempt to its end, used once. The library's own
/// reconnecting and stored messages go wrong in ways that lose or repeat messages for ever, so it
/// serves as a socket. Its callbacks only note what happened; whoever owns this looks.
final class BrokerConnection {
    private static final int CONNECT_SECONDS = 5;
    private static final int KEEP_ALIVE_SECONDS = 20;
    private static final int RECEIVE_MAX = 64;

    /// Fewer than any broker's own limit (HiveMQ 10, Mosquitto 20) would slow a burst; the rest is
    /// held back by the library, which says "later".
    private static final int IN_FLIGHT_MAX = 64;

    /// What a terminal has not fetched after this it asks for again.
    private static final long EXPIRY_SECONDS = 60;

    private static final int QUALITY = 1;
    private static final int NEVER_SEND_RETAINED = 2;
    private static final int FIRST_ERROR_CODE = 0x80;
    private static final long CLOSE_MILLIS = 500;

    private final MqttAsyncClient client;
    private final Listener listener;
    private final AtomicReference<State> state = new AtomicReference<>(new State.Connecting());
    private final AtomicInteger inFlight = new AtomicInteger();

    /// Where it stands.
    sealed interface State {
        /// Neither up nor given up.
        record Connecting() implements State {}

        /// Connected and subscribed.
        record Up(List<String> missing) implements State {}

        /// Over.
        record Lost(String reason) implements State {}
    }

    /// Called on the library's threads: must return at once and never throw.
    interface Listener {
        /// The state is another one now.
        void changed();

        void received(String topic, byte[] payload);

        void undelivered();
    }

    private BrokerConnection(MqttAsyncClient client, Listener listener) {
        this.client = client;
        this.listener = listener;
    }

    /// Begins to connect and returns; the state tells how it goes.
    static BrokerConnection open(
            String url, String clientId, SSLContext tls, Set<String> filters, Listener listener)
            throws MqttException {
        MqttAsyncClient client = new MqttAsyncClient(url, clientId, new MemoryPersistence());
        BrokerConnection connection = new BrokerConnection(client, listener);
        client.setCallback(connection.new Events());
        try {
            client.connect(
                    options(tls),
                    null,
                    connection.onDone(token -> connection.subscribe(token, filters)));
        } catch (MqttException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    State state() {
        return state.get();
    }

    /// @return false if the page has to wait
    boolean send(String topic, byte[] payload) {
        MqttMessage message = new MqttMessage(payload);
        MqttProperties properties = new MqttProperties();
        properties.setMessageExpiryInterval(EXPIRY_SECONDS);
        message.setProperties(properties);
        return send(topic, message);
    }

    /// Sends what the broker is to keep, and to show to whoever subscribes later.
    ///
    /// @return false if it has to wait
    boolean sendRetained(String topic, byte[] payload) {
        MqttMessage message = new MqttMessage(payload);
        message.setRetained(true);
        return send(topic, message);
    }

    private boolean send(String topic, MqttMessage message) {
        if (inFlight.get() >= IN_FLIGHT_MAX) {
            return false;
        }
        message.setQos(QUALITY);
        inFlight.incrementAndGet();
        try {
            client.publish(topic, message, null, new Delivery());
            return true;
        } catch (MqttException e) {
            inFlight.decrementAndGet();
            if (e.getReasonCode() != MqttClientException.REASON_CODE_MAX_INFLIGHT) {
                lost("cannot send: " + said(e));
            }
            return false;
        }
    }

    /// Subscribes to more; the connection is lost if the broker does not grant it.
    void listen(Set<String> filters) {
        try {
            subscribe(filters, () -> {});
        } catch (MqttException e) {
            lost("cannot subscribe: " + said(e));
        }
    }

    /// Subscribes to less.
    void leave(Set<String> filters) {
        try {
            client.unsubscribe(
                    filters.toArray(String[]::new), null, onDone(_ -> {}), new MqttProperties());
        } catch (MqttException e) {
            lost("cannot unsubscribe: " + said(e));
        }
    }

    /// Ends it, whatever it is doing. May take half a second.
    void close() {
        state.set(new State.Lost("closed"));
        try {
            client.disconnectForcibly(0, CLOSE_MILLIS, false);
        } catch (MqttException e) {
            trace(e);
        }
        try {
            client.close(true);
        } catch (MqttException e) {
            trace(e);
        }
    }

    private void subscribe(IMqttToken connected, Set<String> filters) throws MqttException {
        List<String> missing = missingIn(connected.getResponseProperties());
        if (filters.isEmpty()) {
            become(new State.Up(missing));
            return;
        }
        subscribe(filters, () -> become(new State.Up(missing)));
    }

    private void subscribe(Set<String> filters, Runnable granted) throws MqttException {
        MqttSubscription[] subscriptions =
                filters.stream()
                        .map(BrokerConnection::subscription)
                        .toArray(MqttSubscription[]::new);
        client.subscribe(
                subscriptions,
                null,
                onDone(token -> {
                    for (int code : token.getReasonCodes()) {
                        if (code >= FIRST_ERROR_CODE) {
                            lost("the broker refused a subscription: code " + code);
                            return;
                        }
                    }
                    granted.run();
                }),
                new MqttProperties());
    }

    private static MqttSubscription subscription(String filter) {
        MqttSubscription subscription = new MqttSubscription(filter, QUALITY);
        // Anything retained is an old message that someone else's retain flag keeps alive.
        subscription.setRetainHandling(NEVER_SEND_RETAINED);
        return subscription;
    }

    private static MqttConnectionOptions options(SSLContext tls) {
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setAutomaticReconnect(false);
        options.setCleanStart(true);
        options.setSessionExpiryInterval(0L);
        options.setConnectionTimeout(CONNECT_SECONDS);
        options.setKeepAliveInterval(KEEP_ALIVE_SECONDS);
        options.setReceiveMaximum(RECEIVE_MAX);
        options.setMaximumPacketSize((long) EmbeddedBroker.PACKET_BYTES_MAX);
        options.setSocketFactory(new PromptTlsSockets(tls.getSocketFactory()));
        return options;
    }

    /// @return what we could use and this broker does not offer
    static List<String> missingIn(@Nullable MqttProperties offered) {
        List<String> missing = new ArrayList<>();
        if (offered == null) {
            return missing;
        }
        if (!offered.isSharedSubscriptionAvailable()) {
            missing.add("shared subscriptions (not needed while one hub holds each book)");
        }
        if (!offered.isWildcardSubscriptionsAvailable()) {
            missing.add("wildcard subscriptions (the hub cannot work without)");
        }
        Integer quality = offered.getMaximumQoS();
        if (quality != null && quality < QUALITY) {
            missing.add("quality of service 1 (messages may be lost and sent again)");
        }
        Long packet = offered.getMaximumPacketSize();
        if (packet != null && packet < EmbeddedBroker.PACKET_BYTES_MAX) {
            missing.add("packets of 1 MiB (its limit is " + packet + " bytes)");
        }
        return missing;
    }

    private void become(State next) {
        if (state.get() instanceof State.Connecting now && state.compareAndSet(now, next)) {
            listener.changed();
        }
    }

    private void lost(String reason) {
        State before =
                state.getAndUpdate(now -> now instanceof State.Lost ? now : new State.Lost(reason));
        if (!(before instanceof State.Lost)) {
            listener.changed();
        }
    }

    private static String said(@Nullable Throwable e) {
        // The library's own text for most faults is "MqttException"; the cause says more.
        Throwable last = e;
        while (last != null && last.getCause() != null) {
            last = last.getCause();
        }
        return String.valueOf(last);
    }

    private static void trace(Exception e) {
        System.getLogger(BrokerConnection.class.getName())
                .log(System.Logger.Level.TRACE, "closing a connection", e);
    }

    /// What to do when a request to the library succeeded.
    private interface Next {
        void run(IMqttToken token) throws MqttException;
    }

    private MqttActionListener onDone(Next next) {
        return new MqttActionListener() {
            @Override
            public void onSuccess(IMqttToken token) {
                try {
                    next.run(token);
                } catch (Throwable e) {
                    lost(said(e));
                }
            }

            @Override
            public void onFailure(IMqttToken token, @Nullable Throwable e) {
                lost(said(e));
            }
        };
    }

    /// The library may report one delivery several times.
    private final class Delivery implements MqttActionListener {
        private final AtomicBoolean isDone = new AtomicBoolean();

        @Override
        public void onSuccess(IMqttToken token) {
            done();
        }

        @Override
        public void onFailure(IMqttToken token, @Nullable Throwable e) {
            if (done()) {
                listener.undelivered();
            }
        }

        private boolean done() {
            boolean isFirst = isDone.compareAndSet(false, true);
            if (isFirst) {
                inFlight.decrementAndGet();
                listener.changed();
            }
            return isFirst;
        }
    }

    private final class Events implements MqttCallback {
        @Override
        public void messageArrived(String topic, MqttMessage message) {
            // An exception from here would be swallowed, an error would end the connection.
            try {
                listener.received(topic, message.getPayload());
            } catch (Throwable e) {
                lost("cannot take a message: " + said(e));
            }
        }

        @Override
        public void disconnected(MqttDisconnectResponse response) {
            Throwable cause = response.getException();
            lost(cause == null ? "the broker ended the connection" : said(cause));
        }

        @Override
        public void mqttErrorOccurred(MqttException e) {
            trace(e);
        }

        @Override
        public void deliveryComplete(IMqttToken token) {
            // Each delivery has its own listener.
        }

        @Override
        public void connectComplete(boolean reconnect, String uri) {
            // The connect token says so, with what the broker offers.
        }

        @Override
        public void authPacketArrived(int reasonCode, MqttProperties properties) {
            // We offered no such exchange.
        }
    }
}
