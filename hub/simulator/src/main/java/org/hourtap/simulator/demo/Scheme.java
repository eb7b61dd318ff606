package org.hourtap.simulator.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.hourtap.card.testing.VirtualDesfire;
import org.hourtap.contract.TransferId;
import org.hourtap.runtime.SystemTime;

/// The scheme of the demonstration, as a coordinator sets it up and looks at it through the hub's
/// API.
public final class Scheme {
    private static final int OFFLINE_LIMIT_MINUTES = 120;

    private final HubApi hub;
    private final byte[] cardMasterKey;
    private final int passbackSeconds;

    /// @param passbackSeconds the same card again within this is a repeat
    Scheme(HubApi hub, byte[] cardMasterKey, int passbackSeconds) {
        this.hub = hub;
        this.passbackSeconds = passbackSeconds;
        this.cardMasterKey = cardMasterKey.clone();
    }

    /// What the ledger says of one terminal.
    ///
    /// @param welcomed taps the terminal welcomed, as the hub received them
    /// @param posted those of them that moved hours and are in the ledger
    record Counts(long welcomed, long posted) {}

    /// Names a venue, what happens there and its terminal.
    ///
    /// @return the one-time code the terminal is enrolled with
    String add(Place place) throws IOException, InterruptedException {
        hub.post("/venues", Map.of("id", place.venueId(), "name", place.venue()));
        hub.post(
                "/activities",
                place.isShift()
                        ? Map.of(
                                "id", place.activityId(),
                                "name", place.activity(),
                                "kind", "SHIFT",
                                "roundUpTo", place.minutes())
                        : Map.of(
                                "id", place.activityId(),
                                "name", place.activity(),
                                "kind", "SPEND",
                                "price", place.minutes()));
        hub.post(
                "/terminals",
                Map.of(
                        "id",
                        place.terminal(),
                        "venue",
                        place.venueId(),
                        "mode",
                        place.isShift() ? "SHIFT" : "ENTRANCE",
                        "activity",
                        place.activityId(),
                        "language",
                        "en",
                        "passbackSeconds",
                        passbackSeconds,
                        "offlineLimit",
                        OFFLINE_LIMIT_MINUTES));
        return code(place);
    }

    /// Changes what an entrance costs from now on.
    public void price(Place place, int minutes) throws IOException, InterruptedException {
        hub.post(
                "/activities",
                Map.of(
                        "id",
                        place.activityId(),
                        "name",
                        place.activity(),
                        "kind",
                        "SPEND",
                        "price",
                        minutes));
    }

    /// @return a new one-time code for this terminal
    String code(Place place) throws IOException, InterruptedException {
        return hub.post("/terminals/" + place.terminal() + "/code", Map.of()).path("code").asText();
    }

    /// Registers a member and issues a card.
    public Person issue(String member, String firstName, String language, boolean olderCard)
            throws IOException, InterruptedException {
        VirtualDesfire.Builder card = blank();
        return olderCard
                ? issue(member, firstName, language, "DESFIRE_EV1", card.ev1Only())
                : issue(member, firstName, language, "DESFIRE_EV2", card);
    }

    /// The same with a card that only has a number; the scheme takes such cards from then on.
    Person issuePlain(String member, String firstName) throws IOException, InterruptedException {
        hub.post("/scheme", Map.of("uidCards", true));
        return issue(member, firstName, "en", "UID_ONLY", blank().notADesfire());
    }

    private Person issue(
            String member,
            String firstName,
            String language,
            String proof,
            VirtualDesfire.Builder card)
            throws IOException, InterruptedException {
        hub.post("/members", Map.of("id", member, "firstName", firstName, "language", language));
        Person person = new Person(member, firstName, proof, card.build());
        hub.post("/cards", Map.of("id", person.cardId(), "member", member, "leastProof", proof));
        return person;
    }

    private VirtualDesfire.Builder blank() {
        byte[] uid = SystemTime.randomBytes(7);
        // ISO 14443-3: 04 is NXP, and 88 in this place would announce a longer number.
        uid[0] = 0x04;
        uid[3] = (byte) (uid[3] & 0x7f);
        return VirtualDesfire.with(uid, cardMasterKey).seed(SystemTime.randomLong());
    }

    /// Gives a member hours to start with.
    public void startWith(Person person, int minutes) throws IOException, InterruptedException {
        TransferId id =
                TransferId.mint(
                        SystemTime.wallMicros() / 1_000,
                        SystemTime.randomLong(),
                        SystemTime.randomLong());
        hub.post(
                "/adjustments",
                Map.of(
                        "id",
                        id.toString(),
                        "member",
                        person.member(),
                        "minutes",
                        minutes,
                        "operator",
                        "Demonstration",
                        "note",
                        "Opening balance from the paper books"));
    }

    /// @return minutes on the member's account
    long balance(Person person) throws IOException, InterruptedException {
        return hub.get("/members/" + person.member() + "/statement").path("balance").asLong();
    }

    /// @return the sum of all accounts, which is 0 in books that balance
    long trialBalance() throws IOException, InterruptedException {
        JsonNode trial = hub.get("/trial-balance");
        return trial.path("sum").asLong();
    }

    Counts counts(Place place) throws IOException, InterruptedException {
        for (JsonNode terminal : hub.get("/terminals").path("terminals")) {
            if (terminal.path("id").asText().equals(place.terminal())) {
                return new Counts(
                        terminal.path("tapsWelcomed").asLong(),
                        terminal.path("tapsPosted").asLong());
            }
        }
        throw new IOException("the hub does not know terminal " + place.terminal());
    }

    /// @return every transfer, oldest first
    List<JsonNode> journal() throws IOException, InterruptedException {
        List<JsonNode> all = new ArrayList<>();
        long after = 0;
        while (true) {
            JsonNode lines = hub.get("/journal?after=" + after).path("journal");
            if (lines.isEmpty()) {
                return all;
            }
            lines.forEach(all::add);
            after = all.getLast().path("sequence").asLong();
        }
    }

    List<JsonNode> findings() throws IOException, InterruptedException {
        List<JsonNode> all = new ArrayList<>();
        hub.get("/findings").path("findings").forEach(all::add);
        return all;
    }
}
