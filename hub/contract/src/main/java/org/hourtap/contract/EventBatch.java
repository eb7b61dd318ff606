package org.hourtap.contract;

import java.util.List;

/// Taps on their way to the ledger, oldest first. One batch is in flight per terminal, so nothing
/// on the way can reorder them.
///
/// @param oldestHeld the oldest sequence the terminal still holds. If the batch starts there and
///   the hub has nothing before it, the taps in between are lost and waiting for them is useless
/// @param events each the exact bytes of one [TapEvent] as journalled (UTF-8 JSON), never rewritten
/// @param at the terminal's clocks while sending: with the time of arrival, an anchor for its
///   events
public record EventBatch(long oldestHeld, List<String> events, ClockReading at)
        implements Message.Upward {
    /// About 180 KB of JSON: one MQTT message on any broker, and a short transaction at the hub.
    public static final int EVENTS_MAX = 500;

    public EventBatch {
        events = List.copyOf(events);
        if (events.isEmpty() || events.size() > EVENTS_MAX) {
            throw new IllegalArgumentException("a batch has 1 to 500 events, not " + events.size());
        }
        if (oldestHeld < 1) {
            throw new IllegalArgumentException("sequences start at 1: " + oldestHeld);
        }
    }
}
