package org.hourtap.simulator.life;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.hourtap.contract.CardId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.FeedRow.PolicyRow;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TransferId;
import org.hourtap.server.books.Bookkeeper;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.cards.Card;
import org.hourtap.server.cards.CardRegister;
import org.hourtap.server.fleet.Fleet;
import org.hourtap.server.office.Adjustment;
import org.hourtap.server.office.Instruction;
import org.hourtap.server.office.Operator;
import org.jspecify.annotations.Nullable;

/// People at the hub's console. What they want done they try until it is done, one thing after the
/// other, and after a restored backup they do again what is not in it.
final class Operators {
    private static final long TRIES_AGAIN = Agenda.HOUR;

    private static final List<Long> PRICES = List.of(30L, 45L, 60L, 90L);
    private static final List<Integer> PASSBACKS = List.of(10, 30, 60);
    private static final List<Long> OFFLINE_LIMITS = List.of(0L, 60L, 120L, 180L);
    private static final List<Long> CARRIED_LIMITS = List.of(60L, 240L, 600L);

    private final World world;
    private final Deque<Order> waiting = new ArrayDeque<>();
    private final List<Order> done = new ArrayList<>();
    private final Map<CardId, Long> granted = new LinkedHashMap<>();
    private final Limits limits = new Limits();
    private PolicyRow policy = World.POLICY;
    private boolean isTryingAgain;

    /// The most that was ever asked or allowed anywhere, for the worst case.
    static final class Limits {
        long offline = World.POLICY.offlineLimit().minutes();
        long carried = World.POLICY.carriedLimit().minutes();
        long price = World.PRICE;
    }

    /// Something to do.
    private interface Order {
        /// @return what follows from it; absent if it was not done, or nobody knows
        @Nullable Runnable tried();
    }

    Operators(World world) {
        this.world = world;
    }

    Limits limits() {
        return limits;
    }

    PolicyRow policy() {
        return policy;
    }

    /// @return per card with an allowance, what it was given in all
    Map<CardId, Long> granted() {
        return granted;
    }

    /// Has something done, once what was wanted before is done.
    ///
    /// @param then what follows from it, for the people who wanted it
    void order(String what, Bookkeeper.Command<?> command, Runnable then) {
        give(() -> {
            if (world.hub().write(command) == null) {
                return null;
            }
            return () -> {
                world.tell("hub", what);
                then.run();
            };
        });
    }

    /// The same for what the hub may well refuse.
    ///
    /// @param refused what it is then
    /// @param then told what came of it
    <T> void ask(
            String what,
            Bookkeeper.Command<T> command,
            Function<RefusedException, T> refused,
            Consumer<T> then) {
        give(() -> {
            T answer = world.hub().write(command, refused);
            if (answer == null) {
                return null;
            }
            return () -> {
                world.tell("hub", what + ": " + answer);
                then.accept(answer);
            };
        });
    }

    private void give(Order order) {
        waiting.add(order);
        work();
    }

    private void work() {
        while (!waiting.isEmpty()) {
            Order next = waiting.getFirst();
            Runnable then = next.tried();
            if (then == null) {
                if (!isTryingAgain) {
                    isTryingAgain = true;
                    world.agenda().after(TRIES_AGAIN, this::tryAgain);
                }
                return;
            }
            waiting.removeFirst();
            done.add(next);
            then.run();
        }
    }

    private void tryAgain() {
        isTryingAgain = false;
        work();
    }

    /// Someone makes a backup: what was done is in it.
    void backedUp() {
        done.clear();
    }

    /// The backup is all there is: what was done since is done again.
    void doAgain() {
        done.reversed().forEach(waiting::addFirst);
        done.clear();
        work();
    }

    /// Puts a day's work on the agenda; most days there is none.
    void planDay(long morning) {
        Chance chance = world.chance();
        if (chance.is(0.05)) {
            world.agenda().at(morning + chance.upTo(Agenda.DAY), this::somethingRare);
        }
    }

    private void somethingRare() {
        SimCard card = world.chance().of(people().cards());
        switch (world.chance().between(1, 8)) {
            case 1, 2 -> lose(card);
            case 3 -> replace(card);
            case 4 -> issue(card.member(), null);
            case 5 -> issue(card.member(), world.chance().upTo(240));
            case 6 -> changePrice();
            case 7 -> changePolicy();
            default -> world.locksmith().roll();
        }
    }

    private People people() {
        return world.mishaps().people();
    }

    /// Gives a member hours, or takes some.
    void give(MemberId member, long minutes) {
        TransferId id = world.mint(world.chance());
        Instruction gift =
                new Adjustment(id, member, minutes, new Operator("Ceri", "simulated"))
                        .in(World.BOOK);
        order(
                "gives " + member + " " + minutes + " minutes",
                writing -> gift.post(writing).toString(),
                () -> {});
    }

    /// A card is lost and stopped. Whoever has it goes on trying; some turn up again.
    private void lose(SimCard card) {
        stop(card, FeedRow.Status.STOPPED);
        if (world.chance().is(0.5)) {
            long until = world.chance().between(Agenda.HOUR, 10 * Agenda.DAY);
            world.agenda().after(until, () -> stop(card, FeedRow.Status.ACTIVE));
        }
    }

    private void stop(SimCard card, FeedRow.Status status) {
        order(
                "card " + card.id() + " is " + status,
                writing -> CardRegister.change(writing, World.BOOK, card.id(), status),
                () -> world.coverage().seen("card " + status));
    }

    /// A member gets another card for this one, which some go on trying.
    private void replace(SimCard old) {
        SimCard by = people().card(old.member());
        boolean isGone = world.chance().is(0.5);
        order(
                "card " + old.id() + " is replaced by " + by.id(),
                writing -> CardRegister.replace(writing, World.BOOK, old.id(), by.id(), by.proof()),
                () -> {
                    world.coverage().seen("card replaced");
                    people().gets(by);
                    if (isGone) {
                        people().loses(old);
                    }
                    grant(by.id());
                });
    }

    /// A member gets one more card, perhaps to lend it.
    private void issue(MemberId member, @Nullable Long allowance) {
        SimCard card = people().card(member);
        order(
                "card " + card.id() + " for " + member + ", allowance " + allowance,
                writing ->
                        CardRegister.issue(
                                writing,
                                World.BOOK,
                                Card.fresh(card.id(), member, card.proof(), allowance)),
                () -> {
                    world.coverage().seen(allowance == null ? "second card" : "card lent");
                    people().gets(card);
                    grant(card.id());
                });
        if (allowance != null && world.chance().is(0.5)) {
            long more = world.chance().upTo(240);
            long when = world.chance().upTo(10 * Agenda.DAY);
            world.agenda()
                    .after(
                            when,
                            () ->
                                    order(
                                            "card " + card.id() + " may spend " + more,
                                            writing ->
                                                    CardRegister.allow(
                                                            writing, World.BOOK, card.id(), more),
                                            () -> grant(card.id())));
        }
    }

    private void grant(CardId card) {
        FeedRow.CardRow row = world.auditor().books().row(card);
        Long left = row == null ? null : row.allowance();
        if (left != null) {
            granted.put(card, left + world.auditor().books().charged(card));
        } else {
            granted.remove(card);
        }
    }

    private void changePrice() {
        long price = world.chance().of(PRICES);
        limits.price = Math.max(limits.price, price);
        order(
                "swimming costs " + price + " minutes",
                writing -> {
                    Fleet.put(writing, World.BOOK, world.swimming(price));
                    return true;
                },
                () -> world.coverage().seen("price changed"));
    }

    private void changePolicy() {
        PolicyRow now =
                new PolicyRow(
                        world.chance().of(PASSBACKS),
                        new Credits(world.chance().of(OFFLINE_LIMITS)),
                        new Credits(world.chance().of(CARRIED_LIMITS)));
        limits.offline = Math.max(limits.offline, now.offlineLimit().minutes());
        limits.carried = Math.max(limits.carried, now.carriedLimit().minutes());
        policy = now;
        order(
                "policy " + now,
                writing -> {
                    for (SimTerminal terminal : world.terminals()) {
                        Fleet.put(writing, World.BOOK, World.row(terminal, now));
                    }
                    return true;
                },
                () -> world.coverage().seen("policy changed"));
    }
}
