package org.hourtap.server.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.hourtap.contract.BookId;
import org.hourtap.contract.TerminalId;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.certificates.CertificateAuthority;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a foreign program can do with a terminal's credentials, or without. Shown by what arrives
/// and what does not, with a message after each attempt that must arrive.
@Timeout(120)
class ForeignClientTest {
    private static final String POOL_UP = "hourtap/1/vale/pool/up/";
    private static final String POOL_DOWN = "hourtap/1/vale/pool/down/";
    private static final String THEATRE_UP = "hourtap/1/vale/theatre/up/";
    private static final String THEATRE_DOWN = "hourtap/1/vale/theatre/down/";

    @TempDir Path folder;
    private BrokerScene scene;

    @BeforeEach
    void open() throws Exception {
        scene = BrokerScene.open(folder);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void aTerminalPublishesUpAndReceivesDown() throws Exception {
        try (Mosquitto pool = Mosquitto.subscribe(scene.pool, scene.port(), POOL_DOWN + "feed")) {
            publish(scene.hub, POOL_DOWN + "feed", "page");
            awaitMessage(pool, POOL_DOWN + "feed page");
        }
        try (Mosquitto hub = Mosquitto.subscribe(scene.hub, scene.port(), "hourtap/1/#")) {
            for (String leaf : List.of("events", "hello", "get", "state")) {
                assertThat(publish(scene.pool, POOL_UP + leaf, "mine").exit()).isZero();
                awaitMessage(hub, POOL_UP + leaf + " mine");
            }
        }
    }

    @Test
    void aTerminalCannotPublishOutsideItsOwnUpTopics() throws Exception {
        try (Mosquitto hub = Mosquitto.subscribe(scene.hub, scene.port(), "hourtap/1/#", "#")) {
            for (String topic :
                    List.of(
                            THEATRE_UP + "hello",
                            THEATRE_DOWN + "feed",
                            POOL_DOWN + "feed",
                            POOL_UP + "more",
                            POOL_UP + "hello/more",
                            "hourtap/1/vale/pool/other",
                            "hourtap/1/vale/head",
                            "hourtap/1/other/pool/up/hello",
                            "hourtap/2/vale/pool/up/hello",
                            "hourtap",
                            "elsewhere",
                            "$SYS/broker",
                            "$sys.mqtt.sessions",
                            "activemq.management",
                            POOL_UP + "hello::hub.hourtap/1/#",
                            THEATRE_DOWN + "feed::theatre." + THEATRE_DOWN + "feed")) {
                publish(scene.pool, topic, "forged");
                publish(scene.pool, topic, "forged", "-r");
                publish(scene.pool, topic, "forged", "-V", "mqttv311");
                Mosquitto.run(
                        "mosquitto_pub",
                        scene.pool,
                        scene.port(),
                        List.of("-t", topic, "-m", "forged", "-q", "0"));
                Mosquitto.run(
                        "mosquitto_pub",
                        scene.pool,
                        scene.port(),
                        List.of("-t", topic, "-m", "forged", "-q", "2"));
            }
            publish(scene.pool, POOL_UP + "hello", "genuine");
            awaitMessage(hub, POOL_UP + "hello genuine");
            assertThat(hub.said()).doesNotContain("forged");
        }
        try (Mosquitto late = Mosquitto.subscribe(scene.hub, scene.port(), "hourtap/1/#")) {
            publish(scene.pool, POOL_UP + "hello", "again");
            awaitMessage(late, POOL_UP + "hello again");
            assertThat(late.said()).as("nothing was retained").doesNotContain("forged");
        }
    }

    @Test
    void anUnauthorizedPublishIsToldSo() throws Exception {
        Mosquitto.Outcome outcome = publish(scene.pool, THEATRE_UP + "hello", "forged");
        assertThat(outcome.said()).contains("RC:135");
    }

    @Test
    void aTerminalsWillGoesNowhereElse() throws Exception {
        try (Mosquitto hub = Mosquitto.subscribe(scene.hub, scene.port(), "hourtap/1/#")) {
            leaveWill(THEATRE_UP + "state", "forged");
            leaveWill(POOL_DOWN + "feed", "forged");
            leaveWill(POOL_UP + "state", "genuine");
            awaitMessage(hub, POOL_UP + "state genuine");
            assertThat(hub.said()).doesNotContain("forged");
        }
    }

    @Test
    void aTerminalCannotReadWhatIsNotItsOwn() throws Exception {
        for (String filter :
                List.of(
                        THEATRE_DOWN + "feed",
                        THEATRE_DOWN + "#",
                        THEATRE_UP + "hello",
                        "hourtap/1/vale/+/down/feed",
                        "hourtap/1/vale/+/down/#",
                        "hourtap/1/+/pool/down/feed",
                        "hourtap/1/vale/pool/#",
                        "hourtap/1/vale/pool/+/feed",
                        "hourtap/1/vale/pool/up/hello",
                        "hourtap/1/#",
                        "hourtap/#",
                        "+/1/vale/theatre/down/feed",
                        "#",
                        "$SYS/#",
                        "$sys.mqtt.sessions",
                        "activemq.notifications")) {
            snoopInVain(filter);
        }
    }

    @Test
    void tricksWithSharesAndQueuesReadNothingAndBreakNothing() throws Exception {
        BlockingQueue<String> arrived = new LinkedBlockingQueue<>();
        try (HubLink link =
                        scene.link((topic, bytes) ->
                                arrived.add(
                                        topic + " " + new String(bytes, StandardCharsets.UTF_8)));
                Mosquitto theatre =
                        Mosquitto.subscribe(scene.theatre, scene.port(), THEATRE_DOWN + "feed")) {
            BrokerScene.await("the hub's link", link::isConnected, () -> "none");
            List<String> tricks = new ArrayList<>();
            for (String share : List.of("x", "hub", "theatre")) {
                for (String filter :
                        List.of(
                                "hourtap/#",
                                THEATRE_DOWN + "feed",
                                "hourtap/1/vale/+/up/+",
                                POOL_DOWN + "feed")) {
                    tricks.add("$share/" + share + "/" + filter);
                }
            }
            tricks.add(POOL_DOWN + "feed::theatre." + THEATRE_DOWN + "feed");
            tricks.add(POOL_DOWN + "feed::hub.hourtap/1/vale/+/up/+");
            for (String trick : tricks) {
                try (Mosquitto snooper = Mosquitto.subscribe(scene.pool, scene.port(), trick)) {
                    assertThat(snooper.said()).as(trick).doesNotContain("SUBACK");
                    assertThat(snooper.received()).as(trick).isEmpty();
                }
            }
            link.publish(BrokerScene.VALE, BrokerScene.THEATRE, HubLinkTest.page(7));
            BrokerScene.await(
                    "the theatre still receives",
                    () -> theatre.said().contains("\"upTo\":7"),
                    theatre::said);
            publish(scene.pool, POOL_UP + "hello", "genuine");
            assertThat(arrived.poll(20, TimeUnit.SECONDS)).isEqualTo(POOL_UP + "hello genuine");
        }
    }

    @Test
    void nobodyConnectsWithoutACertificateOfThisHub(@TempDir Path elsewhere) throws Exception {
        BrokerScene.Credentials none = scene.pool;
        List<String> message = List.of("-t", POOL_UP + "hello", "-m", "forged", "-q", "1");
        List<String> anonymous = new ArrayList<>(message);
        anonymous.addAll(List.of("-i", "pool", "--cafile", none.authority().toString()));
        try (BrokerScene other = BrokerScene.open(elsewhere);
                Mosquitto hub = Mosquitto.subscribe(scene.hub, scene.port(), "hourtap/1/#")) {
            assertThat(Mosquitto.runBare("mosquitto_pub", scene.port(), anonymous).exit())
                    .isNotZero();
            BrokerScene.Credentials foreign =
                    new BrokerScene.Credentials(
                            "pool",
                            other.pool.certificate(),
                            other.pool.key(),
                            scene.pool.authority(),
                            "");
            assertThat(publish(foreign, POOL_UP + "hello", "forged").exit()).isNotZero();
            List<String> plain = new ArrayList<>(message);
            plain.addAll(List.of("-i", "pool"));
            assertThat(Mosquitto.runBare("mosquitto_pub", scene.port(), plain).exit()).isNotZero();
            publish(scene.pool, POOL_UP + "hello", "genuine");
            awaitMessage(hub, POOL_UP + "hello genuine");
            assertThat(hub.said()).doesNotContain("forged");
        }
    }

    @Test
    void nobodyConnectsUnderAnothersName() throws Exception {
        try (Mosquitto hub = Mosquitto.subscribe(scene.hub, scene.port(), "hourtap/1/#")) {
            for (String name : List.of("theatre", "hub", "pool2", "", "POOL")) {
                BrokerScene.Credentials spoof =
                        new BrokerScene.Credentials(
                                name,
                                scene.pool.certificate(),
                                scene.pool.key(),
                                scene.pool.authority(),
                                "");
                assertThat(publish(spoof, THEATRE_UP + "hello", "forged").exit())
                        .as(name)
                        .isNotZero();
                assertThat(publish(spoof, POOL_UP + "hello", "forged").exit()).isNotZero();
            }
            assertThat(
                            publish(
                                            scene.pool,
                                            POOL_UP + "hello",
                                            "forged",
                                            "-u",
                                            "hub",
                                            "-P",
                                            "secret")
                                    .exit())
                    .as("no names but that of the certificate")
                    .isNotZero();
            publish(scene.pool, POOL_UP + "hello", "genuine");
            awaitMessage(hub, POOL_UP + "hello genuine");
            assertThat(hub.said()).doesNotContain("forged");
        }
    }

    @Test
    void aRevokedTerminalIsCutOffAndStaysOut() throws Exception {
        try (Mosquitto pool = Mosquitto.subscribe(scene.pool, scene.port(), POOL_DOWN + "feed")) {
            scene.revokedSerials.add(scene.pool.serial());
            scene.broker().disconnect(new TerminalId("pool"));
            BrokerScene.await(
                    "the broker to refuse it",
                    () -> !pool.isAlive() || pool.said().contains("CONNACK (134)"),
                    pool::said);
            publish(scene.hub, POOL_DOWN + "feed", "secret");
            try (Mosquitto hub = Mosquitto.subscribe(scene.hub, scene.port(), "hourtap/1/#")) {
                assertThat(publish(scene.pool, POOL_UP + "hello", "forged").exit()).isNotZero();
                BrokerScene.Credentials renewed = scene.enrol(BrokerScene.VALE, BrokerScene.POOL);
                assertThat(publish(renewed, POOL_UP + "hello", "genuine").exit()).isZero();
                awaitMessage(hub, POOL_UP + "hello genuine");
                assertThat(hub.said()).doesNotContain("forged");
            }
            assertThat(pool.said()).doesNotContain("secret");
        }
    }

    @Test
    void aRevokedTerminalLosesItsRightsEvenWhileConnected() throws Exception {
        List<String> lines = List.of("-t", POOL_UP + "hello", "-q", "1", "-l");
        try (Mosquitto hub = Mosquitto.subscribe(scene.hub, scene.port(), "hourtap/1/#");
                Mosquitto pool =
                        Mosquitto.start("mosquitto_pub", scene.pool, scene.port(), lines)) {
            pool.type("allowed");
            awaitMessage(hub, POOL_UP + "hello allowed");
            scene.revokedSerials.add(scene.pool.serial());
            pool.type("forged");
            BrokerScene.await(
                    "an answer",
                    () -> pool.said().contains("RC:135") || !pool.isAlive(),
                    pool::said);
            publish(scene.theatre, THEATRE_UP + "hello", "genuine");
            awaitMessage(hub, THEATRE_UP + "hello genuine");
            assertThat(hub.said()).doesNotContain("forged");
        }
    }

    @Test
    void theBrokerLeavesNoFilesBehind() throws Exception {
        Path data = Path.of("data");
        boolean wasThere = Files.exists(data);
        publish(scene.pool, POOL_UP + "hello", "retained", "-r");
        scene.close();
        try (Stream<Path> files = Files.list(folder.resolve("certificates"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "authority.pem",
                            "broker.pem",
                            "hub.pem",
                            "broker-keys.p12",
                            "broker-trust.p12");
        }
        assertThat(Files.exists(data)).as("the broker's default folder").isEqualTo(wasThere);
    }

    @Test
    void aTerminalOfAnotherBookIsAStranger() throws Exception {
        BrokerScene.Credentials guest = scene.enrol(new BookId("other"), new TerminalId("guest"));
        try (Mosquitto hub = Mosquitto.subscribe(scene.hub, scene.port(), "hourtap/1/#")) {
            publish(guest, "hourtap/1/vale/guest/up/hello", "forged");
            publish(guest, "hourtap/1/other/guest/up/hello", "genuine");
            awaitMessage(hub, "hourtap/1/other/guest/up/hello genuine");
            assertThat(hub.said()).doesNotContain("forged");
        }
    }

    @Test
    void theHubsOldAuthorityIsFoundAgain() throws Exception {
        scene.stopBroker();
        CertificateAuthority again =
                CertificateAuthority.open(
                        folder.resolve("certificates"), List.of(), true, SystemTime::wallMicros);
        assertThat(again.authorityPem()).isEqualTo(scene.authority.authorityPem());
        try (EmbeddedBroker broker =
                EmbeddedBroker.start(
                        "127.0.0.1", 0, again, terminal -> true, SystemTime::bootMicros)) {
            assertThat(
                            Mosquitto.publish(scene.pool, broker.port(), POOL_UP + "hello", "again")
                                    .exit())
                    .isZero();
        }
    }

    private void snoopInVain(String filter) throws Exception {
        try (Mosquitto snooper =
                        Mosquitto.subscribe(scene.pool, scene.port(), POOL_DOWN + "feed", filter);
                Mosquitto theatre =
                        Mosquitto.subscribe(scene.theatre, scene.port(), THEATRE_DOWN + "feed")) {
            publish(scene.hub, THEATRE_DOWN + "feed", "secret");
            awaitMessage(theatre, THEATRE_DOWN + "feed secret");
            publish(scene.hub, POOL_DOWN + "feed", "mine");
            awaitMessage(snooper, POOL_DOWN + "feed mine");
            assertThat(snooper.said()).as(filter).contains("Subscribed (mid: 1): 1, 135");
            assertThat(snooper.received()).as(filter).containsExactly(POOL_DOWN + "feed mine");
        }
    }

    private void leaveWill(String topic, String text) throws Exception {
        List<String> will = List.of("--will-topic", topic, "--will-payload", text);
        try (Mosquitto pool =
                Mosquitto.start(
                        "mosquitto_sub",
                        scene.pool,
                        scene.port(),
                        Stream.concat(will.stream(), Stream.of("-t", POOL_DOWN + "feed"))
                                .toList())) {
            pool.awaitAnswer();
            pool.kill();
        }
    }

    private Mosquitto.Outcome publish(
            BrokerScene.Credentials who, String topic, String text, String... more)
            throws Exception {
        return Mosquitto.publish(who, scene.port(), topic, text, more);
    }

    private static void awaitMessage(Mosquitto client, String line) {
        BrokerScene.await(line, () -> client.received().contains(line), client::said);
    }
}
