package org.hourtap.server.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import org.hourtap.contract.BookId;
import org.hourtap.contract.VenueId;
import org.hourtap.server.office.Cash;

/// Cash that venues take beside hours, as a memo.
final class CashRoutes {
    private static final String PENCE = "pence";

    private final Api api;

    CashRoutes(Api api) {
        this.api = api;
    }

    void addTo(RoutesConfig routes) {
        routes.post("/api/1/venues/{id}/cash/taken", this::taken);
        routes.post("/api/1/venues/{id}/cash/banked", this::banked);
    }

    private void taken(Context context) throws Exception {
        BookId book = api.book(context);
        VenueId venue = new VenueId(context.pathParam("id"));
        OfficeRoutes.instruct(
                api,
                context,
                PENCE,
                (writing, id, pence, operator) -> {
                    if (pence == null) {
                        throw new Problem(400, "Say how much was taken, in 'pence'.");
                    }
                    return OfficeRoutes.written(
                            writing, Cash.taken(writing, book, venue, id, pence, operator));
                });
    }

    private void banked(Context context) throws Exception {
        BookId book = api.book(context);
        VenueId venue = new VenueId(context.pathParam("id"));
        OfficeRoutes.instruct(
                api,
                context,
                PENCE,
                (writing, id, pence, operator) ->
                        OfficeRoutes.written(
                                writing, Cash.banked(writing, book, venue, id, pence, operator)));
    }
}
