package org.hourtap.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Venues, activities, terminals and the books.
public final class FleetCommands {
    private FleetCommands() {}

    @Command(
            name = "venues",
            description = "Places where hours are given or spent.",
            mixinStandardHelpOptions = true,
            subcommands = {AddVenue.class, ListVenues.class})
    public static final class Venues {}

    @Command(name = "add", description = "Registers a venue, or gives it a new name.")
    static final class AddVenue extends HubCommand {
        @Parameters(index = "0", paramLabel = "ID")
        private String id = "";

        @Parameters(index = "1", paramLabel = "NAME")
        private String name = "";

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            print(hub.post("/venues", Map.of("id", id, "name", name)).path("id").asText());
        }
    }

    @Command(name = "list", description = "Lists venues.")
    static final class ListVenues extends HubCommand {
        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            table(hub.get("/venues").path("venues"), "id", "name");
        }
    }

    @Command(
            name = "activities",
            description = "What hours are spent on or earned by.",
            mixinStandardHelpOptions = true,
            subcommands = {AddActivity.class, ListActivities.class, GroupOfActivity.class})
    public static final class Activities {}

    @Command(name = "add", description = "Registers an activity, or changes its name and price.")
    static final class AddActivity extends HubCommand {
        @Parameters(index = "0", paramLabel = "ID")
        private String id = "";

        @Parameters(index = "1", paramLabel = "NAME")
        private String name = "";

        @Option(names = "--kind", required = true, description = "SPEND or SHIFT")
        private String kind = "";

        @Option(names = "--price", description = "minutes one entry costs")
        private long price;

        @Option(
                names = "--round-up-to",
                description = "shifts count in started blocks of so many minutes (default: 1)")
        private long roundUpTo = 1;

        @Option(
                names = "--needs-approval",
                description = "hours of its shifts wait until a coordinator approves them")
        private boolean needsApproval;

        @Option(
                names = "--cash",
                paramLabel = "POUNDS",
                description = "what an entry costs beside the hours, recorded with each tap",
                converter = Pounds.Converter.class)
        private Pounds cash = new Pounds(0);

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            JsonNode added =
                    hub.post(
                            "/activities",
                            Map.of(
                                    "id", id,
                                    "name", name,
                                    "kind", kind,
                                    "price", price,
                                    "roundUpTo", roundUpTo,
                                    "needsApproval", needsApproval,
                                    "pence", cash.pence()));
            print(added.path("id").asText());
        }
    }

    @Command(name = "list", description = "Lists activities.")
    static final class ListActivities extends HubCommand {
        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            table(
                    hub.get("/activities").path("activities"),
                    "id",
                    "name",
                    "kind",
                    "price",
                    "roundUpTo",
                    "needsApproval",
                    "pence");
        }
    }

    @Command(
            name = "group",
            description = "Credits shifts of an activity out of a group's allocation.")
    static final class GroupOfActivity extends HubCommand {
        @Parameters(index = "0", paramLabel = "ACTIVITY")
        private String activity = "";

        @Parameters(index = "1", paramLabel = "GROUP", description = "its id, such as mencap")
        private String group = "";

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            hub.post("/activities/" + activity + "/group", Map.of("group", group));
            print("Shifts of " + activity + " are credited by GROUP:" + group);
        }
    }

    @Command(
            name = "terminals",
            description = "The boxes at the doors.",
            mixinStandardHelpOptions = true,
            subcommands = {AddTerminal.class, Code.class, ListTerminals.class, Revoke.class})
    public static final class Terminals {}

    @Command(name = "add", description = "Registers a terminal, or changes what it is for.")
    static final class AddTerminal extends HubCommand {
        @Parameters(index = "0", paramLabel = "ID")
        private String id = "";

        @Option(names = "--venue", required = true)
        private String venue = "";

        @Option(names = "--mode", required = true, description = "ENTRANCE or SHIFT")
        private String mode = "";

        @Option(names = "--activity", required = true)
        private String activity = "";

        @Option(names = "--language", description = "two letters (default: en)")
        private String language = "en";

        @Option(
                names = "--passback-seconds",
                description = "the same card again within this is a repeat (default: 30)")
        private long passbackSeconds = 30;

        @Option(
                names = "--offline-limit",
                description =
                        "minutes one card may spend here in one outage, if it does not carry its"
                                + " last taps (default: 120)")
        private long offlineLimit = 120;

        @Option(
                names = "--carried-limit",
                description = "the same for a card that carries them (default: 600)")
        private long carriedLimit = 600;

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            JsonNode added =
                    hub.post(
                            "/terminals",
                            Map.of(
                                    "id", id,
                                    "venue", venue,
                                    "mode", mode,
                                    "activity", activity,
                                    "language", language,
                                    "passbackSeconds", passbackSeconds,
                                    "offlineLimit", offlineLimit,
                                    "carriedLimit", carriedLimit));
            print(added.path("id").asText());
        }
    }

    @Command(name = "code", description = "Prints a one-time code to enrol a terminal with.")
    static final class Code extends HubCommand {
        @Parameters(paramLabel = "ID")
        private String id = "";

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            print(hub.post("/terminals/" + id + "/code", Map.of()).path("code").asText());
        }
    }

    @Command(name = "revoke", description = "Shuts a terminal out, as when it was stolen.")
    static final class Revoke extends HubCommand {
        @Parameters(paramLabel = "ID")
        private String id = "";

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            print(hub.post("/terminals/" + id + "/revoke", Map.of()).path("id").asText());
        }
    }

    @Command(name = "list", description = "Lists terminals and where their taps stand.")
    static final class ListTerminals extends HubCommand {
        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            BackupCommands.warn(this, hub);
            table(
                    hub.get("/terminals").path("terminals"),
                    "id",
                    "venue",
                    "mode",
                    "activity",
                    "enrolled",
                    "revoked",
                    "online",
                    "lastSequence",
                    "tapsWelcomed",
                    "tapsPosted");
        }
    }

    @Command(name = "trial-balance", description = "Recomputes every balance from the journal.")
    public static final class Trial extends HubCommand {
        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            JsonNode trial = hub.get("/trial-balance");
            table(trial.path("differences"), "account", "kept", "recomputed");
            print(
                    "debits "
                            + trial.path("debits").asText()
                            + ", credits "
                            + trial.path("credits").asText()
                            + ", sum "
                            + trial.path("sum").asText()
                            + "; cash, in pence, "
                            + trial.path("cash").asText());
            print(
                    "pending debits "
                            + trial.path("pendingDebits").asText()
                            + ", pending credits "
                            + trial.path("pendingCredits").asText());
            if (!trial.path("balanced").asBoolean()) {
                throw new HubClient.AskException(
                        "The books do not balance. Stop the hub, keep a copy of its data folder, and"
                                + " restore the last backup.");
            }
            print("The books balance.");
        }
    }

    @Command(name = "findings", description = "Lists what someone has to look at, newest first.")
    public static final class ListFindings extends HubCommand {
        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            BackupCommands.warn(this, hub);
            table(
                    hub.get("/findings").path("findings"),
                    "number",
                    "kind",
                    "terminal",
                    "sequence",
                    "card",
                    "note");
        }
    }
}
