package org.hourtap.server.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Cash that venues take beside hours.
public final class CashCommands {
    private CashCommands() {}

    @Command(
            name = "cash",
            description = {
                "Cash that venues take beside hours. The books only record it; it never becomes",
                "hours. 'void' and 'refund' undo an entry, 'days sheet' shows what came in."
            },
            mixinStandardHelpOptions = true,
            subcommands = {Taken.class, Banked.class})
    public static final class Cash {}

    @Command(name = "taken", description = "Records cash that a venue took.")
    static final class Taken extends HubCommand {
        @Parameters(index = "0", paramLabel = "VENUE")
        private String venue = "";

        @Parameters(
                index = "1",
                paramLabel = "POUNDS",
                description = "such as 2 or 2.50",
                converter = Pounds.Converter.class)
        private Pounds amount = new Pounds(0);

        @Mixin private ByHand byHand = new ByHand();

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            posted(
                    hub.post(
                            "/venues/" + venue + "/cash/taken",
                            byHand.body(Map.of("pence", amount.pence()))));
        }
    }

    @Command(name = "banked", description = "Records cash that a venue handed over.")
    static final class Banked extends HubCommand {
        @Parameters(index = "0", paramLabel = "VENUE")
        private String venue = "";

        @Parameters(
                index = "1",
                paramLabel = "POUNDS",
                arity = "0..1",
                description = "such as 40 or 40.50 (default: all it has)",
                converter = Pounds.Converter.class)
        private @Nullable Pounds amount;

        @Mixin private ByHand byHand = new ByHand();

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            Pounds part = amount;
            posted(
                    hub.post(
                            "/venues/" + venue + "/cash/banked",
                            byHand.body(part == null ? Map.of() : Map.of("pence", part.pence()))));
        }
    }
}
