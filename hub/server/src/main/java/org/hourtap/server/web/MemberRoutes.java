package org.hourtap.server.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TransferId;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.Entry;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.Statements;
import org.hourtap.server.cards.Adjustment;
import org.hourtap.server.cards.CardRegister;
import org.hourtap.server.cards.Member;

/// Members and their hours.
final class MemberRoutes {
    private final Api api;

    MemberRoutes(Api api) {
        this.api = api;
    }

    void addTo(RoutesConfig routes) {
        routes.post("/api/1/members", this::addMember);
        routes.get("/api/1/members", this::members);
        routes.get("/api/1/members/{id}/statement", this::statement);
        routes.post("/api/1/adjustments", this::adjust);
    }

    private void addMember(Context context) throws Exception {
        Json body = Json.read(context, "id", "firstName", "language");
        Member member =
                new Member(
                        new MemberId(
                                body.text(
                                        "id",
                                        "m" + Long.toString(SystemTime.randomLong() >>> 8, 36))),
                        body.text("firstName"),
                        body.text("language", "en"));
        api.write(writing -> {
            CardRegister.register(writing, api.book(), member);
            return true;
        });
        Json.render(context, 201, json(member));
    }

    private void members(Context context) throws Exception {
        List<Member> members =
                api.read(sql -> new CardRegister(sql).members(api.book(), Query.after(context)));
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("members");
        members.forEach(member -> list.add(json(member)));
        Json.render(context, 200, body);
    }

    private void adjust(Context context) throws Exception {
        Json body = Json.read(context, "id", "member", "minutes", "operator", "note");
        TransferId id =
                body.has("id")
                        ? TransferId.parse(body.text("id"))
                        : TransferId.mint(
                                SystemTime.wallMicros() / 1_000,
                                SystemTime.randomLong(),
                                SystemTime.randomLong());
        Adjustment adjustment =
                new Adjustment(
                        id,
                        new MemberId(body.text("member")),
                        body.number("minutes"),
                        body.text("operator"),
                        body.text("note"));
        Entry entry = adjustment.entry(api.write(writing -> adjustment.post(writing, api.book())));
        ObjectNode answer = Json.object();
        answer.put("id", id.toString());
        answer.put("sequence", entry.sequence());
        Json.render(context, 201, answer);
    }

    private void statement(Context context) throws Exception {
        MemberId id = new MemberId(context.pathParam("id"));
        AccountId account = AccountId.of(api.book(), id);
        long before = Query.number(context, "before", Long.MAX_VALUE);
        ObjectNode body = Json.object();
        boolean isThere =
                api.read(sql -> {
                    Statements statements = new Statements(sql);
                    statements
                            .account(account)
                            .ifPresent(found ->
                                    body.put("member", id.value()).put("balance", found.carried()));
                    ArrayNode lines = body.putArray("lines");
                    for (Statements.Line line :
                            statements.statement(account, before, Statements.LINES_MAX)) {
                        lines.add(json(line));
                    }
                    return body.has("balance");
                });
        if (!isThere) {
            throw RefusedException.notFound("There is no member " + id + ".");
        }
        Json.render(context, 200, body);
    }

    private static ObjectNode json(Member member) {
        return Json.object()
                .put("id", member.id().value())
                .put("firstName", member.firstName())
                .put("language", member.language());
    }

    private static ObjectNode json(Statements.Line line) {
        return BookRoutes.json(line.entry(), line.postedMicros())
                .put("change", line.minutes())
                .put("balance", line.balance());
    }
}
