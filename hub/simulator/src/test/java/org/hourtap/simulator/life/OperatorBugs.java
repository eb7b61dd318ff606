package org.hourtap.simulator.life;

import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.hourtap.card.CardLayout;
import org.hourtap.card.KeyName;
import org.hourtap.card.KeyRing;
import org.hourtap.card.MasterKeys;
import org.hourtap.contract.ActivityId;
import org.hourtap.contract.CardId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.FeedRow.CardRow;
import org.hourtap.contract.FeedRow.ProfileRow;
import org.hourtap.contract.Message;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.TransferId;
import org.hourtap.device.sqlite.DeskStore;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.PostOutcome;
import org.hourtap.ledger.Reason;
import org.hourtap.server.books.Bookkeeper;
import org.hourtap.server.office.Instruction;
import org.hourtap.server.office.Operator;
import org.hourtap.tap.Standing;
import org.hourtap.tap.StoreException;
import org.jspecify.annotations.Nullable;

/// Bugs that only show when operators are at work, when machines come and go or to one person, each
/// by the rule that has to find it.
final class OperatorBugs {
    private OperatorBugs() {}

    static Map<Rule, Seams> all() {
        Map<Rule, Seams> bugs = new EnumMap<>(Rule.class);
        bugs.put(Rule.WRONG_PRICE, known(OperatorBugs::cheaper));
        bugs.put(Rule.STOPPED_CARD_WELCOMED, card(row -> row(row, true, row.balance())));
        bugs.put(Rule.WELCOMED_WITHOUT_HOURS, card(row -> row(row, false, row.balance() + 300)));
        bugs.put(Rule.EARNING_REFUSED, known(OperatorBugs::unknownToKiosks));
        bugs.put(Rule.REFUSED_WRONGLY, card(row -> row(row, false, 0)));
        bugs.put(Rule.TAP_LOST, new ToldAsRefused());
        bugs.put(
                Rule.ALLOWANCE_WRONG,
                sql(
                        "CREATE TRIGGER IF NOT EXISTS bug AFTER UPDATE OF allowance ON card"
                                + " BEGIN UPDATE card SET allowance = allowance + 1"
                                + " WHERE id = NEW.id; END"));
        bugs.put(
                Rule.OVERSPENT,
                sql(
                        "CREATE TRIGGER IF NOT EXISTS bug AFTER UPDATE OF payload ON feed"
                                + " WHEN NEW.kind = 'CARD' BEGIN UPDATE feed SET payload ="
                                + " json_set(payload, '$.balance', 5000)"
                                + " WHERE kind = NEW.kind AND key = NEW.key; END",
                        "CREATE TRIGGER IF NOT EXISTS bug_too AFTER INSERT ON shift"
                                + " BEGIN DELETE FROM shift WHERE id = NEW.id; END"));
        bugs.put(Rule.CASH_WRONG, cheaperByHalf());
        bugs.put(Rule.GENUINE_REFUSED, new OtherKey());
        bugs.put(Rule.CARRIED_TAP_LOST, new NothingCarried());
        bugs.put(Rule.CACHE_DIFFERS, new CursorsAgain());
        bugs.putAll(ofTheOffice());
        return bugs;
    }

    private static Map<Rule, Seams> ofTheOffice() {
        Map<Rule, Seams> bugs = new EnumMap<>(Rule.class);
        bugs.put(Rule.ORDER_LOST, office(_ -> _ -> true));
        bugs.put(
                Rule.CLOSED_DAY_CHANGED,
                office(command ->
                        writing -> {
                            int _ = writing.sql().update("DELETE FROM day_close");
                            writing.books().forgetOpenDay(World.BOOK);
                            return command.run(writing);
                        }));
        bugs.put(
                Rule.GIVEN_BACK_TWICE,
                office(command ->
                        writing -> {
                            int _ = writing.sql().update("DROP TRIGGER IF EXISTS transfer_stays");
                            int _ = writing.sql().update("UPDATE transfer SET corrects = NULL");
                            return command.run(writing);
                        }));
        bugs.put(
                Rule.SETTLED_TOO_MUCH,
                office(command ->
                        writing -> {
                            Instruction more =
                                    new Instruction(
                                            TransferId.mint(writing.nowMicros() / 1_000, 0, 0),
                                            Reason.SETTLEMENT,
                                            AccountId.of(World.BOOK, World.VENUE),
                                            AccountId.retired(World.BOOK),
                                            new Credits(60),
                                            null,
                                            new Operator("Ceri", "a bug"));
                            PostOutcome _ = more.post(writing);
                            return command.run(writing);
                        }));
        return bugs;
    }

    private static Seams cheaperByHalf() {
        return sql(
                "CREATE TRIGGER IF NOT EXISTS bug AFTER INSERT ON tap"
                        + " BEGIN UPDATE activity SET pence = pence / 2; END");
    }

    private static Seams sql(String... statements) {
        return new Seams() {
            @Override
            public void started(SimHub hub) {
                hub.write(writing -> {
                    for (String statement : statements) {
                        writing.sql().update(statement);
                    }
                    return true;
                });
            }
        };
    }

    private static Seams office(UnaryOperator<Bookkeeper.Command<Boolean>> bug) {
        return new Seams() {
            @Override
            public Bookkeeper.Command<Boolean> order(Bookkeeper.Command<Boolean> command) {
                return bug.apply(command);
            }
        };
    }

    private static Seams known(UnaryOperator<Standing> bug) {
        return new Seams() {
            @Override
            public DeskStore store(TerminalId terminal, DeskStore store) {
                return new PassOn(store) {
                    @Override
                    public Standing standing(CardId card, boolean online) throws StoreException {
                        return bug.apply(super.standing(card, online));
                    }
                };
            }
        };
    }

    private static Standing cheaper(Standing is) {
        ProfileRow said = is.profile();
        return said == null
                ? is
                : new Standing(
                        new ProfileRow(
                                said.venueName(),
                                said.mode(),
                                said.activity(),
                                said.activityName(),
                                new Credits(30),
                                said.language()),
                        is.policy(),
                        is.card(),
                        is.lastTap(),
                        is.online());
    }

    private static Standing unknownToKiosks(Standing is) {
        ProfileRow said = is.profile();
        return said == null || said.mode() == FeedRow.Mode.ENTRANCE
                ? is
                : new Standing(said, is.policy(), null, is.lastTap(), is.online());
    }

    private static Seams card(UnaryOperator<CardRow> bug) {
        return known(is -> {
            Standing.KnownCard known = is.card();
            return known == null
                    ? is
                    : new Standing(
                            is.profile(),
                            is.policy(),
                            new Standing.KnownCard(
                                    bug.apply(known.row()),
                                    known.unposted(),
                                    known.unpostedOffline(),
                                    known.isOnShift()),
                            is.lastTap(),
                            is.online());
        });
    }

    private static CardRow row(CardRow is, boolean isAlwaysActive, long balance) {
        return new CardRow(
                is.card(),
                isAlwaysActive ? FeedRow.Status.ACTIVE : is.status(),
                is.leastProof(),
                balance,
                is.language(),
                is.openShift(),
                is.counter(),
                is.ahead(),
                is.allowance());
    }

    /// One terminal is given a new key that is not the scheme's.
    private static final class OtherKey implements Seams {
        @Override
        public KeyRing keys(TerminalId terminal, KeyRing keys) {
            byte[] other = "some other key !".getBytes(StandardCharsets.US_ASCII);
            return terminal.value().equals("door-1")
                    ? new MasterKeys(Map.of(new KeyName(CardLayout.SPEND_KEY, 1), other))
                    : keys;
        }
    }

    /// What cards bring along is not passed on.
    private static final class NothingCarried implements Seams {
        @Override
        public Message.Upward up(TerminalId terminal, Message.Upward message) {
            return WireBugs.changed(
                    message,
                    event ->
                            with(
                                    event,
                                    event.kind(),
                                    event.activity(),
                                    event.minutes(),
                                    event.reason()));
        }

        @Override
        public double fates() {
            return 0.2;
        }
    }

    /// Whoever was let in is told of as refused.
    private static final class ToldAsRefused implements Seams {
        @Override
        public Message.Upward up(TerminalId terminal, Message.Upward message) {
            return WireBugs.changed(
                    message,
                    event ->
                            event.kind() == TapEvent.Kind.SPEND
                                    ? with(
                                            event,
                                            TapEvent.Kind.DECLINED,
                                            null,
                                            Credits.NONE,
                                            "NOT_ENOUGH_HOURS")
                                    : event);
        }
    }

    /// The same tap by the same card, which brings nothing along.
    private static TapEvent with(
            TapEvent event,
            TapEvent.Kind kind,
            @Nullable ActivityId activity,
            Credits minutes,
            @Nullable String reason) {
        return new TapEvent(
                event.sequence(),
                event.id(),
                kind,
                event.card(),
                event.proof(),
                activity,
                minutes,
                reason,
                event.at(),
                event.offline(),
                kind == TapEvent.Kind.DECLINED ? null : event.stamp(),
                List.of());
    }

    /// A hub that starts goes on where its books end, also when those are a backup.
    private static final class CursorsAgain implements Seams {
        @Override
        public void started(SimHub hub) {
            hub.write(writing -> {
                writing.sql()
                        .update(
                                "UPDATE feed SET cursor = 1 +"
                                        + " (SELECT last FROM feed_start ORDER BY cursor LIMIT 1)"
                                        + " WHERE cursor = (SELECT cursor FROM feed_start)");
                return writing.sql().update("DELETE FROM feed_start");
            });
        }

        @Override
        public double fates() {
            return 0.5;
        }
    }
}
