package org.hourtap.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Cards, and what the scheme decides for all of them.
public final class CardCommands {
    private static final String PROOFS = "DESFIRE_EV2, DESFIRE_EV1, NTAG_424 or UID_ONLY";

    private CardCommands() {}

    @Command(
            name = "cards",
            description = "Cards in members' hands.",
            mixinStandardHelpOptions = true,
            subcommands = {
                AddCard.class,
                StopCard.class,
                ActivateCard.class,
                ReplaceCard.class,
                AllowCard.class,
                ListCards.class
            })
    public static final class Cards {}

    @Command(name = "add", description = "Gives a card to a member. A member may have several.")
    static final class AddCard extends HubCommand {
        @Parameters(index = "0", paramLabel = "NUMBER", description = "the card's number, in hex")
        private String number = "";

        @Parameters(index = "1", paramLabel = "MEMBER", description = "the member's id")
        private String member = "";

        @Option(
                names = "--least-proof",
                description = {PROOFS, "(default: DESFIRE_EV2)"})
        private String leastProof = "DESFIRE_EV2";

        @Option(
                names = "--allowance",
                paramLabel = "MINUTES",
                description = "what it may spend in all, as for a card lent to a helper")
        private @Nullable Long allowance;

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("id", number);
            body.put("member", member);
            body.put("leastProof", leastProof);
            if (allowance != null) {
                body.put("allowance", allowance);
            }
            print(hub.post("/cards", body).path("id").asText() + " is " + member + "'s");
        }
    }

    @Command(name = "stop", description = "Stops a card; its member keeps the hours.")
    static final class StopCard extends HubCommand {
        @Parameters(paramLabel = "NUMBER", description = "the card's number, in hex")
        private String number = "";

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            print(hub.post("/cards/" + number + "/stop", Map.of()).path("status").asText());
        }
    }

    @Command(name = "activate", description = "Lets a stopped card be used again.")
    static final class ActivateCard extends HubCommand {
        @Parameters(paramLabel = "NUMBER", description = "the card's number, in hex")
        private String number = "";

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            print(hub.post("/cards/" + number + "/activate", Map.of()).path("status").asText());
        }
    }

    @Command(
            name = "replace",
            description = {
                "Gives the member of a lost or broken card a new one, and stops the old.",
                "The hours are the member's and stay."
            })
    static final class ReplaceCard extends HubCommand {
        @Parameters(index = "0", paramLabel = "OLD", description = "the old card's number, in hex")
        private String old = "";

        @Parameters(index = "1", paramLabel = "NEW", description = "the new card's number, in hex")
        private String by = "";

        @Option(
                names = "--least-proof",
                description = {PROOFS, "(default: DESFIRE_EV2)"})
        private String leastProof = "DESFIRE_EV2";

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            Map<String, String> body = new LinkedHashMap<>();
            body.put("by", by);
            body.put("leastProof", leastProof);
            JsonNode card = hub.post("/cards/" + old + "/replace", body);
            print(
                    card.path("id").asText()
                            + " is "
                            + card.path("member").asText()
                            + "'s, "
                            + old
                            + " is stopped");
        }
    }

    @Command(
            name = "allowance",
            description = "Sets what a card may still spend, as for one lent to a helper.")
    static final class AllowCard extends HubCommand {
        @Parameters(index = "0", paramLabel = "NUMBER", description = "the card's number, in hex")
        private String number = "";

        @Parameters(
                index = "1",
                paramLabel = "MINUTES",
                description = "a number of minutes, or: none")
        private String minutes = "";

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            Map<String, @Nullable Long> body = new HashMap<>();
            body.put("minutes", minutes.equals("none") ? null : minutes());
            JsonNode left = hub.post("/cards/" + number + "/allowance", body).path("allowance");
            print(left.isNull() ? "no limit but the balance" : left.asText() + " minutes");
        }

        private long minutes() throws HubClient.AskException {
            try {
                return Long.parseLong(minutes);
            } catch (NumberFormatException e) {
                throw new HubClient.AskException("Say a number of minutes, or: none");
            }
        }
    }

    @Command(name = "list", description = "Lists cards.")
    static final class ListCards extends HubCommand {
        @Option(names = "--after", description = "continue after this number")
        private String after = "";

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            table(
                    hub.get("/cards?after=" + after).path("cards"),
                    "id",
                    "member",
                    "status",
                    "leastProof",
                    "counter",
                    "allowance");
        }
    }

    @Command(
            name = "scheme",
            description = "What the scheme decides for all its cards.",
            mixinStandardHelpOptions = true,
            subcommands = UidCards.class)
    public static final class Scheme {}

    @Command(
            name = "uid-cards",
            description = {
                "Takes cards that show nothing but a number, or refuses them at every door.",
                "Anyone can copy such a number. Without ON_OR_OFF, says what holds."
            })
    static final class UidCards extends HubCommand {
        @Parameters(arity = "0..1", paramLabel = "ON_OR_OFF", description = "on or off")
        private String choice = "";

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            JsonNode scheme =
                    switch (choice) {
                        case "" -> hub.get("/scheme");
                        case "on" -> hub.post("/scheme", Map.of("uidCards", true));
                        case "off" -> hub.post("/scheme", Map.of("uidCards", false));
                        default -> throw new HubClient.AskException("Say on or off.");
                    };
            print(
                    scheme.path("uidCards").asBoolean()
                            ? "on: cards that show nothing but a number are taken"
                            : "off: cards that show nothing but a number are refused");
        }
    }
}
