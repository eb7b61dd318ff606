package org.hourtap.server.mqtt;

import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTInterceptor;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.hourtap.server.certificates.Holder;

/// Looks at packets before the broker does, and cuts the connection of whoever sends one that the
/// broker's own checks see too late or not at all: shared subscriptions, queues addressed past
/// their topic, wills for other topics, more filters than anyone needs.
final class PacketGate implements MQTTInterceptor {
    private static final System.Logger LOG = System.getLogger(PacketGate.class.getName());

    /// The hub subscribes to one filter a book, a terminal to one.
    private static final int FILTERS_MAX = 1000;

    private final OccasionalWarning refused;

    PacketGate(LongSupplier micros) {
        this.refused = new OccasionalWarning(LOG, micros);
    }

    @Override
    public boolean intercept(MqttMessage packet, RemotingConnection connection) {
        Optional<Holder> holder = CertificateSecurity.holderOf(connection);
        if (holder.isPresent() && isHarmless(packet, holder.get())) {
            return true;
        }
        String who = holder.map(Holder::name).orElse("a stranger");
        refused.count(
                "Cut off "
                        + who
                        + " at "
                        + connection.getRemoteAddress()
                        + ": it sent a "
                        + packet.fixedHeader().messageType()
                        + " that no program of ours sends");
        // The broker forgets the packet after a refusal, and its memory with it.
        ReferenceCountUtil.release(packet);
        return false;
    }

    private static boolean isHarmless(MqttMessage packet, Holder holder) {
        return switch (packet) {
            case MqttConnectMessage connect ->
                    !connect.variableHeader().isWillFlag()
                            || AccessRules.maySend(holder, connect.payload().willTopic());
            case MqttPublishMessage publish ->
                    !AccessRules.isTrick(holder, publish.variableHeader().topicName());
            case MqttSubscribeMessage subscribe ->
                    subscribe.payload().topicSubscriptions().size() <= FILTERS_MAX
                            && subscribe.payload().topicSubscriptions().stream()
                                    .noneMatch(
                                            one -> AccessRules.isTrick(holder, one.topicFilter()));
            case MqttUnsubscribeMessage unsubscribe ->
                    unsubscribe.payload().topics().stream()
                            .noneMatch(filter -> AccessRules.isTrick(holder, filter));
            default -> true;
        };
    }
}
