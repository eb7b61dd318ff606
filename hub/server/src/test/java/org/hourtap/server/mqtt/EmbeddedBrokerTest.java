package org.hourtap.server.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.hourtap.runtime.SystemTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EmbeddedBrokerTest {
    private static final String POOL_UP = "hourtap/1/vale/pool/up/";
    private static final String POOL_DOWN = "hourtap/1/vale/pool/down/feed";

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

    private EmbeddedBroker start(String host, int port) throws IOException, BrokerProblem {
        return EmbeddedBroker.start(
                host, port, scene.authority, terminal -> true, SystemTime::bootMicros);
    }

    @Test
    void aPortInUseIsNamedWithWhatToSet() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThatExceptionOfType(BrokerProblem.class)
                    .isThrownBy(() -> start("127.0.0.1", port))
                    .withMessageContaining("port " + port)
                    .withMessageContaining("mqtt.port");
        }
        assertThatExceptionOfType(BrokerProblem.class)
                .as("another hub's broker")
                .isThrownBy(() -> start("127.0.0.1", scene.port()))
                .withMessageContaining("port " + scene.port());
    }

    @Test
    void aHostThatIsNotThisMachinesIsNamed() {
        assertThatExceptionOfType(BrokerProblem.class)
                .isThrownBy(() -> start("no.such.host.invalid", 0))
                .withMessageContaining("mqtt.host");
        assertThatExceptionOfType(BrokerProblem.class)
                .isThrownBy(() -> start("192.0.2.1", 0))
                .withMessageContaining("192.0.2.1");
    }

    @Test
    void aPacketAboveTheLimitIsRefusedAndOneBelowArrives() throws Exception {
        Path small = Files.write(folder.resolve("small"), new byte[900_000]);
        Path large = Files.write(folder.resolve("large"), new byte[1_100_000]);
        try (Mosquitto hub =
                Mosquitto.start(
                        "mosquitto_sub",
                        scene.hub,
                        scene.port(),
                        List.of("-t", "hourtap/1/#", "-F", "hourtap/ %l bytes"))) {
            hub.awaitAnswer();
            for (Path file : List.of(large, small)) {
                Mosquitto.run(
                        "mosquitto_pub",
                        scene.pool,
                        scene.port(),
                        List.of("-t", POOL_UP + "hello", "-f", file.toString(), "-q", "1"));
            }
            BrokerScene.await(
                    "the small one", () -> hub.received().size() == 1, () -> hub.received().size());
            assertThat(hub.received()).containsExactly("hourtap/ 900000 bytes");
        }
    }

    @Test
    void aClientThatAnnouncesAHugePacketIsCutBeforeItIsCollected() throws Exception {
        try (SSLSocket socket =
                (SSLSocket)
                        scene.authority
                                .hubContext()
                                .getSocketFactory()
                                .createSocket("127.0.0.1", scene.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(connect("hub"));
            socket.getOutputStream().flush();
            assertThat(socket.getInputStream().read()).as("a CONNACK").isEqualTo(0x20);
            // A PUBLISH whose header says that 200 MB follow; they never do.
            socket.getOutputStream()
                    .write(new byte[] {0x30, (byte) 0x80, (byte) 0x84, (byte) 0xaf, 0x5f});
            socket.getOutputStream().flush();
            byte[] rest = socket.getInputStream().readAllBytes();
            assertThat(rest).as("at most a good-bye, then the end").hasSizeLessThan(100);
        }
    }

    @Test
    void whatWaitsForAnAbsentTerminalIsBounded() throws Exception {
        List<String> lasting = new ArrayList<>(List.of("-t", POOL_DOWN, "-q", "1"));
        lasting.addAll(List.of("-c", "-x", "3600", "-F", "hourtap/ %l"));
        List<String> once = new ArrayList<>(lasting);
        once.add("-E");
        Mosquitto.Outcome subscribed =
                Mosquitto.run("mosquitto_sub", scene.pool, scene.port(), once);
        assertThat(subscribed.exit()).as(subscribed.said()).isZero();
        Path page = Files.write(folder.resolve("page"), new byte[1_000_000]);
        List<String> send = List.of("-t", POOL_DOWN, "-f", page.toString(), "-q", "1");
        for (int i = 0; i < 40; i++) {
            Mosquitto.Outcome sent = Mosquitto.run("mosquitto_pub", scene.hub, scene.port(), send);
            assertThat(sent.exit()).as("the hub is not cut off").isZero();
        }
        try (Mosquitto back = Mosquitto.start("mosquitto_sub", scene.pool, scene.port(), lasting)) {
            BrokerScene.await("what was kept", () -> back.received().size() >= 15, back::said);
            Mosquitto.publish(scene.hub, scene.port(), POOL_DOWN, "last");
            BrokerScene.await(
                    "the newest", () -> back.received().contains("hourtap/ 4"), back::said);
            assertThat(back.received()).hasSizeLessThan(25);
        }
    }

    @Test
    void theBrokerStopsAndItsPortIsFreeAgain() throws Exception {
        int port = scene.port();
        scene.close();
        try (ServerSocket again = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(again.getLocalPort()).isEqualTo(port);
        }
    }

    private static byte[] connect(String clientId) {
        byte[] id = clientId.getBytes(StandardCharsets.UTF_8);
        ByteBuffer packet = ByteBuffer.allocate(15 + id.length);
        packet.put((byte) 0x10).put((byte) (13 + id.length));
        packet.putShort((short) 4).put("MQTT".getBytes(StandardCharsets.UTF_8)).put((byte) 5);
        packet.put((byte) 2).putShort((short) 20).put((byte) 0);
        return packet.putShort((short) id.length).put(id).array();
    }
}
