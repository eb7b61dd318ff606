package org.hourtap.simulator.life;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hourtap.contract.CardId;
import org.hourtap.contract.Codec;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.FeedRow.CardRow;
import org.hourtap.contract.MalformedMessageException;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.TransferId;
import org.hourtap.server.books.ChainCheck;
import org.hourtap.server.books.Ids;
import org.hourtap.server.books.Sql;
import org.hourtap.simulator.life.Truth.Tap;
import org.jspecify.annotations.Nullable;

/// The hub's books, read with our own SQL and reckoned with our own arithmetic.
final class BookAudit {
    private static final int FIRST_LEG_BACK = 8;
    private static final int CASH_LEG = 3;

    private static final Set<String> PENCE = Set.of("PAYERS", "TILL", "BANKED");

    private final World world;
    private final Map<Long, Long> balances = new HashMap<>();
    private final Map<TransferId, Long> charged = new LinkedHashMap<>();
    private final Map<TransferId, Long> earned = new LinkedHashMap<>();
    private final Map<TransferId, Long> cash = new HashMap<>();
    private long head;
    private byte[] headId = {};
    private final Map<Long, Optional<MemberId>> owners = new HashMap<>();
    private final SpendingAudit spending;
    private final OfficeAudit office;

    BookAudit(World world) {
        this.world = world;
        this.spending = new SpendingAudit(world);
        this.office = new OfficeAudit(world);
    }

    OfficeAudit office() {
        return office;
    }

    /// Looks at what is new.
    void look() {
        world.hub()
                .read(sql -> {
                    long now = sql.number("SELECT COALESCE(MAX(sequence), 0) FROM transfer");
                    stays(sql, now);
                    if (now > head) {
                        office.days(sql, head);
                        for (BookLine line : BookLine.after(sql, head)) {
                            add(sql, line);
                        }
                        accounts(sql);
                    }
                    return now;
                });
    }

    private void stays(Sql sql, long now) throws SQLException {
        boolean isThere =
                head == 0
                        || sql.one(
                                        "SELECT id FROM transfer WHERE sequence = ?",
                                        row -> row.getBytes("id"),
                                        head)
                                .filter(id -> java.util.Arrays.equals(id, headId))
                                .isPresent();
        if (now < head || !isThere) {
            throw new Violation(
                    Rule.JOURNAL_CHANGED, "the journal ended at " + head + " and now at " + now);
        }
    }

    private void add(Sql sql, BookLine line) throws SQLException {
        if (line.sequence() != head + 1) {
            throw new Violation(Rule.JOURNAL_CHANGED, "a hole before " + line.sequence());
        }
        head = line.sequence();
        headId = Ids.bytes(line.id());
        world.coverage().seen("transfer " + line.reason());
        balances.merge(line.debit(), -line.moved(), Math::addExact);
        balances.merge(line.credit(), line.moved(), Math::addExact);
        office.take(line);
        if (line.moved() > 0) {
            owner(sql, line.credit()).ifPresent(spending::received);
        }
        if (line.isOfTap()) {
            ofTap(line);
        }
    }

    private Optional<MemberId> owner(Sql sql, long account) throws SQLException {
        Optional<MemberId> known = owners.get(account);
        if (known == null) {
            known =
                    sql.one(
                            "SELECT owner FROM account WHERE number = ? AND kind = 'MEMBER'",
                            row -> new MemberId(row.getString("owner")),
                            account);
            owners.put(account, known);
        }
        return known;
    }

    /// The books are an older copy: everything is read and reckoned anew.
    void wentBack() {
        head = 0;
        headId = new byte[0];
        owners.clear();
        balances.clear();
        charged.clear();
        earned.clear();
        cash.clear();
        spending.wentBack();
        office.wentBack();
    }

    /// @return minutes this tap cost so far
    long charged(Tap tap) {
        return charged.getOrDefault(tap.event.id(), 0L);
    }

    /// @return minutes this card's taps cost so far
    long charged(CardId card) {
        return world.truth().all().stream()
                .filter(tap -> tap.event.card().equals(card))
                .mapToLong(this::charged)
                .sum();
    }

    private void ofTap(BookLine line) {
        TransferId id = line.id().withLeg(0);
        Tap tap = world.truth().tap(id);
        if (tap == null) {
            throw new Violation(Rule.CHARGED_TWICE, "nobody ever made the tap " + id);
        }
        boolean isBack = line.id().leg() >= FIRST_LEG_BACK;
        if (line.id().leg() % FIRST_LEG_BACK == CASH_LEG) {
            long pence = isBack ? -line.minutes() : line.minutes();
            cash.merge(id, pence, Math::addExact);
            return;
        }
        long minutes = isBack ? -line.minutes() : line.minutes();
        boolean isEarned = isBack ? earned.containsKey(id) : line.reason().equals("SHIFT_EARNED");
        long net = (isEarned ? earned : charged).merge(id, minutes, Math::addExact);
        long asked = Math.max(tap.asked, tap.event.minutes().minutes());
        if (line.reason().equals("SHORTFALL")) {
            spending.lacked(tap, line.minutes());
        }
        if (!isEarned && (net < 0 || net > asked)) {
            throw new Violation(
                    Rule.CHARGED_TWICE, id + " was charged " + net + " minutes and asked " + asked);
        }
    }

    /// Every account is what its transfers make it, and all that count the same are nothing.
    private void accounts(Sql sql) throws SQLException {
        long[] sum = {0, 0};
        sql.each(
                "SELECT number, kind, owner, debits, credits FROM account",
                row -> {
                    long balance = row.getLong("credits") - row.getLong("debits");
                    sum[PENCE.contains(row.getString("kind")) ? 1 : 0] += balance;
                    long reckoned = balances.getOrDefault(row.getLong("number"), 0L);
                    if (balance != reckoned) {
                        throw new Violation(
                                Rule.BALANCE_NOT_ITS_ENTRIES,
                                row.getString("kind")
                                        + " "
                                        + row.getString("owner")
                                        + " has "
                                        + balance
                                        + ", its transfers make "
                                        + reckoned);
                    }
                });
        if (sum[0] != 0 || sum[1] != 0) {
            throw new Violation(
                    Rule.OUT_OF_BALANCE,
                    "all accounts together are " + sum[0] + " minutes, " + sum[1] + " pence");
        }
    }

    /// What the hub says of a card to terminals.
    @Nullable CardRow row(CardId card) {
        return world.hub()
                .read(sql ->
                        sql.one(
                                "SELECT payload FROM feed WHERE kind = 'CARD' AND key = ?",
                                row -> (CardRow) feedRow(row),
                                card.value()))
                .orElse(null);
    }

    /// What the hub says to a terminal of itself.
    List<FeedRow> rows(TerminalId terminal) {
        return world.hub()
                .read(sql ->
                        sql.list(
                                "SELECT payload FROM feed WHERE kind IN ('PROFILE', 'POLICY')"
                                        + " AND key = ?",
                                BookAudit::feedRow,
                                terminal.value()));
    }

    List<CardRow> rows() {
        return world.hub()
                .read(sql ->
                        sql.list(
                                "SELECT payload FROM feed WHERE kind = 'CARD' ORDER BY key",
                                row -> (CardRow) feedRow(row)));
    }

    private static FeedRow feedRow(ResultSet row) throws SQLException {
        try {
            return Codec.decodeRow(row.getString("payload"));
        } catch (MalformedMessageException e) {
            throw new SQLException(e);
        }
    }

    /// With everything delivered: each tap has moved what it should have, no more and no less.
    void settle() {
        look();
        chainHolds();
        world.hub()
                .read(sql -> {
                    office.settle(sql);
                    return head;
                });
        Map<TransferId, String> recorded = new HashMap<>();
        Map<TransferId, String> texts = new LinkedHashMap<>();
        world.hub()
                .read(sql -> {
                    sql.each(
                            "SELECT id, outcome, text FROM tap",
                            row -> {
                                TransferId id = Ids.read(row, "id");
                                String text = row.getString("text");
                                recorded.put(id, row.getString("outcome"));
                                if (text.isEmpty()) {
                                    world.coverage().seen("tap only a card told of");
                                } else {
                                    texts.put(id, text);
                                }
                            });
                    return head;
                });
        Found found = found();
        LossAudit losses = new LossAudit(world, recorded);
        for (Tap tap : world.truth().all()) {
            if (tap.isGone()) {
                if (!recorded.containsKey(tap.event.id())) {
                    losses.look(tap, found.listed().contains(tap));
                }
            } else if (world.wear().isNamedLoss(tap, recorded.keySet())) {
                MemberId member = world.mishaps().people().memberOf(tap.event.card());
                found.times().computeIfAbsent(member, _ -> new ArrayList<>()).add(tap.micros);
            } else {
                settle(tap, recorded);
            }
        }
        allowances();
        new ShiftAudit(world, earned).settle(found.times());
        texts.forEach(this::isAsWritten);
    }

    private void isAsWritten(TransferId id, String text) {
        Tap tap = world.truth().tap(id);
        try {
            if (tap != null && tap.isCertain && !Codec.decodeEvent(text).equals(tap.event)) {
                throw new Violation(Rule.TAP_CHANGED, text + " was " + tap.event);
            }
        } catch (MalformedMessageException e) {
            throw new Violation(Rule.TAP_CHANGED, "the hub keeps what is no tap: " + text);
        }
    }

    /// What a lent card may still spend is what it was given, less what it spent.
    private void allowances() {
        world.operators()
                .granted()
                .forEach((card, given) -> {
                    CardRow row = row(card);
                    Long left = row == null ? null : row.allowance();
                    if (left == null || left != given - charged(card)) {
                        throw new Violation(
                                Rule.ALLOWANCE_WRONG,
                                card
                                        + " was given "
                                        + given
                                        + ", spent "
                                        + charged(card)
                                        + " and has "
                                        + left);
                    }
                });
    }

    private void chainHolds() {
        List<ChainCheck.Verdict> verdicts =
                world.hub().read(sql -> ChainCheck.verify(sql, _ -> {}));
        for (ChainCheck.Verdict verdict : verdicts) {
            if (verdict.fault() != null) {
                throw new Violation(Rule.CHAIN_BROKEN, verdict.fault());
            }
        }
    }

    private void settle(Tap tap, Map<TransferId, String> recorded) {
        TransferId id = tap.event.id();
        // Told to someone, a tap is there, even if the machine stopped before its write returned.
        TapEvent kept = tap.kept == null && tap.isGreen ? tap.event : tap.kept;
        if (kept == null) {
            return; // nothing was promised
        }
        String outcome = recorded.get(id);
        if (outcome == null) {
            throw new Violation(
                    Rule.TAP_NOT_RECORDED, kept.kind() + " " + id + " of " + tap.terminal);
        }
        world.coverage().seen("outcome " + outcome);
        long net = charged.getOrDefault(id, 0L);
        if ((tap.isWelcomed() || tap.isGreen) && kept.kind() == TapEvent.Kind.SPEND && net == 0) {
            throw new Violation(Rule.TAP_LOST, id + " of " + tap.terminal + " moved nothing");
        }
        long pence = cash.getOrDefault(id, 0L);
        if (pence != (net == 0 ? 0 : world.office().cash().units())) {
            throw new Violation(
                    Rule.CASH_WRONG, id + " cost " + net + " minutes and " + pence + " pence");
        }
        if (tap.isCertain && tap.isRefused() && net != 0) {
            throw new Violation(
                    Rule.CHARGED_FOR_NOTHING, id + " of " + tap.terminal + " moved " + net);
        }
    }

    /// What the hub lists for someone to look at.
    ///
    /// @param times per member, the true times of the taps it is about
    /// @param listed the taps themselves
    private record Found(Map<MemberId, List<Long>> times, Set<Tap> listed) {}

    private Found found() {
        Found found = new Found(new HashMap<>(), new HashSet<>());
        world.hub()
                .read(sql -> {
                    sql.each(
                            "SELECT kind, terminal, sequence, card FROM finding",
                            row -> {
                                world.coverage().seen("finding " + row.getString("kind"));
                                String terminal = row.getString("terminal");
                                long sequence = row.getLong("sequence");
                                world.truth().named(terminal).stream()
                                        .filter(tap -> tap.event.sequence() == sequence)
                                        .forEach(tap -> list(found, tap));
                            });
                    return head;
                });
        return found;
    }

    private void list(Found found, Tap tap) {
        found.listed().add(tap);
        if (world.mishaps().people().isOurs(tap.event.card())) {
            found.times()
                    .computeIfAbsent(
                            world.mishaps().people().memberOf(tap.event.card()),
                            _ -> new ArrayList<>())
                    .add(tap.micros);
        }
    }
}
