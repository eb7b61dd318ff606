package org.hourtap.device.screen;

import java.time.LocalTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the staff page tells, as the terminal knows it at one moment.
///
/// @param venue its name; empty when the hub has not told it yet
/// @param taps today's, newest first
/// @param waiting how many taps, of whatever day, the hub has not acknowledged
/// @param waitingSince when the oldest of them happened; absent when none waits or its time is not
///   known
/// @param troubles sentences that say what is wrong and what to do
public record StaffView(
        String venue,
        List<StaffTap> taps,
        long waiting,
        @Nullable LocalTime waitingSince,
        Link link,
        List<String> troubles) {
    /// The link to the hub.
    ///
    /// @param isUp whether the hub answers
    /// @param since from when on it is like this; absent when that is not known
    public record Link(boolean isUp, @Nullable LocalTime since) {}

    public StaffView {
        taps = List.copyOf(taps);
        troubles = List.copyOf(troubles);
    }
}
