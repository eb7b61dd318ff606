package org.hourtap.simulator.life;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.hourtap.contract.CardId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.TransferId;
import org.hourtap.device.sqlite.DeskStore;
import org.hourtap.tap.CardMemory;
import org.hourtap.tap.JournalLine;
import org.hourtap.tap.JournalPosition;
import org.hourtap.tap.Standing;
import org.hourtap.tap.StoreException;

/// Bugs between a terminal and its journal.
final class StoreBugs {
    private StoreBugs() {}

    static Map<String, Seams> all() {
        Map<String, Seams> bugs = new LinkedHashMap<>();
        bugs.put("a tap is welcomed and not written", in(Unwritten::new));
        bugs.put("the outbox is emptied before the hub has it", in(EmptiedEarly::new));
        bugs.put("rows are taken in without their acknowledgement", in(Unacknowledged::new));
        bugs.put("the cache goes backwards", in(Backwards::new));
        bugs.put("a new price or policy is not taken in", in(FirstSettings::new));
        bugs.put("own taps are forgotten in the balance", in(OwnForgotten::new));
        bugs.put("the offline limit is ten times what was said", in(GenerousPolicy::new));
        bugs.put("the passback window is forgotten", in(NoPassback::new));
        bugs.put("open doubts are forgotten", in(NoDoubts::new));
        bugs.put("a torn tap is never closed", in(TornStaysOpen::new));
        bugs.put("a torn tap is closed as welcomed", in(TornCharged::new));
        bugs.put("a tap is told to the hub otherwise than it was written", in(Retold::new));
        return bugs;
    }

    private static Seams in(UnaryOperator<DeskStore> bug) {
        return new Seams() {
            @Override
            public DeskStore store(TerminalId terminal, DeskStore store) {
                return bug.apply(store);
            }
        };
    }

    private static final class Retold extends PassOn {
        Retold(DeskStore store) {
            super(store);
        }

        @Override
        public List<JournalLine> after(long sequence, int max) throws StoreException {
            return super.after(sequence, max).stream()
                    .map(line ->
                            new JournalLine(
                                    line.sequence(),
                                    line.text().replace("\"offline\":true", "\"offline\":false")))
                    .toList();
        }
    }

    private static final class Unwritten extends PassOn {
        Unwritten(DeskStore store) {
            super(store);
        }

        @Override
        public void record(TapEvent event, String text, long seen) throws StoreException {
            if (event.kind() == TapEvent.Kind.DECLINED) {
                super.record(event, text, seen);
            }
        }
    }

    private static final class EmptiedEarly extends PassOn {
        EmptiedEarly(DeskStore store) {
            super(store);
        }

        @Override
        public void apply(List<FeedRow> rows, boolean restart, JournalPosition position)
                throws StoreException {
            super.apply(
                    rows,
                    restart,
                    new JournalPosition(
                            position.last(),
                            position.last(),
                            position.oldest(),
                            position.cursor()));
        }
    }

    private static final class Unacknowledged extends PassOn {
        Unacknowledged(DeskStore store) {
            super(store);
        }

        @Override
        public void apply(List<FeedRow> rows, boolean restart, JournalPosition position)
                throws StoreException {
            super.apply(
                    rows,
                    restart,
                    new JournalPosition(
                            position.last(),
                            position().acknowledged(),
                            position.oldest(),
                            position.cursor()));
        }
    }

    private static final class Backwards extends PassOn {
        private final Map<CardId, FeedRow> first = new HashMap<>();

        Backwards(DeskStore store) {
            super(store);
        }

        @Override
        public void apply(List<FeedRow> rows, boolean restart, JournalPosition position)
                throws StoreException {
            List<FeedRow> old = new ArrayList<>();
            for (FeedRow row : rows) {
                boolean isCard = row instanceof FeedRow.CardRow;
                FeedRow kept =
                        row instanceof FeedRow.CardRow card
                                ? first.putIfAbsent(card.card(), row)
                                : row;
                old.add(isCard && kept != null ? kept : row);
            }
            super.apply(old, restart, position);
        }
    }

    private static final class FirstSettings extends PassOn {
        FirstSettings(DeskStore store) {
            super(store);
        }

        @Override
        public void apply(List<FeedRow> rows, boolean restart, JournalPosition position)
                throws StoreException {
            boolean isSetUp = profile().isPresent();
            List<FeedRow> taken =
                    rows.stream()
                            .filter(row -> !isSetUp || row instanceof FeedRow.CardRow)
                            .toList();
            super.apply(taken, restart, position);
        }
    }

    private static final class OwnForgotten extends PassOn {
        OwnForgotten(DeskStore store) {
            super(store);
        }

        @Override
        public Standing standing(CardId card, boolean online) throws StoreException {
            Standing is = super.standing(card, online);
            Standing.KnownCard known = is.card();
            return known == null
                    ? is
                    : new Standing(
                            is.profile(),
                            is.policy(),
                            new Standing.KnownCard(known.row(), 0, 0, known.isOnShift()),
                            is.lastTap(),
                            online);
        }

        @Override
        public CardMemory memory(CardId card) throws StoreException {
            return new CardMemory(super.memory(card).seen(), List.of());
        }
    }

    private static final class GenerousPolicy extends PassOn {
        GenerousPolicy(DeskStore store) {
            super(store);
        }

        @Override
        public Standing standing(CardId card, boolean online) throws StoreException {
            Standing is = super.standing(card, online);
            FeedRow.PolicyRow said = is.policy();
            FeedRow.PolicyRow more =
                    new FeedRow.PolicyRow(
                            said.passbackSeconds(),
                            new Credits(said.offlineLimit().minutes() * 10),
                            new Credits(said.carriedLimit().minutes() * 10));
            return new Standing(is.profile(), more, is.card(), is.lastTap(), online);
        }
    }

    private static final class NoPassback extends PassOn {
        NoPassback(DeskStore store) {
            super(store);
        }

        @Override
        public Standing standing(CardId card, boolean online) throws StoreException {
            Standing is = super.standing(card, online);
            return new Standing(is.profile(), is.policy(), is.card(), null, online);
        }
    }

    private static final class NoDoubts extends PassOn {
        NoDoubts(DeskStore store) {
            super(store);
        }

        @Override
        public List<TapEvent> doubts() {
            return List.of();
        }
    }

    private static final class TornStaysOpen extends PassOn {
        TornStaysOpen(DeskStore store) {
            super(store);
        }

        @Override
        public void settle(TapEvent event, String text) throws StoreException {
            if (event.kind() != TapEvent.Kind.TORN) {
                super.settle(event, text);
            }
        }
    }

    private static final class TornCharged extends PassOn {
        private final Map<TransferId, TapEvent> doubts = new HashMap<>();

        TornCharged(DeskStore store) {
            super(store);
        }

        @Override
        public void doubt(TapEvent event, String text) throws StoreException {
            doubts.put(event.id(), event);
            super.doubt(event, text);
        }

        @Override
        public void settle(TapEvent event, String text) throws StoreException {
            TapEvent was = doubts.get(event.id());
            boolean isTorn = event.kind() == TapEvent.Kind.TORN && was != null;
            TapEvent said = isTorn && was != null ? was : event;
            super.settle(said, org.hourtap.contract.Codec.encodeEvent(said));
        }
    }
}
