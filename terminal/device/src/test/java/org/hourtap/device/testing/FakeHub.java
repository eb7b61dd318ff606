package org.hourtap.device.testing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hourtap.contract.Codec;
import org.hourtap.contract.EventBatch;
import org.hourtap.contract.EventOutcome;
import org.hourtap.contract.FeedPage;
import org.hourtap.contract.FeedRequest;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.Hello;
import org.hourtap.contract.MalformedMessageException;
import org.hourtap.contract.Message;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TerminalReport;
import org.hourtap.contract.TransferId;
import org.hourtap.tap.HubUplink;

/// A hub in memory, at the other end of the wire: it keeps each tap once, by id, counts past gaps
/// the terminal says are lost, and answers with pages.
public final class FakeHub implements HubUplink {
    public final Map<TransferId, TapEvent> ledger = new LinkedHashMap<>();
    public final Deque<FeedPage> answers = new ArrayDeque<>();
    public final List<String> resets = new ArrayList<>();
    public final List<Message.Upward> heard = new ArrayList<>();

    private final List<FeedRow> feed = new ArrayList<>();
    private long lastSequence;

    /// Whether messages get through.
    public boolean isPlugged = true;

    public void publish(FeedRow... rows) {
        feed.addAll(List.of(rows));
    }

    @Override
    public void send(Message.Upward message) {
        if (!isPlugged) {
            return;
        }
        heard.add(message);
        switch (message) {
            case Hello hello -> answer(hello.cursor(), List.of());
            case FeedRequest request -> answer(request.since(), List.of());
            case EventBatch batch -> take(batch);
            case TerminalReport _ -> {}
        }
    }

    @Override
    public void reset(String reason) {
        resets.add(reason);
    }

    private void take(EventBatch batch) {
        List<TapEvent> events = batch.events().stream().map(FakeHub::decoded).toList();
        long first = events.getFirst().sequence();
        if (first <= lastSequence + 1 || first == batch.oldestHeld()) {
            for (TapEvent event : events) {
                ledger.putIfAbsent(event.id(), event);
                lastSequence = Math.max(lastSequence, event.sequence());
            }
        }
        boolean isTaken = events.getLast().sequence() <= lastSequence;
        answer(
                feed.size(),
                isTaken
                        ? List.of(
                                new EventOutcome(
                                        events.getLast().sequence(),
                                        EventOutcome.Outcome.POSTED,
                                        ""))
                        : List.of());
    }

    private void answer(long cursor, List<EventOutcome> outcomes) {
        int from = (int) Math.min(cursor, feed.size());
        answers.add(
                new FeedPage(
                        lastSequence,
                        outcomes,
                        from,
                        feed.size(),
                        false,
                        feed.subList(from, feed.size()),
                        Taps.MORNING));
    }

    private static TapEvent decoded(String text) {
        try {
            return Codec.decodeEvent(text);
        } catch (MalformedMessageException e) {
            throw new AssertionError("the terminal sent what is no tap", e);
        }
    }
}
