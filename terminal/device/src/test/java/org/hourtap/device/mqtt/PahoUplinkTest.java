package org.hourtap.device.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.hourtap.contract.BookId;
import org.hourtap.contract.Codec;
import org.hourtap.contract.FeedPage;
import org.hourtap.contract.FeedRequest;
import org.hourtap.contract.MalformedMessageException;
import org.hourtap.contract.SignedHead;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.TerminalReport;
import org.hourtap.device.testing.Awaiting;
import org.hourtap.device.testing.Taps;
import org.hourtap.runtime.SystemTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mockito.ArgumentCaptor;

/// What Paho does when things go wrong, which a well-behaved broker never shows.
@Timeout(60)
class PahoUplinkTest {
    private static final int CLIENT_TIMEOUT = 32_000;
    private static final int SOON_MILLIS = 20_000;
    private static final String FEED = "hourtap/1/dinas/pool-1/down/feed";
    private static final String HEAD = "hourtap/1/dinas/head";
    private static final String GET = "hourtap/1/dinas/pool-1/up/get";
    private static final String STATE = "hourtap/1/dinas/pool-1/up/state";

    private final MqttAsyncClient client = mock();
    private final IMqttToken done = mock();
    private final IMqttToken subscribed = mock();
    private final Told told = new Told();
    private final AtomicLong made = new AtomicLong();
    private PahoUplink uplink;

    /// Remembers what the link told.
    private static final class Told implements LinkListener {
        final List<String> all = new CopyOnWriteArrayList<>();
        final AtomicLong epoch = new AtomicLong(40);

        @Override
        public long nextEpoch() {
            return epoch.incrementAndGet();
        }

        @Override
        public void connected(long now) {
            all.add("connected " + now);
        }

        @Override
        public void received(FeedPage page) {
            all.add("page up to " + page.upTo());
        }

        @Override
        public void told(SignedHead head) {
            all.add(head.line());
        }

        @Override
        public void disconnected() {
            all.add("disconnected");
        }
    }

    @BeforeEach
    void start() throws Exception {
        when(client.connect(any(MqttConnectionOptions.class))).thenReturn(done);
        when(client.subscribe(anyString(), anyInt())).thenReturn(subscribed);
        when(client.publish(anyString(), any(MqttMessage.class))).thenReturn(done);
        when(client.disconnect()).thenReturn(done);
        when(subscribed.getReasonCodes()).thenReturn(new int[] {1});
        uplink =
                new PahoUplink(
                        new PahoUplink.Address(
                                "tcp://127.0.0.1:1",
                                new BookId("dinas"),
                                new TerminalId("pool-1"),
                                PahoUplink.Address.withoutTls(),
                                100),
                        SystemTime::bootMicros,
                        SystemTime::randomLong,
                        (_, _) -> {
                            made.incrementAndGet();
                            return client;
                        });
    }

    @AfterEach
    void stop() {
        uplink.close();
    }

    @Test
    void itListensToItsOwnFeedBeforeItSaysThatItIsConnected() throws Exception {
        connect();
        var order = inOrder(client);
        ArgumentCaptor<MqttConnectionOptions> options = ArgumentCaptor.captor();
        order.verify(client).connect(options.capture());
        order.verify(client).subscribe(FEED, 1);
        order.verify(client).subscribe(HEAD, 1);
        assertThat(options.getValue().isAutomaticReconnect()).isFalse();
        assertThat(options.getValue().isCleanStart()).isTrue();
        assertThat(options.getValue().getReceiveMaximum()).isEqualTo(32);
        assertThat(options.getValue().getWillDestination()).isEqualTo(STATE);
        assertThat(Codec.decode(options.getValue().getWillMessage().getPayload()))
                .isEqualTo(new TerminalReport(41, TerminalReport.State.LOST));
        assertThat(uplink.status().isConnected()).isTrue();
    }

    @Test
    void eachAttemptIsAFreshClientWithAFreshEpochUntilOneStands() throws Exception {
        when(client.connect(any(MqttConnectionOptions.class)))
                .thenThrow(new MqttException(32103))
                .thenThrow(new MqttException(new java.net.ConnectException("refused")))
                .thenReturn(done);
        uplink.connect(told);
        Awaiting.until("it is connected", () -> told.all.contains("connected 43"));
        assertThat(made).hasValue(3);
        verify(client, atLeastOnce()).close(true);
    }

    @Test
    void aBrokerThatRefusesTheFeedIsNotTakenForAConnection() throws Exception {
        when(subscribed.getReasonCodes()).thenReturn(new int[] {0x87}, new int[] {1});
        uplink.connect(told);
        Awaiting.until("it is connected", () -> told.all.contains("connected 42"));
        assertThat(told.all).containsExactly("connected 42");
    }

    @Test
    void aConnackThatNeverComesEndsTheAttempt() throws Exception {
        doThrow(new MqttException(CLIENT_TIMEOUT))
                .doNothing()
                .when(done)
                .waitForCompletion(anyLong());
        uplink.connect(told);
        Awaiting.until("it is connected", () -> told.all.contains("connected 42"));
        verify(client, atLeastOnce()).disconnectForcibly(anyLong(), anyLong(), eq(false));
    }

    @Test
    void noRoomMeansLaterAndKeepsTheOrder() throws Exception {
        connect();
        when(client.publish(eq(GET), any(MqttMessage.class)))
                .thenThrow(new MqttException(32202))
                .thenThrow(new MqttException(32202))
                .thenReturn(done);
        for (int i = 1; i <= 3; i++) {
            uplink.send(new FeedRequest(i));
        }
        verify(client, timeout(SOON_MILLIS)).publish(eq(GET), argThat(is(new FeedRequest(3))));
        verify(client).publish(eq(GET), argThat(is(new FeedRequest(2))));
        assertThat(told.all).containsExactly("connected 41");
    }

    @Test
    void whatIsHandedOverWithoutAConnectionIsDropped() throws Exception {
        uplink.send(new FeedRequest(7));
        connect();
        uplink.send(new FeedRequest(8));
        verify(client, timeout(SOON_MILLIS)).publish(eq(GET), argThat(is(new FeedRequest(8))));
        verify(client, never()).publish(eq(GET), argThat(is(new FeedRequest(7))));
    }

    @Test
    void aLostConnectionIsToldOnceAndMadeAnew() throws Exception {
        MqttCallback callback = connect();
        MqttException cause = new MqttException(new java.io.EOFException("gone"));
        callback.disconnected(new MqttDisconnectResponse(cause));
        callback.mqttErrorOccurred(cause);
        Awaiting.until("it is back", () -> told.all.contains("connected 42"));
        assertThat(told.all).containsExactly("connected 41", "disconnected", "connected 42");
    }

    @Test
    void aResetMakesANewConnection() throws Exception {
        connect();
        uplink.reset("the hub did not answer");
        Awaiting.until("it is back", () -> told.all.contains("connected 42"));
        assertThat(told.all).containsExactly("connected 41", "disconnected", "connected 42");
    }

    @Test
    void garbageFromTheBrokerIsCountedAndHurtsNobody() throws Exception {
        MqttCallback callback = connect();
        callback.messageArrived(FEED, new MqttMessage("{".getBytes(StandardCharsets.UTF_8)));
        callback.messageArrived(FEED, new MqttMessage(new byte[0]));
        callback.messageArrived(FEED, new MqttMessage(Codec.encode(new FeedRequest(1))));
        callback.messageArrived(FEED, new MqttMessage(Codec.encode(page())));
        assertThat(uplink.malformed()).isEqualTo(3);
        assertThat(told.all).containsExactly("connected 41", "page up to 9");
    }

    @Test
    void aSignedHeadOfItsBookIsToldAndAnythingElseOnThatTopicIsNot() throws Exception {
        String line = Taps.head(7, 'a').line();
        MqttCallback callback = connect();
        callback.messageArrived(HEAD, new MqttMessage(new byte[0]));
        callback.messageArrived(HEAD, new MqttMessage(Codec.encode(page())));
        byte[] other = line.replace(" dinas ", " vale ").getBytes(StandardCharsets.US_ASCII);
        callback.messageArrived(HEAD, new MqttMessage(other));
        callback.messageArrived(HEAD, new MqttMessage(line.getBytes(StandardCharsets.US_ASCII)));
        assertThat(uplink.malformed()).isEqualTo(3);
        assertThat(told.all).containsExactly("connected 41", line);
    }

    @Test
    void aCleanStopSaysSoBeforeItGoes() throws Exception {
        connect();
        uplink.close();
        var order = inOrder(client);
        order.verify(client)
                .publish(
                        eq(STATE),
                        argThat(is(new TerminalReport(41, TerminalReport.State.STOPPED))));
        order.verify(client).disconnect();
        order.verify(client).close(true);
    }

    private MqttCallback connect() throws Exception {
        uplink.connect(told);
        Awaiting.until("it is connected", () -> told.all.contains("connected 41"));
        ArgumentCaptor<MqttCallback> callback = ArgumentCaptor.captor();
        verify(client).setCallback(callback.capture());
        return callback.getValue();
    }

    private static org.mockito.ArgumentMatcher<MqttMessage> is(Object expected) {
        return message -> {
            try {
                return message != null
                        && message.getQos() == 1
                        && Codec.decode(message.getPayload()).equals(expected);
            } catch (MalformedMessageException e) {
                return false;
            }
        };
    }

    private static FeedPage page() {
        return new FeedPage(0, List.of(), 0, 9, false, List.of(), 1);
    }
}
