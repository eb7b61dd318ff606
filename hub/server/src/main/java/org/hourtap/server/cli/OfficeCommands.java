package org.hourtap.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Hours moved by hand, accounts and what was agreed about them.
public final class OfficeCommands {
    private OfficeCommands() {}

    @Command(
            name = "transfer",
            description = {
                "Moves hours from one account (DEBIT) to another (CREDIT). docs/LEDGER.md lists",
                "the reasons and which accounts they fit. An account is written MEMBER:ann,",
                "POT:outings or SUSPENSE, one of another book cardiff/MEMBER:bob."
            })
    public static final class Transfer extends HubCommand {
        @Parameters(index = "0", paramLabel = "REASON", description = "such as GIFT or CLEARING")
        private String reason = "";

        @Parameters(index = "1", paramLabel = "DEBIT")
        private String debit = "";

        @Parameters(index = "2", paramLabel = "CREDIT")
        private String credit = "";

        @Parameters(index = "3", paramLabel = "MINUTES")
        private long minutes;

        @Option(
                names = "--pending",
                description = "only holds the hours, until 'post' or 'void' decides")
        private boolean isPending;

        @Option(
                names = "--until",
                description =
                        "lets go what is pending after that day, or at that time, such as"
                                + " 2026-11-22T18:00:00Z (default: it waits until somebody decides)")
        private @Nullable String until;

        @Mixin private ByHand byHand = new ByHand();

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("reason", reason);
            body.put("debit", debit);
            body.put("credit", credit);
            body.put("minutes", minutes);
            body.put("pending", isPending);
            if (until != null) {
                body.put("until", until);
            }
            JsonNode answer = hub.post("/transfers", byHand.body(body));
            posted(answer);
            if (answer.has("sentence")) {
                print(answer.path("sentence").asText());
            }
        }
    }

    @Command(
            name = "remittances",
            description = {
                "Lists hours on their way between this book and others, the oldest first. There",
                "are some only where different hubs write the books, and for seconds."
            })
    public static final class ListOnTheirWay extends HubCommand {
        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            table(
                    hub.get("/remittances").path("remittances"),
                    "from",
                    "to",
                    "minutes",
                    "since",
                    "operator",
                    "state",
                    "refused",
                    "id");
        }
    }

    @Command(
            name = "post",
            description = {
                "Makes a pending transfer happen, whole or in part; what is left of it is let go."
            })
    public static final class PostPending extends Part {
        @Parameters(paramLabel = "TRANSFER_ID", description = "as a statement shows it")
        private String pending = "";

        @Override
        String path() {
            return "/transfers/" + pending + "/post";
        }
    }

    @Command(
            name = "void",
            description = {
                "Takes a transfer back, whole, before its business day is closed. One that is",
                "pending is let go."
            })
    public static final class VoidTransfer extends HubCommand {
        @Parameters(paramLabel = "TRANSFER_ID", description = "as a statement shows it")
        private String original = "";

        @Mixin private ByHand byHand = new ByHand();

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            posted(hub.post("/transfers/" + original + "/void", byHand.body(Map.of())));
        }
    }

    /// Something that can be done for all of an amount or for a part.
    abstract static class Part extends HubCommand {
        @Option(names = "--minutes", description = "so much and no more (default: all of it)")
        private @Nullable Long minutes;

        @Mixin private ByHand byHand = new ByHand();

        abstract String path();

        @Override
        final void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            Long part = minutes;
            posted(
                    hub.post(
                            path(),
                            byHand.body(part == null ? Map.of() : Map.of("minutes", part))));
        }
    }

    @Command(name = "refund", description = "Gives back what a transfer moved, whole or in part.")
    public static final class Refund extends HubCommand {
        @Parameters(paramLabel = "TRANSFER_ID", description = "as a statement shows it")
        private String original = "";

        @Option(names = "--minutes", description = "so much and no more (default: all of it)")
        private @Nullable Long minutes;

        @Option(
                names = "--pounds",
                description = "the same of recorded cash, such as 2.50",
                converter = Pounds.Converter.class)
        private @Nullable Pounds pounds;

        @Mixin private ByHand byHand = new ByHand();

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            Map<String, Object> body = new LinkedHashMap<>();
            if (minutes != null) {
                body.put("minutes", minutes);
            }
            if (pounds != null) {
                body.put("pence", pounds.pence());
            }
            posted(hub.post("/transfers/" + original + "/refund", byHand.body(body)));
        }
    }

    @Command(
            name = "settle",
            description = {
                "Settles a venue: what it took up to the last closed day, and was not settled",
                "yet, is retired."
            })
    public static final class Settle extends Part {
        @Parameters(paramLabel = "VENUE")
        private String venue = "";

        @Override
        String path() {
            return "/venues/" + venue + "/settle";
        }
    }

    @Command(
            name = "accounts",
            description = "Accounts, and what was agreed about them.",
            mixinStandardHelpOptions = true,
            subcommands = {
                ListAccounts.class,
                AccountStatement.class,
                Agree.class,
                Close.class,
                PotRule.class
            })
    public static final class Accounts {}

    @Command(name = "list", description = "Lists accounts with their balances.")
    static final class ListAccounts extends HubCommand {
        @Option(names = "--as-of", description = "as they stood after that entry of the journal")
        private @Nullable Long asOf;

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            JsonNode accounts = hub.get("/accounts" + (asOf == null ? "" : "?asOf=" + asOf));
            table(
                    accounts.path("accounts"),
                    "account",
                    "name",
                    "debits",
                    "credits",
                    "balance",
                    "unit",
                    "least",
                    "most",
                    "pendingDebits",
                    "pendingCredits");
            print("as of entry " + accounts.path("asOf").asText());
        }
    }

    @Command(name = "statement", description = "Shows an account's newest entries.")
    static final class AccountStatement extends HubCommand {
        @Parameters(paramLabel = "ACCOUNT", description = "such as VENUE:pool")
        private String account = "";

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            statement(hub.get("/accounts/" + account + "/statement"));
        }
    }

    @Command(
            name = "agree",
            description =
                    "Opens an account for a POT, a GROUP or a PARTNER, or changes its limits.")
    static final class Agree extends HubCommand {
        @Parameters(index = "0", paramLabel = "ACCOUNT", description = "such as PARTNER:swansea")
        private String account = "";

        @Parameters(index = "1", paramLabel = "NAME", description = "what people call it")
        private String name = "";

        @Option(
                names = "--least",
                description = "minutes; below zero for what a partner may owe (default: 0)")
        private @Nullable Long least;

        @Option(
                names = "--most",
                description = "minutes (default: none for a POT or GROUP, 0 for a PARTNER)")
        private @Nullable Long most;

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("account", account);
            body.put("name", name);
            if (least != null) {
                body.put("least", least);
            }
            if (most != null) {
                body.put("most", most);
            }
            print(hub.post("/accounts", body).path("account").asText());
        }
    }

    @Command(name = "close", description = "Closes an account that stands at zero.")
    static final class Close extends HubCommand {
        @Parameters(paramLabel = "ACCOUNT", description = "such as POT:outings")
        private String account = "";

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            print(
                    hub.post("/accounts/" + account + "/close", Map.of()).path("account").asText()
                            + " is closed");
        }
    }

    @Command(
            name = "pot-rule",
            description = "Says who may draw on a pot, for what, and up to what.")
    static final class PotRule extends HubCommand {
        @Parameters(paramLabel = "POT", description = "its id, such as outings")
        private String pot = "";

        @Option(
                names = "--covers-shortfalls",
                description = "it bears what the member of a late tap no longer has")
        private boolean coversShortfalls;

        @Option(names = "--at-once", required = true, description = "minutes, most for one tap")
        private long mostAtOnce;

        @Option(
                names = "--per-member",
                required = true,
                description = "minutes, most for one member within --days")
        private long mostPerMember;

        @Option(names = "--days", description = "1 to 366 (default: 30)")
        private long days = 30;

        @Option(names = "--members", description = "their ids, with commas (default: everyone)")
        private String members = "";

        @Option(names = "--activities", description = "their ids, with commas (default: any)")
        private String activities = "";

        @Override
        void run(HubClient hub) throws HubClient.AskException, InterruptedException {
            hub.post(
                    "/pots/" + pot + "/rule",
                    Map.of(
                            "coversShortfalls", coversShortfalls,
                            "mostAtOnce", mostAtOnce,
                            "mostPerMember", mostPerMember,
                            "days", days,
                            "members", members,
                            "activities", activities));
            print("POT:" + pot + " has its rule");
        }
    }
}
