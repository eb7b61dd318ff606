package org.hourtap.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.hourtap.contract.TransferId;
import org.hourtap.runtime.SystemTime;
import picocli.CommandLine.Command;
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

        @Option(names = "--operator", required = true, description = "who answers for it")
        private String operator = "";

        @Option(names = "--note", required = true, description = "why")
        private String note = "";

        @Option(
                names = "--id",
                description = "a transfer id: asking twice with the same one counts once")
        private String id = "";

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            String transfer =
                    id.isEmpty()
                            ? TransferId.mint(
                                            SystemTime.wallMicros() / 1_000,
                                            SystemTime.randomLong(),
                                            SystemTime.randomLong())
                                    .toString()
                            : id;
            JsonNode done =
                    hub.post(
                            "/adjustments",
                            Map.of(
                                    "id", transfer,
                                    "member", member,
                                    "minutes", minutes,
                                    "operator", operator,
                                    "note", note));
            print("entry " + done.path("sequence").asText() + ", id " + transfer);
        }
    }

    @Command(name = "statement", description = "Shows a member's newest entries.")
    public static final class Statement extends HubCommand {
        @Parameters(paramLabel = "MEMBER", description = "the member's id")
        private String member = "";

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            JsonNode statement = hub.get("/members/" + member + "/statement");
            table(
                    statement.path("lines"),
                    "sequence",
                    "reason",
                    "debit",
                    "credit",
                    "change",
                    "balance");
            print("balance " + statement.path("balance").asText() + " minutes");
        }
    }
}
