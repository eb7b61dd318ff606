package org.hourtap.server.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import org.hourtap.ledger.Account;
import org.hourtap.ledger.Entry;
import org.hourtap.ledger.TapOrigin;
import org.hourtap.ledger.Transfer;
import org.hourtap.ledger.TrialBalance;
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
        routes.get("/api/1/trial-balance", this::trialBalance);
        routes.get("/api/1/journal", this::journal);
        routes.get("/api/1/taps", this::taps);
        routes.get("/api/1/findings", this::findings);
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
                        .put("minutes", transfer.amount().minutes())
                        .put("eventMicros", transfer.eventMicros())
                        .put("postedMicros", postedMicros);
        if (origin != null) {
            line.put("terminal", origin.terminal().value()).put("tap", origin.sequence());
        }
        return line;
    }

    private void accounts(Context context) throws Exception {
        List<Account> accounts = api.read(sql -> new Statements(sql).accounts(api.book()));
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("accounts");
        for (Account account : accounts) {
            list.addObject()
                    .put("account", account.id().name())
                    .put("debits", account.balance().debits())
                    .put("credits", account.balance().credits())
                    .put("balance", account.carried());
        }
        Json.render(context, 200, body);
    }

    private void trialBalance(Context context) throws Exception {
        TrialBalance trial = api.read(sql -> new Statements(sql).trialBalance(api.book()));
        ObjectNode body =
                Json.object()
                        .put("debits", trial.debits())
                        .put("credits", trial.credits())
                        .put("sum", trial.sum())
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
                        new Statements(sql).journal(api.book(), after, Statements.LINES_MAX));
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
                api.read(sql -> new Taps(sql).list(api.book(), terminal, before, Taps.LIST_MAX));
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
                api.read(sql -> new Findings(sql).list(api.book(), before, Findings.LIST_MAX));
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
