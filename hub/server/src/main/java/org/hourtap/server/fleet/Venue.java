package org.hourtap.server.fleet;

import org.hourtap.contract.FeedRow;
import org.hourtap.contract.VenueId;

/// A place where hours are given or spent.
public record Venue(VenueId id, String name) {
    public Venue {
        requireName(name);
    }

    static void requireName(String name) {
        if (name.isBlank() || name.length() > FeedRow.ProfileRow.NAME_LENGTH_MAX) {
            throw new IllegalArgumentException("A name has 1 to 60 characters.");
        }
    }
}
