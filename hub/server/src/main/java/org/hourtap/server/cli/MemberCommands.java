package org.hourtap.server.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Members and hours.
public final class MemberCommands {
    private MemberCommands() {}

    @Command(
            name = "members",
            description = "Members of the scheme.",
            mixinStandardHelpOptions = true,
            subcommands = {AddMember.class, ListMembers.class})
    public static final class Members {}

    @Command(name = "add", description = "Registers a member.")
    static final class AddMember extends HubCommand {
        @Parameters(paramLabel = "FIRST_NAME", description = "what to call the person")
        private String firstName = "";

        @Option(names = "--id", description = "an id of your own; else one is made")
        private String id = "";

        @Option(names = "--language", description = "two letters (default: en)")
        private String language = "en";

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            Map<String, String> body = new LinkedHashMap<>();
            if (!id.isEmpty()) {
                body.put("id", id);
            }
            body.put("firstName", firstName);
            body.put("language", language);
            print(hub.post("/members", body).path("id").asText());
        }
    }

    @Command(name = "list", description = "Lists members.")
    static final class ListMembers extends HubCommand {
        @Option(names = "--after", description = "continue after this id")
        private String after = "";

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            table(
                    hub.get("/members?after=" + after).path("members"),
                    "id",
                    "firstName",
                    "language");
        }
    }

    @Command(
            name = "adjust",
            description = "Gives a member minutes, or takes some (a negative number).")
    public static final class Adjust extends HubCommand {
        @Parameters(index = "0", paramLabel = "MEMBER", description = "the member's id")
        private String member = "";

        @Parameters(index = "1", paramLabel = "MINUTES", description = "such as 180 or -60")
        private long minutes;

        @Mixin private ByHand byHand = new ByHand();

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            posted(
                    hub.post(
                            "/adjustments",
                            byHand.body(Map.of("member", member, "minutes", minutes))));
        }
    }

    @Command(name = "statement", description = "Shows a member's newest entries.")
    public static final class Statement extends HubCommand {
        @Parameters(paramLabel = "MEMBER", description = "the member's id")
        private String member = "";

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            statement(hub.get("/members/" + member + "/statement"));
        }
    }
}
