package org.hourtap.server.mqtt;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.activemq.artemis.api.core.ActiveMQDisconnectedException;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.WildcardConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.hourtap.contract.TerminalId;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.certificates.CertificateAuthority;
import org.hourtap.server.certificates.TlsStores;
import org.jspecify.annotations.Nullable;

/// The broker inside the hub: Artemis, MQTT over mutual TLS and nothing else, in memory only. The
/// ledger and the terminals' outboxes are durable, so a broker that forgets on a restart loses
/// nothing, starts fast and wears no disk.
///
/// Publishing where one may not is answered with "not authorized" in MQTT 5; a client of an older
/// version, which cannot be told, is cut off rather than told a lie.
public final class EmbeddedBroker implements AutoCloseable {
    /// Largest packet; a full batch of taps takes 180 KB before compression.
    public static final int PACKET_BYTES_MAX = 1 << 20;

    /// Several times the largest scheme we plan for (500 terminals).
    private static final long CONNECTIONS_MAX = 2000;

    /// What may wait at one topic, and in all. More is dropped: terminals keep what the hub has not
    /// acknowledged, and pull what they have missed.
    private static final long TOPIC_BYTES_MAX = 20L << 20;

    private static final long TOPIC_MESSAGES_MAX = 10_000;
    private static final long WAITING_BYTES_MAX = 64L << 20;

    /// Two network threads serve hundreds of terminals that send a message a minute.
    private static final int NETWORK_THREADS = 2;

    private static final int WORKER_THREADS_MAX = 8;
    private static final int TIMER_THREADS_MAX = 2;
    private static final long SESSION_SCAN_MILLIS = 5000;

    private static final String ACCEPTOR = "mqtt";

    /// The broker warns of every stranger who fails to connect, so a stranger could fill the log;
    /// its banners are of no use to anyone here. Kept, because loggers nobody holds forget levels.
    private static final Logger BROKER_LOG = Logger.getLogger("org.apache.activemq");

    private final ActiveMQServer server;
    private final int port;

    private EmbeddedBroker(ActiveMQServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /// Starts the broker; it serves when this returns.
    ///
    /// @param host the address to listen on
    /// @param port 0 for any free one
    /// @param micros a clock that never goes back, microseconds
    /// @throws BrokerProblem if it cannot listen there, with what to do
    public static EmbeddedBroker start(
            String host,
            int port,
            CertificateAuthority certificates,
            Admission admission,
            LongSupplier micros)
            throws IOException, BrokerProblem {
        BROKER_LOG.setLevel(Level.SEVERE);
        requireFree(host, port);
        Configuration configuration = configuration(host, port, certificates.brokerStores());
        ActiveMQServer server =
                new ActiveMQServerImpl(configuration, null, new CertificateSecurity(admission));
        server.addProtocolManagerFactory(new BoundedMqtt(new PacketGate(micros)));
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        server.registerActivationFailureListener(failure::set);
        try {
            server.start();
            if (failure.get() == null
                    && server.getRemotingService().getAcceptor(ACCEPTOR)
                            instanceof NettyAcceptor acceptor
                    && acceptor.isStarted()) {
                return new EmbeddedBroker(server, acceptor.getActualPort());
            }
        } catch (Exception e) {
            failure.compareAndSet(null, e);
        }
        stop(server);
        throw cannotListen(host, port, failure.get());
    }

    /// @return where it listens
    public int port() {
        return port;
    }

    /// Ends a terminal's connection, if it has one. Revoke it first, or it is back at once.
    public void disconnect(TerminalId terminal) {
        for (RemotingConnection connection : server.getRemotingService().getConnections()) {
            if (terminal.value().equals(connection.getClientID())) {
                connection.fail(new ActiveMQDisconnectedException("revoked"));
            }
        }
    }

    @Override
    public void close() {
        stop(server);
    }

    private static void stop(ActiveMQServer server) {
        try {
            server.stop();
        } catch (Exception e) {
            System.getLogger(EmbeddedBroker.class.getName())
                    .log(System.Logger.Level.WARNING, "The broker did not stop cleanly.", e);
        }
    }

    private static Configuration configuration(String host, int port, TlsStores stores) {
        AddressSettings topics = new AddressSettings();
        topics.setDefaultAddressRoutingType(RoutingType.MULTICAST);
        topics.setAutoCreateAddresses(true).setAutoCreateQueues(true);
        topics.setMaxSizeBytes(TOPIC_BYTES_MAX).setMaxSizeMessages(TOPIC_MESSAGES_MAX);
        topics.setAddressFullMessagePolicy(AddressFullMessagePolicy.DROP);
        Configuration configuration = new ConfigurationImpl();
        configuration.setName("hourtap");
        configuration.setPersistenceEnabled(false);
        configuration.setSecurityEnabled(true);
        // Cached answers would go by user name, which nobody has here, and outlive a revocation.
        configuration.setAuthenticationCacheSize(0).setAuthorizationCacheSize(0);
        // This user may do anything, so nobody must know the password.
        configuration.setClusterPassword(HexFormat.of().formatHex(SystemTime.randomBytes(20)));
        configuration.setJMXManagementEnabled(false).setMessageCounterEnabled(false);
        configuration.setCriticalAnalyzer(false);
        configuration.setWildCardConfiguration(
                new WildcardConfiguration().setDelimiter('/').setSingleWord('+').setAnyWords('#'));
        configuration.setGlobalMaxSize(WAITING_BYTES_MAX).setMaxDiskUsage(-1);
        configuration.setMqttSessionScanInterval(SESSION_SCAN_MILLIS);
        configuration.setThreadPoolMaxSize(WORKER_THREADS_MAX);
        configuration.setScheduledThreadPoolMaxSize(TIMER_THREADS_MAX);
        configuration.setResolveProtocols(false);
        configuration.addAddressSetting("#", topics);
        configuration.addAcceptorConfiguration(acceptor(host, port, stores));
        return configuration;
    }

    private static TransportConfiguration acceptor(String host, int port, TlsStores stores) {
        Map<String, Object> transport = new HashMap<>();
        transport.put(TransportConstants.HOST_PROP_NAME, host);
        transport.put(TransportConstants.PORT_PROP_NAME, port);
        transport.put(TransportConstants.PROTOCOLS_PROP_NAME, "MQTT");
        transport.put(TransportConstants.SSL_ENABLED_PROP_NAME, true);
        transport.put(TransportConstants.NEED_CLIENT_AUTH_PROP_NAME, true);
        transport.put(TransportConstants.ENABLED_PROTOCOLS_PROP_NAME, "TLSv1.3,TLSv1.2");
        transport.put(TransportConstants.KEYSTORE_TYPE_PROP_NAME, "PKCS12");
        transport.put(TransportConstants.KEYSTORE_PATH_PROP_NAME, stores.keys().toString());
        transport.put(TransportConstants.KEYSTORE_PASSWORD_PROP_NAME, stores.password());
        transport.put(TransportConstants.TRUSTSTORE_TYPE_PROP_NAME, "PKCS12");
        transport.put(TransportConstants.TRUSTSTORE_PATH_PROP_NAME, stores.trust().toString());
        transport.put(TransportConstants.TRUSTSTORE_PASSWORD_PROP_NAME, stores.password());
        transport.put(TransportConstants.CONNECTIONS_ALLOWED, CONNECTIONS_MAX);
        transport.put(TransportConstants.REMOTING_THREADS_PROPNAME, NETWORK_THREADS);
        // The same everywhere, and no native library to load.
        transport.put(TransportConstants.USE_EPOLL_PROP_NAME, false);
        Map<String, Object> mqtt = new HashMap<>();
        mqtt.put("maximumPacketSize", PACKET_BYTES_MAX);
        // Paho loses messages to stale aliases.
        mqtt.put("topicAliasMaximum", 0);
        return new TransportConfiguration(
                NettyAcceptorFactory.class.getName(), transport, ACCEPTOR, mqtt);
    }

    /// Looks first, because the broker itself reports a taken port only in its log.
    private static void requireFree(String host, int port) throws BrokerProblem {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (UnknownHostException e) {
            throw new BrokerProblem(
                    "The broker cannot listen on '" + host + "': no such host. Set mqtt.host.", e);
        } catch (IOException e) {
            throw cannotListen(host, port, e);
        }
    }

    private static BrokerProblem cannotListen(String host, int port, @Nullable Exception cause) {
        return new BrokerProblem(
                "The broker cannot listen on "
                        + host
                        + " port "
                        + port
                        + (cause == null ? "" : " (" + cause.getMessage() + ")")
                        + ". If another program uses the port, stop it or set mqtt.port to"
                        + " another one.",
                cause);
    }
}
