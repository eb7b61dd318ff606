package org.hourtap.server.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hourtap.contract.ActivityId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.EnrolmentCode;
import org.hourtap.contract.EnrolmentCodec;
import org.hourtap.contract.EnrolmentReply;
import org.hourtap.contract.EnrolmentRequest;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.MalformedMessageException;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.VenueId;
import org.hourtap.ledger.Amount;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.desk.Presence;
import org.hourtap.server.fleet.Activity;
import org.hourtap.server.fleet.Enrolment;
import org.hourtap.server.fleet.Fleet;
import org.hourtap.server.fleet.Terminal;
import org.hourtap.server.fleet.Venue;
import org.hourtap.server.inbox.Taps;

/// Venues, activities and terminals, and the door new terminals come in by.
final class FleetRoutes {
    static final String ENROL = "/api/1/enrol";

    private static final long PASSBACK_SECONDS = 30;
    private static final long OFFLINE_LIMIT_MINUTES = 120;
    private static final long CARRIED_LIMIT_MINUTES = 600;

    private final Api api;
    private final RateLimit enrolments;

    FleetRoutes(Api api, RateLimit enrolments) {
        this.api = api;
        this.enrolments = enrolments;
    }

    void addTo(RoutesConfig routes) {
        routes.post("/api/1/venues", this::putVenue);
        routes.get("/api/1/venues", this::venues);
        routes.post("/api/1/activities", this::putActivity);
        routes.get("/api/1/activities", this::activities);
        routes.post("/api/1/terminals", this::putTerminal);
        routes.get("/api/1/terminals", this::terminals);
        routes.post("/api/1/terminals/{id}/code", this::code);
        routes.post("/api/1/terminals/{id}/revoke", this::revoke);
        routes.post(ENROL, this::enrol);
    }

    private void putVenue(Context context) throws Exception {
        Json body = Json.read(context, "id", "name");
        Venue venue = new Venue(new VenueId(body.text("id")), body.text("name"));
        api.write(
                context,
                writing -> {
                    Fleet.put(writing, api.book(context), venue);
                    return true;
                });
        Json.render(context, 201, json(venue));
    }

    private void venues(Context context) throws Exception {
        List<Venue> venues = api.read(sql -> new Fleet(sql).venues(api.book(context)));
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("venues");
        venues.forEach(venue -> list.add(json(venue)));
        Json.render(context, 200, body);
    }

    private void putActivity(Context context) throws Exception {
        Json body =
                Json.read(
                        context,
                        "id",
                        "name",
                        "kind",
                        "price",
                        "roundUpTo",
                        "needsApproval",
                        "pence");
        Activity activity =
                new Activity(
                        new ActivityId(body.text("id")),
                        body.text("name"),
                        body.choice("kind", Activity.Kind.class),
                        new Credits(body.number("price", 0)),
                        Math.toIntExact(body.number("roundUpTo", 1)),
                        body.has("needsApproval") && body.flag("needsApproval"),
                        Amount.pence(body.number("pence", 0)));
        api.write(
                context,
                writing -> {
                    Fleet.put(writing, api.book(context), activity);
                    return true;
                });
        Json.render(context, 201, json(activity));
    }

    private void activities(Context context) throws Exception {
        List<Activity> activities = api.read(sql -> new Fleet(sql).activities(api.book(context)));
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("activities");
        activities.forEach(activity -> list.add(json(activity)));
        Json.render(context, 200, body);
    }

    private void putTerminal(Context context) throws Exception {
        Json body =
                Json.read(
                        context,
                        "id",
                        "venue",
                        "mode",
                        "activity",
                        "language",
                        "passbackSeconds",
                        "offlineLimit",
                        "carriedLimit");
        Terminal terminal =
                new Terminal(
                        new TerminalId(body.text("id")),
                        new VenueId(body.text("venue")),
                        body.choice("mode", FeedRow.Mode.class),
                        new ActivityId(body.text("activity")),
                        body.text("language", "en"),
                        new FeedRow.PolicyRow(
                                Math.toIntExact(body.number("passbackSeconds", PASSBACK_SECONDS)),
                                new Credits(body.number("offlineLimit", OFFLINE_LIMIT_MINUTES)),
                                new Credits(body.number("carriedLimit", CARRIED_LIMIT_MINUTES))),
                        false,
                        null,
                        0);
        api.write(
                context,
                writing -> {
                    Fleet.put(writing, api.book(context), terminal);
                    return true;
                });
        Json.render(context, 201, json(context, terminal, new Taps.Count(0, 0, 0)));
    }

    private void terminals(Context context) throws Exception {
        List<Terminal> terminals = new ArrayList<>();
        Map<String, Taps.Count> counts = new HashMap<>();
        api.read(sql -> {
            terminals.addAll(new Fleet(sql).terminals(api.book(context)));
            counts.putAll(new Taps(sql).counts(api.book(context)));
            return true;
        });
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("terminals");
        Taps.Count none = new Taps.Count(0, 0, 0);
        for (Terminal terminal : terminals) {
            list.add(json(context, terminal, counts.getOrDefault(terminal.id().value(), none)));
        }
        Json.render(context, 200, body);
    }

    private void code(Context context) throws Exception {
        TerminalId terminal = new TerminalId(context.pathParam("id"));
        byte[] random = SystemTime.randomBytes(EnrolmentCode.RANDOM_BYTES);
        EnrolmentCode code =
                api.write(
                        context,
                        writing ->
                                Enrolment.issueCode(writing, api.book(context), terminal, random));
        Json.render(context, 201, Json.object().put("code", code.shown()));
    }

    private void revoke(Context context) throws Exception {
        TerminalId terminal = new TerminalId(context.pathParam("id"));
        api.write(
                context,
                writing -> {
                    Fleet.revoke(writing, api.book(context), terminal);
                    writing.afterCommit(() -> api.admitted().shutOut(api.book(context), terminal));
                    return true;
                });
        api.desk().shutOut(api.book(context), terminal);
        api.cutOff().disconnect(terminal);
        Json.render(context, 200, Json.object().put("id", terminal.value()).put("revoked", true));
    }

    private void enrol(Context context) throws Exception {
        if (!enrolments.isWithin(SystemTime.wallMicros())) {
            throw new Problem(429, "Too many attempts to enrol. Try again in a minute.");
        }
        EnrolmentRequest request;
        try {
            request = EnrolmentCodec.decodeRequest(Json.bytes(context));
        } catch (MalformedMessageException e) {
            throw new Problem(400, "This is no enrolment request: " + e.getMessage());
        }
        EnrolmentReply reply = api.writeAny(writing -> api.enrolment().admit(writing, request));
        context.status(200).contentType("application/json").result(EnrolmentCodec.encode(reply));
    }

    private static ObjectNode json(Venue venue) {
        return Json.object().put("id", venue.id().value()).put("name", venue.name());
    }

    private static ObjectNode json(Activity activity) {
        return Json.object()
                .put("id", activity.id().value())
                .put("name", activity.name())
                .put("kind", activity.kind().name())
                .put("price", activity.price().minutes())
                .put("roundUpTo", activity.roundUpTo())
                .put("needsApproval", activity.needsApproval())
                .put("pence", activity.cash().units());
    }

    private ObjectNode json(Context context, Terminal terminal, Taps.Count count) {
        Presence presence = api.desk().presence(api.book(context), terminal.id());
        return Json.object()
                .put("id", terminal.id().value())
                .put("venue", terminal.venue().value())
                .put("mode", terminal.mode().name())
                .put("activity", terminal.activity().value())
                .put("language", terminal.language())
                .put("passbackSeconds", terminal.policy().passbackSeconds())
                .put("offlineLimit", terminal.policy().offlineLimit().minutes())
                .put("carriedLimit", terminal.policy().carriedLimit().minutes())
                .put("enrolled", terminal.certificateSerial() != null)
                .put("revoked", terminal.isRevoked())
                .put("online", presence.isOnline())
                .put("programVersion", presence.programVersion())
                .put("heardMicros", presence.heardMicros())
                .put("journalled", presence.journalled())
                .put("lastSequence", terminal.lastSequence())
                .put("tapsReceived", count.received())
                .put("tapsWelcomed", count.welcomed())
                .put("tapsPosted", count.posted());
    }
}
