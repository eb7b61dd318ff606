package org.hourtap.simulator.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// What the hub's books say once every terminal has told everything.
final class Books {
    private static final Duration SETTLING_MAX = Duration.ofSeconds(60);

    private Books() {}

    /// Waits until every terminal is online and has nothing left to send.
    ///
    /// @return false if that took too long
    static boolean settled(Deployment deployment) {
        return Waiting.until(
                SETTLING_MAX,
                () ->
                        deployment.boxes().stream()
                                .map(StaffState::of)
                                .allMatch(state -> state.isOnline() && state.waiting() == 0));
    }

    /// @return minutes that went from the member to venues, less what was given back
    static long charged(Deployment deployment, Person person)
            throws IOException, InterruptedException {
        long minutes = 0;
        for (JsonNode line : deployment.scheme().journal()) {
            if (isOf(line.path("debit").asText(), person)) {
                minutes += line.path("minutes").asLong();
            }
            if (isOf(line.path("credit").asText(), person)
                    && isOf(line.path("debit").asText(), "VENUE")) {
                minutes -= line.path("minutes").asLong();
            }
        }
        return minutes;
    }

    /// @return transfers from this member to this place
    static long spends(Deployment deployment, Person person, Place place)
            throws IOException, InterruptedException {
        List<JsonNode> journal = deployment.scheme().journal();
        return journal.stream()
                .filter(line -> isOf(line.path("debit").asText(), person))
                .filter(line -> line.path("credit").asText().endsWith(place.venueId()))
                .count();
    }

    private static boolean isOf(String account, Person person) {
        return isOf(account, person.member());
    }

    /// An account is written as its kind and its owner.
    private static boolean isOf(String account, String word) {
        return List.of(account.split("[^A-Za-z0-9_-]+")).contains(word);
    }
}
