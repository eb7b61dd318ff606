package org.hourtap.server.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.hourtap.contract.Codec;
import org.hourtap.contract.FeedPage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class HubLinkTest {
    private static final String POOL_UP = "hourtap/1/vale/pool/up/";
    private static final String POOL_DOWN = "hourtap/1/vale/pool/down/";

    @TempDir Path folder;
    private final BlockingQueue<String> arrived = new LinkedBlockingQueue<>();
    private BrokerScene scene;

    static FeedPage page(long upTo) {
        return new FeedPage(0, List.of(), 0, upTo, false, List.of(), 1);
    }

    @BeforeEach
    void open() throws Exception {
        scene = BrokerScene.open(folder);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private HubLink link() {
        HubLink link =
                scene.link((topic, bytes) ->
                        arrived.add(topic + " " + new String(bytes, StandardCharsets.UTF_8)));
        awaitConnected(link);
        return link;
    }

    private static void awaitConnected(HubLink link) {
        BrokerScene.await("a connection", link::isConnected, () -> "none");
    }

    @Test
    void aHundredMessagesUpArriveInOrder() throws Exception {
        try (HubLink link = link()) {
            try (Mosquitto pool =
                    Mosquitto.start(
                            "mosquitto_pub",
                            scene.pool,
                            scene.port(),
                            List.of("-t", POOL_UP + "events", "-q", "1", "-l"))) {
                for (int i = 0; i < 100; i++) {
                    pool.type(Integer.toString(i));
                }
                awaitHundred();
            }
            assertThat(link.refused()).isZero();
            assertThat(link.overrun()).isZero();
        }
    }

    @Test
    void aBookThatComesIsListenedToAndOneThatGoesIsNot() throws Exception {
        try (HubLink link = link()) {
            assertThat(link.leave(BrokerScene.VALE)).isTrue();
            BrokerScene.await("silence", () -> !isHeard("1"), () -> "");
            assertThat(link.listen(BrokerScene.VALE)).isTrue();
            BrokerScene.await("to be heard again", () -> isHeard("2"), () -> "");
            scene.stopBroker();
            BrokerScene.await("a lost connection", () -> !link.isConnected(), () -> "");
            link.leave(BrokerScene.VALE);
            scene.startBrokerAgain();
            awaitConnected(link);
            assertThat(isHeard("3")).isFalse();
        }
    }

    private boolean isHeard(String text) {
        try {
            Mosquitto.publish(scene.pool, scene.port(), POOL_UP + "events", text);
            String got = arrived.poll(1, TimeUnit.SECONDS);
            arrived.clear();
            return got != null;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitHundred() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            assertThat(arrived.poll(20, TimeUnit.SECONDS)).isEqualTo(POOL_UP + "events " + i);
        }
    }

    @Test
    void aHundredPagesDownArriveInOrder() throws Exception {
        try (HubLink link = link();
                Mosquitto pool =
                        Mosquitto.subscribe(scene.pool, scene.port(), POOL_DOWN + "feed")) {
            for (int i = 1; i <= 100; i++) {
                link.publish(BrokerScene.VALE, BrokerScene.POOL, page(i));
            }
            BrokerScene.await(
                    "100 pages", () -> pool.received().size() >= 100, () -> pool.received().size());
            for (int i = 1; i <= 100; i++) {
                assertThat(pool.received().get(i - 1)).contains("\"upTo\":" + i + ",");
            }
            assertThat(link.undelivered()).isZero();
        }
    }

    @Test
    void theLinkComesBackByItselfAfterTheBrokerWasGone() throws Exception {
        try (HubLink link = link()) {
            for (int round = 0; round < 2; round++) {
                scene.stopBroker();
                BrokerScene.await("the loss", () -> !link.isConnected(), () -> "still up");
                link.publish(BrokerScene.VALE, BrokerScene.POOL, page(1));
                scene.startBrokerAgain();
                awaitConnected(link);
                Mosquitto.publish(scene.pool, scene.port(), POOL_UP + "hello", "again" + round);
                assertThat(arrived.poll(20, TimeUnit.SECONDS))
                        .isEqualTo(POOL_UP + "hello again" + round);
            }
        }
    }

    @Test
    void whoeverComesLaterLearnsTheNewestHeadEvenAfterTheBrokerForgotIt() throws Exception {
        try (HubLink link = link()) {
            assertThat(link.publishHead(BrokerScene.VALE, "an old one")).isTrue();
            assertThat(link.publishHead(BrokerScene.VALE, "the newest")).isTrue();
            for (int round = 0; round < 2; round++) {
                awaitHead("the newest");
                scene.stopBroker();
                BrokerScene.await("the loss", () -> !link.isConnected(), () -> "still up");
                scene.startBrokerAgain();
                awaitConnected(link);
            }
        }
    }

    /// Asks until it is there: a subscriber who comes first hears of every head.
    private void awaitHead(String line) throws Exception {
        try (Mosquitto pool =
                Mosquitto.subscribe(scene.pool, scene.port(), "hourtap/1/vale/head")) {
            BrokerScene.await(
                    "the head",
                    () -> pool.received().contains("hourtap/1/vale/head " + line),
                    () -> pool.received().toString());
        }
        try (Mosquitto later =
                Mosquitto.subscribe(scene.pool, scene.port(), "hourtap/1/vale/head")) {
            BrokerScene.await(
                    "the head", () -> !later.received().isEmpty(), () -> "nothing was kept");
            assertThat(later.received()).containsExactly("hourtap/1/vale/head " + line);
        }
    }

    @Test
    void theLinkWaitsForABrokerThatStartsLater() throws Exception {
        scene.stopBroker();
        try (HubLink link = scene.link((topic, bytes) -> arrived.add(topic.toString()))) {
            link.publish(BrokerScene.VALE, BrokerScene.POOL, page(1));
            assertThat(link.isConnected()).isFalse();
            scene.startBrokerAgain();
            awaitConnected(link);
        }
    }

    @Test
    void aConsumerThatFailsLosesOneMessageNotTheLink() throws Exception {
        try (HubLink link =
                scene.link((topic, bytes) -> {
                    String text = new String(bytes, StandardCharsets.UTF_8);
                    if (text.equals("bad")) {
                        throw new AssertionError("as bad as it gets");
                    }
                    arrived.add(text);
                })) {
            awaitConnected(link);
            Mosquitto.publish(scene.pool, scene.port(), POOL_UP + "hello", "bad");
            Mosquitto.publish(scene.pool, scene.port(), POOL_UP + "hello", "good");
            assertThat(arrived.poll(20, TimeUnit.SECONDS)).isEqualTo("good");
            assertThat(link.isConnected()).isTrue();
        }
    }

    @Test
    void whatIsNotOursOrTooLargeIsCountedAndDropped() {
        List<String> taken = new ArrayList<>();
        Intake intake = intake(work -> true, taken);
        intake.received("elsewhere", new byte[1]);
        intake.received("hourtap/1/vale/pool/up/other", new byte[1]);
        intake.received(POOL_UP + "hello", new byte[Codec.MESSAGE_BYTES_MAX + 1]);
        assertThat(intake.refused()).isEqualTo(3);
        intake.received(POOL_UP + "hello", new byte[Codec.MESSAGE_BYTES_MAX]);
        assertThat(intake.refused()).isEqualTo(3);
        assertThat(intake.overrun()).isZero();
    }

    @Test
    void whatComesFasterThanItIsTakenIsDropped() {
        List<String> taken = new ArrayList<>();
        List<Runnable> queue = new ArrayList<>();
        Intake intake = intake(queue::add, taken);
        long fits = Intake.WAITING_BYTES_MAX / Codec.MESSAGE_BYTES_MAX;
        byte[] large = new byte[Codec.MESSAGE_BYTES_MAX];
        for (int i = 0; i < fits + 3; i++) {
            intake.received(POOL_UP + "hello", large);
        }
        assertThat(queue).hasSize((int) fits);
        assertThat(intake.overrun()).isEqualTo(3);
        queue.forEach(Runnable::run);
        assertThat(taken).hasSize((int) fits);
        intake.received(POOL_UP + "hello", large);
        assertThat(intake.overrun()).isEqualTo(3);
        Intake full = intake(work -> false, taken);
        full.received(POOL_UP + "hello", large);
        assertThat(full.overrun()).isEqualTo(1);
    }

    @Test
    void whatTheBrokerLacksIsNamed() {
        MqttProperties poor = new MqttProperties();
        poor.setSharedSubscriptionAvailable(false);
        poor.setWildcardSubscriptionsAvailable(false);
        poor.setMaximumQoS(0);
        poor.setMaximumPacketSize(1000L);
        assertThat(BrokerConnection.missingIn(poor))
                .hasSize(4)
                .anyMatch(text -> text.contains("1000 bytes"));
        assertThat(BrokerConnection.missingIn(new MqttProperties())).isEmpty();
    }

    private static Intake intake(Predicate<Runnable> queue, List<String> taken) {
        System.Logger quiet = new RecordingLog(new LinkedBlockingQueue<>());
        return new Intake(queue, (topic, bytes) -> taken.add(topic.toString()), quiet, () -> 1);
    }

    @Test
    void pagesWaitInALimitedQueueAndTheOldestGoes() {
        Outbound outbound = new Outbound(2);
        for (int i = 1; i <= 3; i++) {
            outbound.add(new Outbound.Page("topic", page(i)));
        }
        assertThat(outbound.dropped()).isEqualTo(1);
        Outbound.Page second = outbound.next().orElseThrow();
        assertThat(second.page().upTo()).isEqualTo(2);
        outbound.putBack(second);
        assertThat(outbound.next().orElseThrow().page().upTo()).isEqualTo(2);
        outbound.add(new Outbound.Page("topic", page(4)));
        outbound.putBack(second);
        assertThat(outbound.dropped()).isEqualTo(2);
        assertThat(outbound.next().orElseThrow().page().upTo()).isEqualTo(3);
    }

    @Test
    void aWarningThatCouldFloodTheLogComesOnceAMinute() {
        BlockingQueue<String> logged = new LinkedBlockingQueue<>();
        long[] now = {5};
        OccasionalWarning warning = new OccasionalWarning(new RecordingLog(logged), () -> now[0]);
        for (int i = 0; i < 10; i++) {
            warning.count("flood");
        }
        assertThat(logged).containsExactly("{0} ({1} so far) [flood, 1]");
        now[0] += 60_000_000;
        warning.count("flood");
        assertThat(logged).hasSize(2);
        assertThat(warning.count()).isEqualTo(11);
    }

    @Test
    void anAddressThatIsNoneIsRefusedAtOnce() {
        for (String url : List.of("tcp://localhost:1883", "localhost", "ssl://a", "ssl://a:1/x")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new HubLink.Broker(url, "hub", scene.authority.hubContext()))
                    .withMessageContaining("ssl://HOST:PORT");
        }
    }

    private record RecordingLog(BlockingQueue<String> lines) implements System.Logger {
        @Override
        public String getName() {
            return "recording";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String text, Throwable thrown) {
            lines.add(text);
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... values) {
            lines.add(format + " " + List.of(values));
        }
    }
}
