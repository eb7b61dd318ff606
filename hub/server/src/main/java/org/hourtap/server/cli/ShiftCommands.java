package org.hourtap.server.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Shifts that wait for a coordinator.
public final class ShiftCommands {
    private ShiftCommands() {}

    @Command(
            name = "shifts",
            description = {
                "Shifts whose hours wait until a coordinator approves them, as those of",
                "'activities add --needs-approval' do."
            },
            mixinStandardHelpOptions = true,
            subcommands = {ListWaiting.class, Approve.class, Decline.class})
    public static final class Shifts {}

    @Command(name = "waiting", description = "Lists those that wait, the oldest first.")
    static final class ListWaiting extends HubCommand {
        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            table(
                    hub.get("/shifts/waiting").path("shifts"),
                    "account",
                    "activity",
                    "since",
                    "until",
                    "minutes",
                    "id");
        }
    }

    @Command(
            name = "approve",
            description = "Lets a shift count, whole or in part; what is left never counts.")
    static final class Approve extends OfficeCommands.Part {
        @Parameters(paramLabel = "SHIFT_ID", description = "as 'shifts waiting' shows it")
        private String shift = "";

        @Override
        String path() {
            return "/shifts/" + shift + "/approve";
        }
    }

    @Command(name = "decline", description = "Lets a shift never count.")
    static final class Decline extends HubCommand {
        @Parameters(paramLabel = "SHIFT_ID", description = "as 'shifts waiting' shows it")
        private String shift = "";

        @Mixin private ByHand byHand = new ByHand();

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            posted(hub.post("/shifts/" + shift + "/decline", byHand.body(Map.of())));
        }
    }
}
