package org.hourtap.server.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;
import org.hourtap.ledger.Account;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.Entry;
import org.hourtap.ledger.Limits;
import org.hourtap.ledger.Stage;
import org.hourtap.ledger.TapOrigin;
import org.hourtap.ledger.Transfer;
import org.hourtap.ledger.TrialBalance;
import org.hourtap.server.backup.CopyState;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.Statements;
import org.hourtap.server.inbox.Finding;
import org.hourtap.server.inbox.Findings;
import org.hourtap.server.inbox.Taps;

/// The books, read only.
final class BookRoutes {
    private final Api api;

    BookRoutes(Api api) {
        this.api = api;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/api/1/accounts", this::accounts);
        routes.get("/api/1/accounts/{account}/statement", this::statement);
        routes.get("/api/1/trial-balance", this::trialBalance);
        routes.get("/api/1/journal", this::journal);
        routes.get("/api/1/taps", this::taps);
        routes.get("/api/1/findings", this::findings);
        routes.get("/api/1/copy", this::copy);
    }

    static ObjectNode json(Entry entry, long postedMicros) {
        Transfer transfer = entry.transfer();
        TapOrigin origin = transfer.origin();
        ObjectNode line =
                Json.object()
                        .put("sequence", entry.sequence())
                        .put("id", transfer.id().toString())
                        .put("reason", transfer.reason().name())
                        .put("debit", transfer.debit().name())
                        .put("credit", transfer.credit().name())
                        .put(transfer.amount().asset().unit(), transfer.amount().units())
                        .put("eventMicros", transfer.eventMicros())
                        .put("postedMicros", postedMicros);
        Stage stage = transfer.stage();
        if (!stage.isPlain()) {
            line.put("stage", stage.kind().name());
        }
        if (stage.decides() != null) {
            line.put("decides", stage.decides().toString());
        }
        if (stage.untilMicros() != null) {
            line.put("untilMicros", stage.untilMicros());
        }
        if (transfer.corrects() != null) {
            line.put("corrects", transfer.corrects().toString());
        }
        if (origin != null) {
            line.put("terminal", origin.terminal().value()).put("tap", origin.sequence());
        }
        return line;
    }

    private void copy(Context context) {
        CopyState copy = api.copy().get();
        Json.render(
                context,
                200,
                Json.object()
                        .put("state", copy.kind().name())
                        .put("sentence", copy.sentence())
                        .put("copiedMicros", copy.copiedMicros()));
    }

    private void accounts(Context context) throws Exception {
        long asOf = Query.number(context, "asOf", Long.MAX_VALUE);
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("accounts");
        api.read(sql -> {
            Statements statements = new Statements(sql);
            long last = statements.last(api.book(context));
            body.put("asOf", Math.min(asOf, last));
            statements
                    .standings(api.book(context), asOf)
                    .forEach(standing -> list.add(json(standing)));
            return true;
        });
        Json.render(context, 200, body);
    }

    private static ObjectNode json(Statements.Standing standing) {
        ObjectNode account =
                Json.object()
                        .put("account", standing.account().name())
                        .put("name", standing.name())
                        .put("debits", standing.balance().debits())
                        .put("credits", standing.balance().credits())
                        .put("balance", standing.carried())
                        .put("unit", standing.account().kind().asset().unit())
                        .put("pendingDebits", standing.balance().pendingDebits())
                        .put("pendingCredits", standing.balance().pendingCredits());
        Limits limits = standing.limits();
        if (limits.least() != -Limits.NONE) {
            account.put("least", limits.least());
        }
        if (limits.most() != Limits.NONE) {
            account.put("most", limits.most());
        }
        return account;
    }

    private void statement(Context context) throws Exception {
        AccountId account = AccountId.parse(api.book(context), context.pathParam("account"));
        Json.render(
                context,
                200,
                statement(context, api, account)
                        .orElseThrow(() ->
                                RefusedException.notFound(
                                        "There is no account " + account.name() + ".")));
    }

    /// @return balance and newest lines of an account, absent if there is none
    static Optional<ObjectNode> statement(Context context, Api api, AccountId account)
            throws Exception {
        long before = Query.number(context, "before", Long.MAX_VALUE);
        return api.read(sql -> {
            Statements statements = new Statements(sql);
            Optional<Account> found = statements.account(account);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            ObjectNode body =
                    Json.object()
                            .put("account", account.name())
                            .put("balance", found.get().carried())
                            .put("unit", account.kind().asset().unit())
                            .put("pendingDebits", found.get().balance().pendingDebits())
                            .put("pendingCredits", found.get().balance().pendingCredits());
            ArrayNode lines = body.putArray("lines");
            for (Statements.Line line :
                    statements.statement(account, before, Statements.LINES_MAX)) {
                lines.add(
                        json(line.entry(), line.postedMicros())
                                .put("change", line.minutes())
                                .put("balance", line.balance()));
            }
            return Optional.of(body);
        });
    }

    private void trialBalance(Context context) throws Exception {
        TrialBalance trial = api.read(sql -> new Statements(sql).trialBalance(api.book(context)));
        ObjectNode body =
                Json.object()
                        .put("debits", trial.debits())
                        .put("credits", trial.credits())
                        .put("sum", trial.sum())
                        .put("cash", trial.cash())
                        .put("pendingDebits", trial.pendingDebits())
                        .put("pendingCredits", trial.pendingCredits())
                        .put("balanced", trial.isBalanced());
        ArrayNode differences = body.putArray("differences");
        for (TrialBalance.Difference difference : trial.differences()) {
            differences
                    .addObject()
                    .put("account", difference.account().name())
                    .put("kept", String.valueOf(difference.kept()))
                    .put("recomputed", String.valueOf(difference.recomputed()));
        }
        Json.render(context, 200, body);
    }

    private void journal(Context context) throws Exception {
        long after = Query.number(context, "after", 0);
        List<Statements.JournalLine> lines =
                api.read(sql ->
                        new Statements(sql)
                                .journal(api.book(context), after, Statements.LINES_MAX));
        ObjectNode body = Json.object();
        ArrayNode journal = body.putArray("journal");
        lines.forEach(line -> journal.add(json(line.entry(), line.postedMicros())));
        Json.render(context, 200, body);
    }

    private void taps(Context context) throws Exception {
        String terminal = context.queryParam("terminal");
        if (terminal == null) {
            throw new Problem(400, "Say which terminal's: ?terminal=ID");
        }
        long before = Query.number(context, "before", Long.MAX_VALUE);
        List<Taps.Kept> taps =
                api.read(sql ->
                        new Taps(sql).list(api.book(context), terminal, before, Taps.LIST_MAX));
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("taps");
        for (Taps.Kept tap : taps) {
            list.addObject()
                    .put("id", tap.id().toString())
                    .put("sequence", tap.sequence())
                    .put("kind", tap.kind().name())
                    .put("card", tap.card())
                    .put("counter", tap.counter())
                    .put("mac", tap.mac().name())
                    .put("broughtOnly", tap.isBroughtOnly())
                    .put("receivedMicros", tap.receivedMicros())
                    .put("outcome", tap.outcome().name())
                    .put("note", tap.note());
        }
        Json.render(context, 200, body);
    }

    private void findings(Context context) throws Exception {
        long before = Query.number(context, "before", Long.MAX_VALUE);
        List<Findings.Kept> findings =
                api.read(sql ->
                        new Findings(sql).list(api.book(context), before, Findings.LIST_MAX));
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("findings");
        for (Findings.Kept kept : findings) {
            Finding finding = kept.finding();
            list.addObject()
                    .put("number", kept.number())
                    .put("kind", finding.kind().name())
                    .put("terminal", finding.terminal())
                    .put("sequence", finding.sequence())
                    .put("card", finding.card())
                    .put("note", finding.note())
                    .put("text", finding.text())
                    .put("otherText", finding.otherText())
                    .put("foundMicros", kept.foundMicros());
        }
        Json.render(context, 200, body);
    }
}
