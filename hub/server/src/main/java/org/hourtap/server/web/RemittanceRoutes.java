package org.hourtap.server.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import org.hourtap.contract.BookId;
import org.hourtap.ledger.Entry;
import org.hourtap.server.office.Remittance;
import org.hourtap.server.office.Remittances;
import org.hourtap.server.office.Remittances.OnItsWay;
import org.hourtap.server.office.Remittances.Whereabouts;

/// Hours between books.
final class RemittanceRoutes {
    private final Api api;

    RemittanceRoutes(Api api) {
        this.api = api;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/api/1/remittances", this::list);
    }

    /// Sends hours to another book, and says whether they are there.
    static void send(Api api, Context context, Remittance remittance) throws Exception {
        Entry entry = remittance.sending().entry(api.write(context, remittance::post));
        Whereabouts whereabouts = api.read(sql -> new Remittances(sql).whereabouts(remittance));
        Json.render(
                context,
                whereabouts == Whereabouts.ON_ITS_WAY ? 202 : 201,
                Json.object()
                        .put("id", entry.transfer().id().toString())
                        .put("sequence", entry.sequence())
                        .put("state", whereabouts.name())
                        .put("sentence", sentence(whereabouts, remittance.to().book())));
    }

    private static String sentence(Whereabouts whereabouts, BookId there) {
        return switch (whereabouts) {
            case ARRIVED -> "Both books have it.";
            case ON_ITS_WAY ->
                    "On its way: book "
                            + there
                            + " takes it within seconds, once a hub writes that book, or it comes"
                            + " back with a finding. 'remittances' lists it until then.";
            case COMING_BACK ->
                    "Book "
                            + there
                            + " did not take it. The hours come back within seconds; 'remittances'"
                            + " says why.";
            case CAME_BACK ->
                    "Book " + there + " did not take it. The hours came back; 'findings' says why.";
        };
    }

    private void list(Context context) throws Exception {
        List<OnItsWay> remittances = api.read(sql -> new Remittances(sql).list(api.book(context)));
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("remittances");
        for (OnItsWay one : remittances) {
            Remittance remittance = one.remittance();
            String refused = one.refused();
            list.addObject()
                    .put("id", remittance.id().toString())
                    .put("from", remittance.from().toString())
                    .put("to", remittance.to().toString())
                    .put("minutes", remittance.amount().minutes())
                    .put("since", Json.time(one.madeMicros()))
                    .put("operator", remittance.operator().name())
                    .put("note", remittance.operator().note())
                    .put(
                            "state",
                            (refused == null ? Whereabouts.ON_ITS_WAY : Whereabouts.COMING_BACK)
                                    .name())
                    .put("refused", refused == null ? "" : refused);
        }
        Json.render(context, 200, body);
    }
}
