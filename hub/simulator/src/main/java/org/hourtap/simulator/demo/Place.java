package org.hourtap.simulator.demo;

import java.util.List;

/// Where a terminal hangs, and what it is for.
///
/// @param terminal the terminal's id
/// @param minutes the price of an entrance, or the started block a shift is rounded up to
/// @param screenPort the port its screen prefers
public record Place(
        String terminal,
        String venueId,
        String venue,
        String activityId,
        String activity,
        int minutes,
        boolean isShift,
        int screenPort) {
    public static final Place POOL =
            new Place("pool-1", "barry-pool", "Barry Pool", "swim", "Swimming", 60, false, 8101);

    public static final Place THEATRE =
            new Place(
                    "theatre-1",
                    "paget-rooms",
                    "Paget Rooms",
                    "matinee",
                    "Matinée",
                    120,
                    false,
                    8102);

    public static final Place LUNCH_CLUB =
            new Place(
                    "lunch-1",
                    "penarth-lunch",
                    "Penarth Lunch Club",
                    "lunch-shift",
                    "Kitchen shift",
                    60,
                    true,
                    8103);

    /// The places of the demonstration.
    public static final List<Place> DEMONSTRATION = List.of(POOL, THEATRE, LUNCH_CLUB);

    /// @return what its virtual reader is called
    String readerName() {
        return "Hourtap " + terminal;
    }
}
