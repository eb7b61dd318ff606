package org.hourtap.server.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import org.hourtap.contract.BookId;
import org.hourtap.contract.TransferId;
import org.hourtap.ledger.Entry;
import org.hourtap.server.inbox.WaitingShifts;
import org.hourtap.server.office.Operator;

/// Shifts that wait for a coordinator.
final class ShiftRoutes {
    private final Api api;

    ShiftRoutes(Api api) {
        this.api = api;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/api/1/shifts/waiting", this::waiting);
        routes.post("/api/1/shifts/{id}/approve", this::approve);
        routes.post("/api/1/shifts/{id}/decline", this::decline);
    }

    private void waiting(Context context) throws Exception {
        List<WaitingShifts.Waiting> waiting =
                api.read(sql -> WaitingShifts.list(sql, api.book(context)));
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("shifts");
        for (WaitingShifts.Waiting shift : waiting) {
            list.addObject()
                    .put("id", shift.id().toString())
                    .put("account", shift.holder().name())
                    .put("activity", shift.activity())
                    .put("since", Json.time(shift.sinceMicros()))
                    .put("until", Json.time(shift.untilMicros()))
                    .put("minutes", shift.minutes());
        }
        Json.render(context, 200, body);
    }

    private void approve(Context context) throws Exception {
        BookId book = api.book(context);
        TransferId tap = TransferId.parse(context.pathParam("id"));
        OfficeRoutes.instruct(
                api,
                context,
                (writing, id, minutes, operator) ->
                        new WaitingShifts(writing, book).approve(tap, id, minutes, operator));
    }

    private void decline(Context context) throws Exception {
        Json body = Json.read(context, "id", "operator", "note");
        TransferId tap = TransferId.parse(context.pathParam("id"));
        TransferId id = OfficeRoutes.id(body);
        Operator operator = OfficeRoutes.operator(body);
        Entry entry =
                api.write(
                        context,
                        writing ->
                                new WaitingShifts(writing, api.book(context))
                                        .decline(tap, id, operator));
        OfficeRoutes.done(context, entry);
    }
}
