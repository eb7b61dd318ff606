package org.hourtap.simulator.demo;

import java.nio.file.Path;
import java.util.List;

/// What a deployment is to consist of.
///
/// @param folder empty; everything is kept below it
/// @param places one terminal each
/// @param reader as in [Readers#open]
/// @param passbackSeconds the same card again within this is a repeat
/// @param httpPort the one the hub prefers
/// @param mqttPort the same for its broker
public record Plan(
        Path folder,
        List<Place> places,
        String reader,
        int passbackSeconds,
        int httpPort,
        int mqttPort,
        Ground ground) {
    public Plan {
        places = List.copyOf(places);
    }
}
