package org.hourtap.simulator.demo;

/// Where a terminal of the demonstration hangs, and what it is for.
public enum Place {
    POOL("pool-1", "barry-pool", "Barry Pool", "swim", "Swimming", 60, false, 8101),
    THEATRE("theatre-1", "paget-rooms", "Paget Rooms", "matinee", "Matinée", 120, false, 8102),
    LUNCH_CLUB(
            "lunch-1",
            "penarth-lunch",
            "Penarth Lunch Club",
            "lunch-shift",
            "Kitchen shift",
            60,
            true,
            8103);

    private final String terminal;
    private final String venueId;
    private final String venue;
    private final String activityId;
    private final String activity;
    private final int minutes;
    private final boolean isShift;
    private final int screenPort;

    Place(
            String terminal,
            String venueId,
            String venue,
            String activityId,
            String activity,
            int minutes,
            boolean isShift,
            int screenPort) {
        this.terminal = terminal;
        this.venueId = venueId;
        this.venue = venue;
        this.activityId = activityId;
        this.activity = activity;
        this.minutes = minutes;
        this.isShift = isShift;
        this.screenPort = screenPort;
    }

    /// @return the terminal's id
    String terminal() {
        return terminal;
    }

    /// @return what its virtual reader is called
    String readerName() {
        return "Hourtap " + terminal;
    }

    String venueId() {
        return venueId;
    }

    String venue() {
        return venue;
    }

    String activityId() {
        return activityId;
    }

    String activity() {
        return activity;
    }

    /// @return the price of an entrance, or the started block a shift is rounded up to
    int minutes() {
        return minutes;
    }

    boolean isShift() {
        return isShift;
    }

    /// @return the port its screen prefers
    int screenPort() {
        return screenPort;
    }
}
