package org.hourtap.device.mqtt;

import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.jspecify.annotations.Nullable;

/// One client from its first connect to its end; never used again. Confined to the link thread, but
/// for the callbacks, which only note what happened.
final class Connection implements MqttCallback {
    /// Paho's own connect timeout ends with the TCP handshake: a broker that accepts and then says
    /// nothing would hold us for ever.
    private static final long CONNECT_MILLIS_MAX = 7_000;

    private static final long ANSWER_MILLIS_MAX = 5_000;
    private static final long GOODBYE_MILLIS_MAX = 500;

    /// "Too many publishes in progress": nothing is wrong, there is only no room.
    private static final int NO_ROOM = 32_202;

    private static final int REFUSED_FROM = 0x80;

    private final MqttAsyncClient client;
    private final long epoch;
    private final Inbound inbound;
    private final AtomicReference<@Nullable String> ended = new AtomicReference<>();

    /// Told of each message, on Paho's thread.
    @FunctionalInterface
    interface Inbound {
        void arrived(String topic, byte[] payload);
    }

    Connection(MqttAsyncClient client, long epoch, Inbound inbound) {
        this.client = client;
        this.epoch = epoch;
        this.inbound = inbound;
        client.setCallback(this);
    }

    /// @param extra without which a terminal works as well, so that nobody waits for it
    void open(MqttConnectionOptions options, String feed, String extra) throws MqttException {
        client.connect(options).waitForCompletion(CONNECT_MILLIS_MAX);
        IMqttToken subscribed = client.subscribe(feed, 1);
        subscribed.waitForCompletion(ANSWER_MILLIS_MAX);
        int[] codes = subscribed.getReasonCodes();
        if (codes != null && codes.length > 0 && codes[0] >= REFUSED_FROM) {
            throw new MqttException(codes[0]);
        }
        client.subscribe(extra, 1);
    }

    long epoch() {
        return epoch;
    }

    /// @return why it ended, null while it stands
    @Nullable String ended() {
        return ended.get();
    }

    /// @return false if there is no room now
    boolean publish(String topic, byte[] payload) throws MqttException {
        try {
            client.publish(topic, message(payload));
            return true;
        } catch (MqttException e) {
            if (e.getReasonCode() == NO_ROOM) {
                return false;
            }
            throw e;
        }
    }

    /// Says a last word and goes.
    void close(String topic, byte[] lastWord) {
        try {
            client.publish(topic, message(lastWord)).waitForCompletion(GOODBYE_MILLIS_MAX);
            client.disconnect().waitForCompletion(GOODBYE_MILLIS_MAX);
        } catch (MqttException | RuntimeException e) {
            log(e);
        }
        discard();
    }

    /// Ends it at once, whatever state it is in.
    void discard() {
        try {
            client.disconnectForcibly(0, GOODBYE_MILLIS_MAX, false);
        } catch (MqttException | RuntimeException e) {
            log(e);
        }
        try {
            client.close(true);
        } catch (MqttException | RuntimeException e) {
            log(e);
        }
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
        // Whatever escapes here is swallowed by Paho, or kills the connection.
        try {
            inbound.arrived(topic, message.getPayload());
        } catch (Throwable e) {
            System.getLogger(Connection.class.getName())
                    .log(System.Logger.Level.ERROR, "a message from the hub was dropped", e);
        }
    }

    @Override
    public void disconnected(@Nullable MqttDisconnectResponse response) {
        MqttException cause = response == null ? null : response.getException();
        ended.compareAndSet(null, cause == null ? "the broker closed it" : why(cause));
    }

    @Override
    public void mqttErrorOccurred(@Nullable MqttException exception) {
        ended.compareAndSet(null, exception == null ? "protocol error" : why(exception));
    }

    @Override
    public void deliveryComplete(IMqttToken token) {
        // Only the hub's own acknowledgement counts.
    }

    @Override
    public void connectComplete(boolean reconnect, String serverUri) {
        // open() waits for this by itself.
    }

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {
        // We use certificates.
    }

    /// The cause says more than Paho's own words ("RC: 0").
    static String why(MqttException e) {
        Throwable cause = e.getCause();
        return cause == null
                ? e.getMessage() + " (" + e.getReasonCode() + ")"
                : cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }

    private static MqttMessage message(byte[] payload) {
        MqttMessage message = new MqttMessage(payload);
        message.setQos(1);
        return message;
    }

    private static void log(Exception e) {
        System.getLogger(Connection.class.getName())
                .log(System.Logger.Level.DEBUG, "while leaving the broker", e);
    }
}
