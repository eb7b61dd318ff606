package org.hourtap.tap;

import java.util.ArrayList;
import java.util.List;
import org.hourtap.contract.EventBatch;
import org.hourtap.contract.Message;

/// Keeps what a forwarder sends.
final class Wire implements HubUplink {
    final List<Message.Upward> sent = new ArrayList<>();
    final List<String> resets = new ArrayList<>();

    @Override
    public void send(Message.Upward message) {
        sent.add(message);
    }

    @Override
    public void reset(String reason) {
        resets.add(reason);
    }

    List<EventBatch> batches() {
        return sent.stream()
                .filter(EventBatch.class::isInstance)
                .map(EventBatch.class::cast)
                .toList();
    }
}
