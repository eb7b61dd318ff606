package org.hourtap.server.mqtt;

import org.apache.activemq.artemis.core.security.CheckType;
import org.hourtap.contract.Codec;
import org.hourtap.contract.Topics;
import org.hourtap.server.certificates.Holder;

/// What each holder of a certificate may do at the embedded broker. Names are compared whole: a
/// wildcard is never matched against a rule, it is either one of the few filters a terminal needs
/// or refused.
final class AccessRules {
    private static final String OURS = "hourtap/" + Codec.VERSION + "/";
    private static final String SHARE = "$share/";

    /// How the broker addresses one queue directly, past the topic in front of it.
    private static final String QUEUE_MARK = "::";

    private AccessRules() {}

    /// @param topic from a PUBLISH or a will
    static boolean maySend(Holder holder, String topic) {
        return switch (holder) {
            case Holder.Hub _ -> topic.startsWith(OURS) && isPlain(topic) && !isPattern(topic);
            case Holder.Terminal terminal ->
                    topic.startsWith(Topics.upPrefix(terminal.book(), terminal.terminal()))
                            && Topics.parse(topic).isPresent();
        };
    }

    /// @param filter from a SUBSCRIBE
    static boolean mayReceive(Holder holder, String filter) {
        return switch (holder) {
            case Holder.Hub _ -> filter.startsWith(OURS) && isPlain(filter);
            case Holder.Terminal terminal -> {
                String down = Topics.downPrefix(terminal.book(), terminal.terminal());
                yield filter.equals(down + "#")
                        || filter.equals(down + "+")
                        || filter.equals(Topics.head(terminal.book()))
                        || (filter.startsWith(down) && Topics.parse(filter).isPresent());
            }
        };
    }

    /// Whether a filter is of a kind that the broker must not even look at. A terminal's share name
    /// or `::` could name another's queue, which the broker deletes when it then finds that the
    /// terminal may not read it.
    static boolean isTrick(Holder holder, String filter) {
        return !isPlain(filter) || (filter.startsWith(SHARE) && holder instanceof Holder.Terminal);
    }

    /// @param address what the broker is about to touch: an address, or `address::queue`
    static boolean mayUse(Holder holder, CheckType right, String address) {
        int mark = address.indexOf(QUEUE_MARK);
        String topic = mark < 0 ? address : address.substring(0, mark);
        String queue = mark < 0 ? "" : address.substring(mark + QUEUE_MARK.length());
        return switch (right) {
            case SEND -> mark < 0 && maySend(holder, topic);
            case CREATE_ADDRESS ->
                    mark < 0 && (maySend(holder, topic) || mayReceive(holder, topic));
            case CONSUME,
                    BROWSE,
                    CREATE_DURABLE_QUEUE,
                    DELETE_DURABLE_QUEUE,
                    CREATE_NON_DURABLE_QUEUE,
                    DELETE_NON_DURABLE_QUEUE ->
                    mayReceive(holder, topic) && isOwnQueue(holder, topic, queue);
            case DELETE_ADDRESS, MANAGE, VIEW, EDIT -> false;
        };
    }

    /// The broker names a subscription's queue `{client id}.{filter}`, a shared one's `{share
    /// name}.{filter}`; ids have no dot in them.
    private static boolean isOwnQueue(Holder holder, String filter, String queue) {
        return switch (holder) {
            case Holder.Hub _ -> queue.isEmpty() || queue.endsWith("." + filter);
            case Holder.Terminal _ -> queue.isEmpty() || queue.equals(holder.name() + "." + filter);
        };
    }

    private static boolean isPlain(String text) {
        return !text.contains(QUEUE_MARK) && text.indexOf('\\') < 0;
    }

    private static boolean isPattern(String topic) {
        return topic.indexOf('+') >= 0 || topic.indexOf('#') >= 0;
    }
}
