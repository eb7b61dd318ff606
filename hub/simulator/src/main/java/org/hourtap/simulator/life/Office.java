package org.hourtap.simulator.life;

import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.hourtap.contract.Credits;
import org.hourtap.contract.TransferId;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.AccountKind;
import org.hourtap.ledger.Amount;
import org.hourtap.ledger.Entry;
import org.hourtap.ledger.Limits;
import org.hourtap.ledger.PostOutcome;
import org.hourtap.ledger.PotRule;
import org.hourtap.ledger.Reason;
import org.hourtap.server.books.Bookkeeper;
import org.hourtap.server.books.Ids;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.Writing;
import org.hourtap.server.inbox.WaitingShifts;
import org.hourtap.server.office.Agreement;
import org.hourtap.server.office.DayClose;
import org.hourtap.server.office.Instruction;
import org.hourtap.server.office.Operator;
import org.hourtap.server.office.Pots;

/// An office that takes entries back, closes days, settles with the venue and approves shifts; with
/// a pot for what members lack and a group that hands out what it was allotted. Half of all lives
/// have one. A chance of its own decides, so that those without go on as they did.
final class Office {
    private static final double IS_OPEN = 0.5;
    private static final double APPROVES = 0.4;
    private static final double HAS_POT = 0.5;
    private static final double HAS_GROUP = 0.3;
    private static final double TAKES_CASH = 0.4;
    private static final long CASH_PENCE = 250;

    private static final double TAKES_BACK_A_DAY = 0.6;
    private static final double CLOSES_A_DAY = 0.8;
    private static final double SETTLES_A_DAY = 0.15;
    private static final double DECIDES_A_DAY = 0.7;

    /// Somebody voids what is printed already, or refunds what could be voided.
    private static final double IS_MISTAKEN = 0.1;

    private static final Credits ALLOTTED = new Credits(600);
    private static final Operator WHO = new Operator("Ceri", "simulated");

    private final World world;
    private final Chance chance;
    private final OfficeAudit audit;
    private final boolean isOpen;
    private final boolean approves;
    private final boolean hasPot;
    private final boolean hasGroup;
    private final boolean takesCash;

    /// A spend that may be taken back.
    private record Spend(long sequence, TransferId id, long minutes) {}

    /// Makes an instruction of the books as they are then.
    @FunctionalInterface
    private interface Making {
        Instruction make(Writing writing) throws SQLException, RefusedException;
    }

    /// Posts something and says which entry it made.
    @FunctionalInterface
    private interface Posting {
        Entry post(Writing writing) throws SQLException, RefusedException;
    }

    Office(World world, OfficeAudit audit, long seed) {
        this.world = world;
        this.audit = audit;
        this.chance = new Chance(Long.reverse(seed));
        this.isOpen = world.seams().hasOffice() && chance.is(IS_OPEN);
        this.approves = isOpen && chance.is(APPROVES);
        this.hasPot = isOpen && chance.is(HAS_POT);
        this.hasGroup = isOpen && chance.is(HAS_GROUP);
        this.takesCash = isOpen && new Chance(~seed).is(TAKES_CASH);
    }

    /// What swimming costs beside the hours.
    Amount cash() {
        return Amount.pence(takesCash ? CASH_PENCE : 0);
    }

    /// Whether shifts wait for somebody to approve them.
    boolean approves() {
        return approves;
    }

    /// What it agrees on before anybody comes.
    void begin(Writing writing) throws SQLException, RefusedException {
        if (hasPot) {
            allot(writing, new AccountId(World.BOOK, AccountKind.POT, "goodwill"));
            new Pots(writing, World.BOOK)
                    .rule(
                            "goodwill",
                            new PotRule(true, Set.of(), Set.of(), new Credits(60), ALLOTTED, 30));
        }
        if (hasGroup) {
            AccountId group = new AccountId(World.BOOK, AccountKind.GROUP, "kitchen");
            allot(writing, group);
            Agreement.credit(writing, World.BOOK, World.COOK, group);
        }
    }

    private void allot(Writing writing, AccountId account) throws SQLException, RefusedException {
        new Agreement(account, account.owner(), Limits.of(account.kind())).keep(writing);
        Instruction allocation =
                new Instruction(
                        world.mint(chance),
                        Reason.ALLOCATION,
                        AccountId.issuance(World.BOOK),
                        account,
                        ALLOTTED,
                        null,
                        WHO);
        Entry _ = allocation.entry(allocation.post(writing));
    }

    /// Puts a day's work on the agenda.
    void planDay(long morning) {
        if (!isOpen) {
            return;
        }
        maybe(TAKES_BACK_A_DAY, morning, this::takeBack);
        maybe(CLOSES_A_DAY, morning, this::closeDay);
        maybe(SETTLES_A_DAY, morning, this::settle);
        if (approves) {
            maybe(DECIDES_A_DAY, morning, this::decide);
        }
    }

    private void maybe(double probability, long morning, Runnable what) {
        if (chance.is(probability)) {
            world.agenda().at(morning + chance.upTo(Agenda.DAY), what);
        }
    }

    /// Somebody was let in by mistake, or could not swim after all.
    private void takeBack() {
        if (!world.hub().isUp()) {
            return;
        }
        List<Spend> spends =
                world.hub()
                        .read(sql ->
                                sql.list(
                                        "SELECT sequence, id, minutes FROM transfer"
                                                + " WHERE reason = 'SPEND'"
                                                + " ORDER BY sequence DESC LIMIT 20",
                                        row ->
                                                new Spend(
                                                        row.getLong(1),
                                                        Ids.read(row, "id"),
                                                        row.getLong(3))));
        if (spends.isEmpty()) {
            return;
        }
        Spend spend = chance.of(spends);
        Optional<DayClose> closed = world.hub().read(sql -> DayClose.newest(sql, World.BOOK));
        boolean isPrinted =
                closed.filter(day -> day.lastSequence() >= spend.sequence()).isPresent();
        Reason reason = isPrinted == chance.is(IS_MISTAKEN) ? Reason.VOID : Reason.REFUND;
        boolean isPart = reason == Reason.REFUND && spend.minutes() > 1 && chance.is(0.3);
        Amount part =
                isPart ? Amount.of(new Credits(chance.between(1, spend.minutes() - 1))) : null;
        TransferId id = world.mint(chance);
        instruct(
                reason.name(),
                id,
                writing ->
                        Instruction.undoing(
                                writing, World.BOOK, id, spend.id(), reason, part, WHO));
    }

    private void settle() {
        TransferId id = world.mint(chance);
        AccountId venue = AccountId.of(World.BOOK, World.VENUE);
        instruct(
                Reason.SETTLEMENT.name(),
                id,
                writing -> Instruction.settling(writing, venue, id, null, WHO));
    }

    private void instruct(String what, TransferId id, Making making) {
        post(
                what,
                id,
                writing -> {
                    Instruction instruction = making.make(writing);
                    PostOutcome outcome = instruction.post(writing);
                    return instruction.entry(outcome);
                });
    }

    /// Whoever closes the day does so by the calendar on the wall.
    private void closeDay() {
        LocalDate day =
                LocalDate.ofInstant(
                        Instant.ofEpochMilli(world.agenda().now() / 1_000), ZoneOffset.UTC);
        order(
                "closes " + day,
                writing -> DayClose.close(writing, World.BOOK, day, WHO.name()).lastSequence() >= 0,
                isDone -> world.coverage().seen(isDone ? "day closed" : "day not closed"));
    }

    private void decide() {
        if (!world.hub().isUp()) {
            return;
        }
        for (WaitingShifts.Waiting shift :
                world.hub().read(sql -> WaitingShifts.list(sql, World.BOOK))) {
            TransferId id = world.mint(chance);
            int how = chance.between(1, 6);
            Credits part =
                    how == 1 && shift.minutes() > 1
                            ? new Credits(chance.between(1, shift.minutes() - 1))
                            : null;
            String what = how == 2 ? "shift declined" : "shift approved";
            post(
                    what,
                    id,
                    writing -> {
                        WaitingShifts shifts = new WaitingShifts(writing, World.BOOK);
                        return how == 2
                                ? shifts.decline(shift.id(), id, WHO)
                                : shifts.approve(shift.id(), id, part, WHO);
                    });
        }
    }

    /// Has something posted, and remembers what the operator was told.
    private void post(String what, TransferId id, Posting posting) {
        TransferId[] made = {id};
        order(
                what.toLowerCase(Locale.ROOT) + " by " + id,
                writing -> {
                    made[0] = posting.post(writing).transfer().id();
                    return true;
                },
                isDone -> {
                    audit.told(made[0], isDone);
                    world.coverage().seen("office " + what + (isDone ? "" : " refused"));
                });
    }

    private void order(String what, Bookkeeper.Command<Boolean> command, Consumer<Boolean> then) {
        world.operators().ask("the office " + what, world.seams().order(command), _ -> false, then);
    }
}
