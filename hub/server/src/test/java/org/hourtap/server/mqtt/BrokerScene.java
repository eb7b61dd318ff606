package org.hourtap.server.mqtt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.hourtap.contract.BookId;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.Topics;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.certificates.CertificateAuthority;
import org.hourtap.server.certificates.CertificateProblem;

/// A hub's broker with two enrolled terminals, whose credentials are PEM files as any foreign
/// program takes them.
final class BrokerScene implements AutoCloseable {
    static final BookId VALE = new BookId("vale");
    static final TerminalId POOL = new TerminalId("pool");
    static final TerminalId THEATRE = new TerminalId("theatre");

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final Set<String> revokedSerials = ConcurrentHashMap.newKeySet();
    final CertificateAuthority authority;
    final Credentials pool;
    final Credentials theatre;
    final Credentials hub;
    private final Path folder;
    private EmbeddedBroker broker;

    /// What a client connects with.
    record Credentials(
            String clientId, Path certificate, Path key, Path authority, String serial) {}

    private BrokerScene(Path folder)
            throws IOException, CertificateProblem, BrokerProblem, GeneralSecurityException {
        this.folder = folder;
        Path own = folder.resolve("certificates");
        authority = CertificateAuthority.open(own, Set.of(), false, SystemTime::wallMicros);
        pool = enrol(VALE, POOL);
        theatre = enrol(VALE, THEATRE);
        Path trusted = Files.writeString(folder.resolve("hub-ca.pem"), authority.authorityPem());
        hub = new Credentials("hub", own.resolve("hub.pem"), own.resolve("hub.pem"), trusted, "");
        broker = start(0);
    }

    static BrokerScene open(Path folder) throws Exception {
        return new BrokerScene(folder);
    }

    Credentials enrol(BookId book, TerminalId terminal)
            throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        CertificateAuthority.Issued issued =
                authority.issue(book, terminal, pair.getPublic().getEncoded());
        String name = terminal + "-" + issued.serial();
        String key =
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n";
        return new Credentials(
                terminal.value(),
                Files.writeString(folder.resolve(name + ".crt"), issued.pem()),
                Files.writeString(folder.resolve(name + ".key"), key),
                Files.writeString(folder.resolve(name + "-ca.crt"), authority.authorityPem()),
                issued.serial());
    }

    int port() {
        return broker.port();
    }

    EmbeddedBroker broker() {
        return broker;
    }

    void stopBroker() {
        broker.close();
    }

    void startBrokerAgain() throws IOException, BrokerProblem {
        broker = start(broker.port());
    }

    HubLink link(BiConsumer<Topics.Topic, byte[]> incoming) {
        String url = "ssl://localhost:" + port();
        return HubLink.start(
                new HubLink.Broker(url, "hub", authority.hubContext()),
                Set.of(VALE),
                incoming,
                SystemTime::bootMicros,
                SystemTime::randomLong);
    }

    static void await(String what, BooleanSupplier condition, Supplier<?> found) {
        long end = SystemTime.bootMicros() + PATIENCE.toNanos() / 1000;
        while (!condition.getAsBoolean()) {
            if (SystemTime.bootMicros() > end) {
                throw new AssertionError("waited in vain: " + what + "; found " + found.get());
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    @Override
    public void close() {
        broker.close();
    }

    private EmbeddedBroker start(int port) throws IOException, BrokerProblem {
        return EmbeddedBroker.start(
                "127.0.0.1",
                port,
                authority,
                terminal -> !revokedSerials.contains(terminal.serial()),
                SystemTime::bootMicros);
    }
}
