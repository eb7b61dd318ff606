package org.hourtap.server.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hourtap.contract.BookId;
import org.hourtap.contract.SignedHead;
import org.hourtap.ledger.AccountKind;
import org.hourtap.ledger.Asset;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.Sql;
import org.hourtap.server.books.Statements;
import org.hourtap.server.office.DayClose;
import org.jspecify.annotations.Nullable;

/// Business days and their sheets.
final class DayRoutes {
    private final Api api;

    DayRoutes(Api api) {
        this.api = api;
    }

    void addTo(RoutesConfig routes) {
        routes.post("/api/1/days", this::close);
        routes.get("/api/1/days", this::days);
        routes.get("/api/1/days/{number}", this::sheet);
        routes.get("/api/1/day", this::openDay);
    }

    private void close(Context context) throws Exception {
        Json body = Json.read(context, "day", "operator");
        LocalDate day = DayClose.day(body.text("day"));
        String operator = body.text("operator");
        DayClose close =
                api.write(
                        context,
                        writing -> DayClose.close(writing, api.book(context), day, operator));
        Json.render(context, 201, json(close));
    }

    private void days(Context context) throws Exception {
        List<DayClose> days = api.read(sql -> DayClose.list(sql, api.book(context)));
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("days");
        days.forEach(day -> list.add(json(day)));
        Json.render(context, 200, body);
    }

    private void sheet(Context context) throws Exception {
        long number = number(context.pathParam("number"));
        Optional<ObjectNode> sheet =
                api.read(sql -> {
                    Optional<DayClose> day = DayClose.find(sql, api.book(context), number);
                    return day.isEmpty()
                            ? Optional.empty()
                            : Optional.of(sheet(context, sql, day.get()));
                });
        Json.render(
                context,
                200,
                sheet.orElseThrow(() ->
                        RefusedException.notFound("No day number " + number + " was closed.")));
    }

    private void openDay(Context context) throws Exception {
        Json.render(context, 200, api.read(sql -> sheet(context, sql, null)));
    }

    /// @param close the day; absent for what was not closed yet
    private ObjectNode sheet(Context context, Sql sql, @Nullable DayClose close)
            throws SQLException {
        Statements statements = new Statements(sql);
        Optional<DayClose> before =
                close == null
                        ? DayClose.newest(sql, api.book(context))
                        : DayClose.find(sql, api.book(context), close.number() - 1);
        long after = before.map(DayClose::lastSequence).orElse(0L);
        long through = close == null ? statements.last(api.book(context)) : close.lastSequence();
        ObjectNode body = close == null ? Json.object() : json(close);
        BookId book = api.book(context);
        if (close != null && close.lastSequence() > 0) {
            body.put("signedHead", signed(book, close).line());
        }
        body.put("firstSequence", after + 1).put("lastSequence", through);
        put(
                body.putArray("venues"),
                "minutes",
                statements.turnover(book, AccountKind.VENUE, after, through));
        put(
                body.putArray("cash"),
                "pence",
                statements.turnover(book, AccountKind.TILL, after, through));
        Map<AccountKind, Long> kinds = new EnumMap<>(AccountKind.class);
        long debits = 0;
        long credits = 0;
        long pending = 0;
        for (Statements.Standing standing : statements.standings(api.book(context), through)) {
            AccountKind kind = standing.account().kind();
            kinds.merge(kind, standing.carried(), Math::addExact);
            if (kind.asset() == Asset.PENCE) {
                continue;
            }
            debits = Math.addExact(debits, standing.balance().debits());
            credits = Math.addExact(credits, standing.balance().credits());
            pending = Math.addExact(pending, standing.balance().pendingDebits());
        }
        ObjectNode totals = body.putObject("balances");
        ObjectNode cash = body.putObject("cashBalances");
        kinds.forEach((kind, balance) ->
                (kind.asset() == Asset.PENCE ? cash : totals).put(kind.name(), balance));
        return body.put("float", circulating(kinds))
                .put("pending", pending)
                .put("sum", credits - debits);
    }

    private static void put(ArrayNode list, String unit, List<Statements.Turnover> all) {
        for (Statements.Turnover turnover : all) {
            list.addObject()
                    .put("venue", turnover.venue())
                    .put("reason", turnover.reason().name())
                    .put("transfers", turnover.transfers())
                    .put(unit, turnover.isIn() ? turnover.minutes() : -turnover.minutes());
        }
    }

    /// Of the transfer that was the newest when the day was closed, not of what is now, so that
    /// every printing of a sheet says the same of the journal.
    private SignedHead signed(BookId book, DayClose close) {
        return api.heads().sign(book, close.lastSequence(), close.hash(), SystemTime.wallMicros());
    }

    /// Hours that somebody can still spend.
    private static long circulating(Map<AccountKind, Long> kinds) {
        return kinds.getOrDefault(AccountKind.MEMBER, 0L)
                + kinds.getOrDefault(AccountKind.GROUP, 0L)
                + kinds.getOrDefault(AccountKind.POT, 0L);
    }

    private static long number(String text) throws Problem {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new Problem(400, "Days are asked for by number, such as /days/1.");
        }
    }

    private static ObjectNode json(DayClose close) {
        return Json.object()
                .put("number", close.number())
                .put("day", close.day().toString())
                .put("lastSequence", close.lastSequence())
                .put("hash", close.hash())
                .put("closedMicros", close.closedMicros())
                .put("operator", close.operator());
    }
}
