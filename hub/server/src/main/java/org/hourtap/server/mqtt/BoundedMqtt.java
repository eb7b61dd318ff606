package org.hourtap.server.mqtt;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.mqtt.MqttDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.activemq.artemis.api.core.ActiveMQBuffer;
import org.apache.activemq.artemis.api.core.BaseInterceptor;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTInterceptor;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTProtocolManager;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTProtocolManagerFactory;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTRoutingHandler;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyServerConnection;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.spi.core.protocol.ConnectionEntry;
import org.apache.activemq.artemis.spi.core.protocol.ProtocolManager;
import org.apache.activemq.artemis.spi.core.protocol.ProtocolManagerFactory;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.remoting.Acceptor;
import org.apache.activemq.artemis.spi.core.remoting.Connection;

/// The broker's MQTT behind our gate, and with a limit on what a connection may make it buffer. By
/// itself it collects up to 256 MB before it looks at the size; four hostile terminals would fill
/// the hub's memory.
@SuppressWarnings("rawtypes") // the broker's interfaces are
final class BoundedMqtt extends MQTTProtocolManagerFactory {
    /// Above the limit that the broker announces and answers for politely, so that a mistake is
    /// told and only a flood is cut.
    static final int BUFFERED_BYTES_MAX = 2 * EmbeddedBroker.PACKET_BYTES_MAX;

    private final PacketGate gate;

    BoundedMqtt(PacketGate gate) {
        this.gate = gate;
    }

    @Override
    public ProtocolManager<MQTTInterceptor, MQTTRoutingHandler> createProtocolManager(
            ActiveMQServer server,
            Map<String, Object> parameters,
            List<BaseInterceptor> incoming,
            List<BaseInterceptor> outgoing)
            throws Exception {
        return new Bounded(
                (MQTTProtocolManager)
                        super.createProtocolManager(
                                server, parameters, gatedBefore(gate, incoming), outgoing),
                gate);
    }

    /// The gate is there from the first packet on, whatever else looks at packets.
    private static List<BaseInterceptor> gatedBefore(
            PacketGate gate, List<BaseInterceptor> others) {
        List<BaseInterceptor> all = new ArrayList<>();
        all.add(gate);
        all.addAll(others);
        return all;
    }

    /// Everything as it was, but for the decoder.
    private record Bounded(MQTTProtocolManager mqtt, PacketGate gate)
            implements ProtocolManager<MQTTInterceptor, MQTTRoutingHandler> {
        @Override
        public void addChannelHandlers(ChannelPipeline pipeline) {
            mqtt.addChannelHandlers(pipeline);
            pipeline.replace(MqttDecoder.class, null, new MqttDecoder(BUFFERED_BYTES_MAX));
        }

        @Override
        @SuppressWarnings("unchecked") // it makes this type
        public ProtocolManagerFactory<MQTTInterceptor> getFactory() {
            return mqtt.getFactory();
        }

        @Override
        @SuppressWarnings("unchecked") // declared raw
        public void updateInterceptors(
                List<BaseInterceptor> incoming, List<BaseInterceptor> outgoing) {
            mqtt.updateInterceptors(gatedBefore(gate, incoming), outgoing);
        }

        @Override
        public ConnectionEntry createConnectionEntry(Acceptor acceptor, Connection connection) {
            return mqtt.createConnectionEntry(acceptor, connection);
        }

        @Override
        public void removeHandler(String name) {
            mqtt.removeHandler(name);
        }

        @Override
        public void handleBuffer(RemotingConnection connection, ActiveMQBuffer buffer) {
            mqtt.handleBuffer(connection, buffer);
        }

        @Override
        public boolean isProtocol(byte[] start) {
            return mqtt.isProtocol(start);
        }

        @Override
        public boolean acceptsNoHandshake() {
            return mqtt.acceptsNoHandshake();
        }

        @Override
        public void handshake(NettyServerConnection connection, ActiveMQBuffer buffer) {
            mqtt.handshake(connection, buffer);
        }

        @Override
        public List<String> websocketSubprotocolIdentifiers() {
            return mqtt.websocketSubprotocolIdentifiers();
        }

        @Override
        public void setAnycastPrefix(String prefix) {
            mqtt.setAnycastPrefix(prefix);
        }

        @Override
        public void setMulticastPrefix(String prefix) {
            mqtt.setMulticastPrefix(prefix);
        }

        @Override
        public Map<SimpleString, RoutingType> getPrefixes() {
            return mqtt.getPrefixes();
        }

        @Override
        public void setSecurityDomain(String domain) {
            mqtt.setSecurityDomain(domain);
        }

        @Override
        public String getSecurityDomain() {
            return mqtt.getSecurityDomain();
        }

        @Override
        public MQTTRoutingHandler getRoutingHandler() {
            return mqtt.getRoutingHandler();
        }
    }
}
