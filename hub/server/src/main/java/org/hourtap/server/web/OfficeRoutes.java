package org.hourtap.server.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hourtap.contract.ActivityId;
import org.hourtap.contract.BookId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TransferId;
import org.hourtap.contract.VenueId;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.AccountKind;
import org.hourtap.ledger.Amount;
import org.hourtap.ledger.Entry;
import org.hourtap.ledger.Limits;
import org.hourtap.ledger.PotRule;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Rejection;
import org.hourtap.ledger.Stage;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.books.Writing;
import org.hourtap.server.office.Adjustment;
import org.hourtap.server.office.Agreement;
import org.hourtap.server.office.Instruction;
import org.hourtap.server.office.Operator;
import org.hourtap.server.office.Pots;
import org.hourtap.server.office.Remittance;
import org.jspecify.annotations.Nullable;

/// Hours moved by hand, and what was agreed about accounts.
final class OfficeRoutes {
    private static final long POT_DAYS = 30;

    private final Api api;

    OfficeRoutes(Api api) {
        this.api = api;
    }

    void addTo(RoutesConfig routes) {
        routes.post("/api/1/adjustments", this::adjust);
        routes.post("/api/1/transfers", this::transfer);
        routes.post("/api/1/transfers/{id}/post", this::post);
        routes.post("/api/1/transfers/{id}/void", context -> undo(context, Reason.VOID));
        routes.post("/api/1/transfers/{id}/refund", context -> undo(context, Reason.REFUND));
        routes.post("/api/1/venues/{id}/settle", this::settle);
        routes.post("/api/1/accounts", this::agree);
        routes.post("/api/1/accounts/{account}/close", this::close);
        routes.post("/api/1/activities/{id}/group", this::group);
        routes.post("/api/1/pots/{id}/rule", this::rule);
    }

    private void adjust(Context context) throws Exception {
        Json body = Json.read(context, "id", "member", "minutes", "operator", "note");
        Adjustment adjustment =
                new Adjustment(
                        id(body),
                        new MemberId(body.text("member")),
                        body.number("minutes"),
                        operator(body));
        done(context, adjustment.in(api.book(context)));
    }

    private void transfer(Context context) throws Exception {
        Json body =
                Json.read(
                        context,
                        "id",
                        "reason",
                        "debit",
                        "credit",
                        "minutes",
                        "pending",
                        "until",
                        "operator",
                        "note");
        Reason reason = body.choice("reason", Reason.class);
        AccountId debit = AccountId.parse(api.book(context), body.text("debit"));
        AccountId credit = account(context, body.text("credit"));
        Credits amount = new Credits(body.number("minutes"));
        TransferId id = id(body);
        Stage stage = stage(body);
        if (reason == Reason.BETWEEN_BOOKS) {
            if (!stage.isPlain()) {
                throw new Problem(400, Rejection.REASON_IS_AT_ONCE.sentence());
            }
            Remittance remittance = new Remittance(id, debit, credit, amount, operator(body));
            RemittanceRoutes.send(api, context, remittance);
        } else {
            done(
                    context,
                    new Instruction(
                            id,
                            reason,
                            debit,
                            credit,
                            Amount.of(amount),
                            null,
                            operator(body),
                            stage));
        }
    }

    private static Stage stage(Json body) throws Problem {
        boolean isPending = body.has("pending") && body.flag("pending");
        if (!body.has("until")) {
            return isPending ? Stage.PENDING : Stage.PLAIN;
        }
        if (!isPending) {
            throw new Problem(
                    400, "'until' is the end of a pending transfer. Say pending as well.");
        }
        return Stage.pendingUntil(Query.end(body.text("until")));
    }

    private void post(Context context) throws Exception {
        BookId book = api.book(context);
        TransferId pending = TransferId.parse(context.pathParam("id"));
        instruct(
                api,
                context,
                (writing, id, minutes, operator) ->
                        written(
                                writing,
                                Instruction.posting(
                                        writing, book, id, pending, minutes, operator)));
    }

    private void undo(Context context, Reason reason) throws Exception {
        BookId book = api.book(context);
        TransferId original = TransferId.parse(context.pathParam("id"));
        Json body = Json.read(context, "id", "minutes", "pence", "operator", "note");
        if (body.has("minutes") && body.has("pence")) {
            throw new Problem(400, "Say minutes or pence; a transfer is of one of them.");
        }
        Amount minutes =
                body.has("minutes") ? Amount.of(new Credits(body.number("minutes"))) : null;
        Amount part = body.has("pence") ? Amount.pence(body.number("pence")) : minutes;
        TransferId id = id(body);
        Operator operator = operator(body);
        Entry entry =
                api.write(
                        context,
                        writing ->
                                written(
                                        writing,
                                        Instruction.undoing(
                                                writing, book, id, original, reason, part,
                                                operator)));
        done(context, entry);
    }

    private void settle(Context context) throws Exception {
        AccountId venue = AccountId.of(api.book(context), new VenueId(context.pathParam("id")));
        instruct(
                api,
                context,
                (writing, id, minutes, operator) ->
                        written(
                                writing,
                                Instruction.settling(writing, venue, id, minutes, operator)));
    }

    /// What an operator says about one thing that is in the books.
    @FunctionalInterface
    interface Instructing {
        /// @param id of the transfer that comes of it
        /// @param minutes how much of it; all of it if absent
        Entry write(Writing writing, TransferId id, @Nullable Credits minutes, Operator operator)
                throws Exception;
    }

    /// Reads who says so, why and how much, has it written, and answers with the entry.
    static void instruct(Api api, Context context, Instructing instructing) throws Exception {
        Json body = Json.read(context, "id", "minutes", "operator", "note");
        Credits minutes = body.has("minutes") ? new Credits(body.number("minutes")) : null;
        TransferId id = id(body);
        Operator operator = operator(body);
        Entry entry =
                api.write(context, writing -> instructing.write(writing, id, minutes, operator));
        done(context, entry);
    }

    static Entry written(Writing writing, Instruction instruction) throws Exception {
        return instruction.entry(instruction.post(writing));
    }

    private void agree(Context context) throws Exception {
        Json body = Json.read(context, "account", "name", "least", "most");
        AccountId account = AccountId.parse(api.book(context), body.text("account"));
        Limits usual = Limits.of(account.kind());
        Agreement agreement =
                new Agreement(
                        account,
                        body.text("name"),
                        new Limits(
                                body.number("least", usual.least()),
                                body.number("most", usual.most())));
        api.write(
                context,
                writing -> {
                    agreement.keep(writing);
                    return true;
                });
        Json.render(context, 201, Json.object().put("account", account.name()));
    }

    private void close(Context context) throws Exception {
        AccountId account = AccountId.parse(api.book(context), context.pathParam("account"));
        AccountKind kind = account.kind();
        if (kind.isSingle()
                || kind == AccountKind.MEMBER
                || kind == AccountKind.VENUE
                || kind == AccountKind.TILL) {
            throw new Problem(400, "Only a POT, a GROUP, a PARTNER or a MIRROR can be closed.");
        }
        api.write(
                context,
                writing -> {
                    Agreement.end(writing, account);
                    return true;
                });
        Json.render(context, 200, Json.object().put("account", account.name()).put("closed", true));
    }

    private void group(Context context) throws Exception {
        Json body = Json.read(context, "group");
        ActivityId activity = new ActivityId(context.pathParam("id"));
        AccountId group = new AccountId(api.book(context), AccountKind.GROUP, body.text("group"));
        api.write(
                context,
                writing -> {
                    Agreement.credit(writing, api.book(context), activity, group);
                    return true;
                });
        Json.render(
                context,
                200,
                Json.object().put("activity", activity.value()).put("group", group.owner()));
    }

    private void rule(Context context) throws Exception {
        Json body =
                Json.read(
                        context,
                        "coversShortfalls",
                        "members",
                        "activities",
                        "mostAtOnce",
                        "mostPerMember",
                        "days");
        String pot = context.pathParam("id");
        PotRule rule =
                new PotRule(
                        body.flag("coversShortfalls"),
                        ids(body.text("members", ""), MemberId::new),
                        ids(body.text("activities", ""), ActivityId::new),
                        new Credits(body.number("mostAtOnce")),
                        new Credits(body.number("mostPerMember")),
                        Math.toIntExact(body.number("days", POT_DAYS)));
        api.write(
                context,
                writing -> {
                    new Pots(writing, api.book(context)).rule(pot, rule);
                    return true;
                });
        Json.render(context, 200, Json.object().put("pot", pot));
    }

    private void done(Context context, Instruction instruction) throws Exception {
        done(context, instruction.entry(api.write(context, instruction::post)));
    }

    static void done(Context context, Entry entry) {
        ObjectNode answer =
                Json.object()
                        .put("id", entry.transfer().id().toString())
                        .put("sequence", entry.sequence());
        Json.render(context, 201, answer);
    }

    /// @param text `KIND:owner`, or `book/KIND:owner` where the hours go to another book
    private AccountId account(Context context, String text) {
        int slash = text.indexOf('/');
        return slash < 0
                ? AccountId.parse(api.book(context), text)
                : AccountId.parse(new BookId(text.substring(0, slash)), text.substring(slash + 1));
    }

    static TransferId id(Json body) throws Problem {
        return body.has("id")
                ? TransferId.parse(body.text("id"))
                : TransferId.mint(
                        SystemTime.wallMicros() / 1_000,
                        SystemTime.randomLong(),
                        SystemTime.randomLong());
    }

    static Operator operator(Json body) throws Problem {
        return new Operator(body.text("operator"), body.text("note"));
    }

    private static <T> Set<T> ids(String text, Function<String, T> id) {
        return Stream.of(text.split("[ ,]+"))
                .filter(part -> !part.isEmpty())
                .map(id)
                .collect(Collectors.toUnmodifiableSet());
    }
}
