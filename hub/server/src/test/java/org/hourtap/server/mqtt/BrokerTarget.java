package org.hourtap.server.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.apache.activemq.artemis.core.security.CheckType;
import org.hourtap.contract.Topics;
import org.hourtap.server.certificates.Holder;

/// A terminal's certificate in the wrong hands: packets of any kind at the broker, after which
/// another terminal is still let in; and names of any kind at the rules.
public final class BrokerTarget implements AutoCloseable {
    private static final Holder.Terminal POOL =
            new Holder.Terminal(BrokerScene.VALE, BrokerScene.POOL, "1");

    /// The broker's own: each client that leaves in the middle is an error to it.
    private static final Logger NOISE =
            Logger.getLogger("org.apache.activemq.artemis.core.protocol.mqtt");

    private static final char[] NO_PASSWORD = {};
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int CONNACK = 0x20;

    private final BrokerScene scene;
    private final SSLContext hostile;
    private final SSLContext honest;

    public BrokerTarget(Path folder) throws Exception {
        NOISE.setLevel(Level.OFF);
        scene = BrokerScene.open(folder);
        hostile = context(scene.pool);
        honest = context(scene.theatre);
    }

    /// An even first byte sends a sound CONNECT ahead of the rest.
    public void attackPackets(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        try (SSLSocket socket = socket(hostile)) {
            if (input[0] % 2 == 0) {
                socket.getOutputStream().write(connect("pool"));
            }
            socket.getOutputStream().write(input, 1, input.length - 1);
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readNBytes(input.length + 64)).isNotNull();
        } catch (java.net.SocketException e) {
            assertThat(e.getMessage()).isNotBlank(); // cut off
        }
        try (SSLSocket socket = socket(honest)) {
            socket.getOutputStream().write(connect("theatre"));
            InputStream in = socket.getInputStream();
            assertThat(in.read()).as("a CONNACK").isEqualTo(CONNACK);
            in.readNBytes(2);
            assertThat(in.read()).as("its reason").isZero();
        }
    }

    /// Whatever a terminal names, it reaches nothing but its own, and to read, its book's head.
    public void attackRules(byte[] input) {
        String name = new String(input, StandardCharsets.UTF_8);
        String up = Topics.upPrefix(BrokerScene.VALE, BrokerScene.POOL);
        String down = Topics.downPrefix(BrokerScene.VALE, BrokerScene.POOL);
        if (AccessRules.maySend(POOL, name)) {
            Optional<Topics.Topic> topic = Topics.parse(name);
            assertThat(name).startsWith(up).doesNotContain("::");
            assertThat(topic.map(Topics.Topic::terminal)).contains(BrokerScene.POOL);
        }
        String head = Topics.head(BrokerScene.VALE);
        if (AccessRules.mayReceive(POOL, name) && !name.equals(head)) {
            assertThat(name).startsWith(down).doesNotContain("::");
            assertThat(name.substring(down.length())).matches("[#+]|feed");
        }
        for (CheckType right : CheckType.values()) {
            if (AccessRules.mayUse(POOL, right, name)) {
                int mark = name.indexOf("::");
                String topic = mark < 0 ? name : name.substring(0, mark);
                boolean isHead = topic.equals(head) && right != CheckType.SEND;
                assertThat(isHead || topic.startsWith(up) || topic.startsWith(down))
                        .as("%s %s", right, name)
                        .isTrue();
                String queue = mark < 0 ? "" : name.substring(mark + 2); // none named is no harm
                assertThat(queue).as(name).matches("|pool\\..*");
            }
        }
    }

    private SSLSocket socket(SSLContext context) throws IOException {
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", scene.port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static byte[] connect(String clientId) {
        byte[] id = clientId.getBytes(StandardCharsets.UTF_8);
        ByteBuffer packet = ByteBuffer.allocate(15 + id.length);
        packet.put((byte) 0x10).put((byte) (13 + id.length));
        packet.putShort((short) 4).put("MQTT".getBytes(StandardCharsets.UTF_8)).put((byte) 5);
        packet.put((byte) 2).putShort((short) 20).put((byte) 0);
        return packet.putShort((short) id.length).put(id).array();
    }

    private static SSLContext context(BrokerScene.Credentials credentials)
            throws GeneralSecurityException, IOException {
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry(
                "own",
                key(credentials.key()),
                NO_PASSWORD,
                new Certificate[] {certificate(credentials.certificate())});
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(own, NO_PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", certificate(credentials.authority()));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static Certificate certificate(Path pem) throws GeneralSecurityException, IOException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(pem)));
    }

    private static PrivateKey key(Path pem) throws GeneralSecurityException, IOException {
        String base64 = Files.readString(pem).replaceAll("-----[A-Z ]+-----|\\s", "");
        return KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }

    @Override
    public void close() {
        scene.close();
        NOISE.setLevel(null);
    }
}
