package org.hourtap.server.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import org.hourtap.contract.CardId;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TapEvent;
import org.hourtap.server.books.Bookkeeper;
import org.hourtap.server.cards.Card;
import org.hourtap.server.cards.CardRegister;
import org.hourtap.server.cards.Scheme;

/// Cards from the day they are issued to the day they are replaced, and what the scheme decides for
/// all of them.
final class CardRoutes {
    private final Api api;

    CardRoutes(Api api) {
        this.api = api;
    }

    void addTo(RoutesConfig routes) {
        routes.post("/api/1/cards", this::issue);
        routes.get("/api/1/cards", this::cards);
        routes.post("/api/1/cards/{id}/stop", context -> change(context, FeedRow.Status.STOPPED));
        routes.post(
                "/api/1/cards/{id}/activate", context -> change(context, FeedRow.Status.ACTIVE));
        routes.post("/api/1/cards/{id}/replace", this::replace);
        routes.post("/api/1/cards/{id}/allowance", this::allow);
        routes.post("/api/1/scheme", this::decide);
        routes.get("/api/1/scheme", this::scheme);
    }

    private void issue(Context context) throws Exception {
        Json body = Json.read(context, "id", "member", "leastProof", "allowance");
        TapEvent.Proof leastProof = leastProof(body);
        Card card =
                Card.fresh(
                        Card.number(body.text("id")),
                        new MemberId(body.text("member")),
                        leastProof,
                        body.has("allowance") ? body.number("allowance") : null);
        render(context, 201, writing -> CardRegister.issue(writing, api.book(context), card));
    }

    private void cards(Context context) throws Exception {
        List<Card> cards =
                api.read(sql ->
                        new CardRegister(sql).cards(api.book(context), Query.after(context)));
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("cards");
        cards.forEach(card -> list.add(json(card)));
        Json.render(context, 200, body);
    }

    private void change(Context context, FeedRow.Status status) throws Exception {
        CardId id = named(context);
        render(
                context,
                200,
                writing -> CardRegister.change(writing, api.book(context), id, status));
    }

    private void replace(Context context) throws Exception {
        CardId old = named(context);
        Json body = Json.read(context, "by", "leastProof");
        CardId by = Card.number(body.text("by"));
        TapEvent.Proof leastProof = leastProof(body);
        render(
                context,
                201,
                writing -> CardRegister.replace(writing, api.book(context), old, by, leastProof));
    }

    private void allow(Context context) throws Exception {
        CardId id = named(context);
        Long minutes = Json.read(context, "minutes").numberOrNull("minutes");
        render(
                context,
                200,
                writing -> CardRegister.allow(writing, api.book(context), id, minutes));
    }

    private void decide(Context context) throws Exception {
        boolean isOn = Json.read(context, "uidCards").flag("uidCards");
        api.write(
                context,
                writing -> {
                    Scheme.takeUidCards(writing, api.book(context), isOn);
                    return true;
                });
        Json.render(context, 200, Json.object().put("uidCards", isOn));
    }

    private void scheme(Context context) throws Exception {
        boolean isOn = api.read(sql -> Scheme.takesUidCards(sql, api.book(context)));
        Json.render(context, 200, Json.object().put("uidCards", isOn));
    }

    private void render(Context context, int status, Bookkeeper.Command<Card> command)
            throws Exception {
        Json.render(context, status, json(api.write(context, command)));
    }

    private static CardId named(Context context) {
        return Card.number(context.pathParam("id"));
    }

    private static TapEvent.Proof leastProof(Json body) throws Problem {
        return body.has("leastProof")
                ? body.choice("leastProof", TapEvent.Proof.class)
                : Card.USUAL_PROOF;
    }

    private static ObjectNode json(Card card) {
        return Json.object()
                .put("id", card.id().value())
                .put("member", card.member().value())
                .put("status", card.status().name())
                .put("leastProof", card.leastProof().name())
                .put("counter", card.counted().counter())
                .put("ahead", card.counted().ahead())
                .put("allowance", card.allowance());
    }
}
