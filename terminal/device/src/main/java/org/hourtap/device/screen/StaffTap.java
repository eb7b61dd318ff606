package org.hourtap.device.screen;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import org.hourtap.contract.CardId;
import org.hourtap.contract.ClockReading.Quality;
import org.hourtap.contract.TapEvent;
import org.jspecify.annotations.Nullable;

/// One of today's taps, as staff may see it.
///
/// @param time on the wall clock; absent when the clock was not set at the time
/// @param reason why it was declined, the word in the journal; absent otherwise
/// @param atHub whether the hub has acknowledged it
/// @param inDoubt whether the card left before it said that it took the tap in
public record StaffTap(
        @Nullable LocalTime time,
        CardId card,
        TapEvent.Kind kind,
        long minutes,
        @Nullable String reason,
        boolean atHub,
        boolean inDoubt) {
    /// A tap that is settled.
    public StaffTap(
            @Nullable LocalTime time,
            CardId card,
            TapEvent.Kind kind,
            long minutes,
            @Nullable String reason,
            boolean atHub) {
        this(time, card, kind, minutes, reason, atHub, false);
    }

    /// @param zone of the venue
    /// @param atHub whether the hub has acknowledged it
    /// @param inDoubt whether the card left before it said that it took the tap in
    public static StaffTap of(TapEvent event, ZoneId zone, boolean atHub, boolean inDoubt) {
        LocalTime time =
                event.at().quality() == Quality.UNKNOWN
                        ? null
                        : Instant.EPOCH
                                .plus(event.at().wallMicros(), ChronoUnit.MICROS)
                                .atZone(zone)
                                .toLocalTime();
        return new StaffTap(
                time,
                event.card(),
                event.kind(),
                event.minutes().minutes(),
                event.reason(),
                atHub,
                inDoubt);
    }
}
