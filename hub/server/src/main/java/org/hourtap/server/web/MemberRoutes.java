package org.hourtap.server.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import org.hourtap.contract.MemberId;
import org.hourtap.ledger.AccountId;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.books.RefusedException;
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
        api.write(
                context,
                writing -> {
                    CardRegister.register(writing, api.book(context), member);
                    return true;
                });
        Json.render(context, 201, json(member));
    }

    private void members(Context context) throws Exception {
        List<Member> members =
                api.read(sql ->
                        new CardRegister(sql).members(api.book(context), Query.after(context)));
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("members");
        members.forEach(member -> list.add(json(member)));
        Json.render(context, 200, body);
    }

    private void statement(Context context) throws Exception {
        MemberId id = new MemberId(context.pathParam("id"));
        ObjectNode body =
                BookRoutes.statement(context, api, AccountId.of(api.book(context), id))
                        .orElseThrow(
                                () -> RefusedException.notFound("There is no member " + id + "."));
        Json.render(context, 200, body.put("member", id.value()));
    }

    private static ObjectNode json(Member member) {
        return Json.object()
                .put("id", member.id().value())
                .put("firstName", member.firstName())
                .put("language", member.language());
    }
}
