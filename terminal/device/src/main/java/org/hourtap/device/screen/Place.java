package org.hourtap.device.screen;

import java.util.List;

/// Where the terminal stands and what it is for, as the resting screen says it.
///
/// @param venue its name; empty when the hub has not told it yet
/// @param activity what a tap is for, with its price if it has one; may be empty
/// @param languages ISO 639-1 codes, first to be read first; a second one is shown beside it at the
///   same size
public record Place(String venue, String activity, List<String> languages) {
    /// Two names of this length fit two lines beside two languages; a longer one ends in an
    /// ellipsis.
    static final int NAME_LENGTH_MAX = 32;

    /// Two are readable at a glance, three are not.
    private static final int LANGUAGES_MAX = 2;

    public Place {
        if (languages.isEmpty() || languages.size() > LANGUAGES_MAX) {
            throw new IllegalArgumentException("a place speaks one or two languages: " + languages);
        }
        venue = shorten(venue);
        activity = shorten(activity);
        languages = List.copyOf(languages);
    }

    /// @return venue and activity on one line
    String line() {
        return activity.isEmpty() || venue.isEmpty() ? venue + activity : venue + " · " + activity;
    }

    private static String shorten(String name) {
        String stripped = name.strip();
        return stripped.length() <= NAME_LENGTH_MAX
                ? stripped
                : stripped.substring(0, NAME_LENGTH_MAX - 1).strip() + "…";
    }
}
