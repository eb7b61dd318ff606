package org.hourtap.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Business days.
public final class DayCommands {
    private DayCommands() {}

    @Command(
            name = "days",
            description = "Business days: closing them, and their sheets.",
            mixinStandardHelpOptions = true,
            subcommands = {CloseDay.class, ListDays.class, Sheet.class})
    public static final class Days {}

    @Command(
            name = "close",
            description = {
                "Closes a business day with everything up to now. What its sheet says stays:",
                "nothing in it is voided any more, and what comes later is of the next day."
            })
    static final class CloseDay extends HubCommand {
        @Parameters(paramLabel = "DAY", description = "such as 2026-11-22")
        private String day = "";

        @Option(names = "--operator", required = true, description = "who answers for it")
        private String operator = "";

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            JsonNode closed = hub.post("/days", Map.of("day", day, "operator", operator));
            Sheet.print(this, hub.get("/days/" + closed.path("number").asText()));
        }
    }

    @Command(name = "list", description = "Lists closed days, newest first.")
    static final class ListDays extends HubCommand {
        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            table(
                    hub.get("/days").path("days"),
                    "number",
                    "day",
                    "lastSequence",
                    "operator",
                    "hash");
        }
    }

    @Command(name = "sheet", description = "Prints a day's sheet, or what is open so far.")
    static final class Sheet extends HubCommand {
        @Parameters(
                paramLabel = "NUMBER",
                arity = "0..1",
                description = "as 'days list' shows it (default: what is open)")
        private @Nullable Long number;

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            print(this, hub.get(number == null ? "/day" : "/days/" + number));
        }

        static void print(HubCommand command, JsonNode sheet) {
            command.print(
                    sheet.has("day")
                            ? "Day "
                                    + sheet.path("day").asText()
                                    + ", closed by "
                                    + sheet.path("operator").asText()
                            : "Not closed yet");
            command.print(
                    "Entries "
                            + sheet.path("firstSequence").asText()
                            + " to "
                            + sheet.path("lastSequence").asText());
            command.table(sheet.path("venues"), "venue", "reason", "transfers", "minutes");
            command.print("Balances at its end, in minutes:");
            sheet.path("balances")
                    .properties()
                    .forEach(kind ->
                            command.print("  " + kind.getKey() + " " + kind.getValue().asText()));
            command.print("Hours that can still be spent: " + sheet.path("float").asText());
            command.print("Pending, not in the balances: " + sheet.path("pending").asText());
            command.print("Sum of everything: " + sheet.path("sum").asText());
            if (!sheet.path("cash").isEmpty()) {
                command.print("Cash beside hours, only recorded:");
                sheet.path("cash")
                        .forEach(line ->
                                command.print(
                                        "  "
                                                + line.path("venue").asText()
                                                + " "
                                                + line.path("reason").asText()
                                                + " "
                                                + new Pounds(line.path("pence").asLong())));
            }
            if (sheet.has("signedHead")) {
                command.print(
                        "Its last entry, signed by the hub; audit verify --head-file takes it:");
                // A line of its own, so that it can be copied as it is.
                command.print(sheet.path("signedHead").asText());
            }
        }
    }
}
