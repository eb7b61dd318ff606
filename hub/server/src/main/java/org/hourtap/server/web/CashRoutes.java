package org.hourtap.server.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import org.hourtap.contract.TransferId;
import org.hourtap.contract.VenueId;
import org.hourtap.ledger.Amount;
import org.hourtap.server.books.Writing;
import org.hourtap.server.office.Cash;
import org.hourtap.server.office.Instruction;
import org.hourtap.server.office.Operator;
import org.jspecify.annotations.Nullable;

/// Cash that venues take beside hours, as a memo.
final class CashRoutes {
    private final Api api;

    CashRoutes(Api api) {
        this.api = api;
    }

    void addTo(RoutesConfig routes) {
        routes.post("/api/1/venues/{id}/cash/taken", this::taken);
        routes.post("/api/1/venues/{id}/cash/banked", this::banked);
    }

    private void taken(Context context) throws Exception {
        Json body = read(context);
        Amount amount = Amount.pence(body.number("pence"));
        record(
                context,
                body,
                (writing, venue, id, operator) ->
                        Cash.taken(writing, api.book(context), venue, id, amount, operator));
    }

    private void banked(Context context) throws Exception {
        Json body = read(context);
        @Nullable Amount part = body.has("pence") ? Amount.pence(body.number("pence")) : null;
        record(
                context,
                body,
                (writing, venue, id, operator) ->
                        Cash.banked(writing, api.book(context), venue, id, part, operator));
    }

    private static Json read(Context context) throws Problem {
        return Json.read(context, "id", "pence", "operator", "note");
    }

    @FunctionalInterface
    private interface Recording {
        Instruction of(Writing writing, VenueId venue, TransferId id, Operator operator)
                throws Exception;
    }

    private void record(Context context, Json body, Recording recording) throws Exception {
        VenueId venue = new VenueId(context.pathParam("id"));
        TransferId id = OfficeRoutes.id(body);
        Operator operator = OfficeRoutes.operator(body);
        OfficeRoutes.done(
                context,
                api.write(
                        context,
                        writing ->
                                OfficeRoutes.written(
                                        writing, recording.of(writing, venue, id, operator))));
    }
}
