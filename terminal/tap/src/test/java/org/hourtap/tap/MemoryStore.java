package org.hourtap.tap;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.hourtap.contract.CardId;
import org.hourtap.contract.CardStamp;
import org.hourtap.contract.Credits;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TransferId;
import org.jspecify.annotations.Nullable;

/// A store in memory that can be told to fail, for the tests of the flow around it.
final class MemoryStore implements TerminalStore {
    final List<TapEvent> journal = new ArrayList<>();
    final List<String> texts = new ArrayList<>();
    final Map<CardId, FeedRow.CardRow> cards = new HashMap<>();
    FeedRow.@Nullable ProfileRow profile;
    FeedRow.PolicyRow policy = new FeedRow.PolicyRow(30, new Credits(120), new Credits(600));
    boolean failing;
    Steps steps = new Steps();
    private final Set<TransferId> doubts = new HashSet<>();
    private final Map<CardId, Long> seen = new HashMap<>();
    private JournalPosition position = new JournalPosition(0, 0, 1, 0);
    private long epoch;

    @Override
    public Standing standing(CardId card, boolean online) throws StoreException {
        failIfTold();
        FeedRow.CardRow row = cards.get(card);
        return new Standing(
                profile,
                policy,
                row == null ? null : known(row, unposted(card)),
                journal.stream()
                        .filter(e -> e.card().equals(card) && isWelcome(e))
                        .reduce((_, newer) -> newer)
                        .orElse(null),
                online);
    }

    private List<CardMemory.OwnTap> unposted(CardId card) {
        return journal.stream()
                .filter(e -> e.card().equals(card) && isWelcome(e))
                .filter(e -> e.sequence() > position.acknowledged())
                .map(MemoryStore::own)
                .toList();
    }

    private boolean isWelcome(TapEvent event) {
        return event.activity() != null && !doubts.contains(event.id());
    }

    private static CardMemory.OwnTap own(TapEvent event) {
        CardStamp stamp = event.stamp();
        return new CardMemory.OwnTap(
                event.id(),
                event.kind(),
                event.minutes().minutes(),
                event.offline(),
                stamp == null ? 0 : stamp.counter());
    }

    private static Standing.KnownCard known(FeedRow.CardRow row, List<CardMemory.OwnTap> unposted) {
        boolean onShift = row.openShift() != null;
        for (CardMemory.OwnTap tap : unposted) {
            if (tap.kind() == TapEvent.Kind.SHIFT_IN || tap.kind() == TapEvent.Kind.SHIFT_OUT) {
                onShift = tap.kind() == TapEvent.Kind.SHIFT_IN;
            }
        }
        return new Standing.KnownCard(
                row,
                unposted.stream().mapToLong(CardMemory.OwnTap::minutes).sum(),
                unposted.stream()
                        .filter(CardMemory.OwnTap::offline)
                        .mapToLong(CardMemory.OwnTap::minutes)
                        .sum(),
                onShift);
    }

    @Override
    public CardMemory memory(CardId card) throws StoreException {
        failIfTold();
        return new CardMemory(seen.getOrDefault(card, 0L), unposted(card));
    }

    @Override
    public HeldTaps held(List<TransferId> taps) {
        Set<TransferId> welcomed = new HashSet<>();
        Set<TransferId> torn = new HashSet<>();
        for (TapEvent event : journal) {
            if (taps.contains(event.id())) {
                (event.kind() == TapEvent.Kind.TORN ? torn : welcomed).add(event.id());
            }
        }
        return new HeldTaps(welcomed, torn);
    }

    @Override
    public void record(TapEvent event, String text, long counter) throws StoreException {
        write(event, text, counter, false);
    }

    @Override
    public void doubt(TapEvent event, String text) throws StoreException {
        write(event, text, CardStory.counterOf(event) - 1, true);
    }

    @Override
    public void settle(TapEvent event, String text) throws StoreException {
        steps.before("settle");
        failIfTold();
        if (!doubts.remove(event.id())) {
            throw new IllegalStateException("not in doubt: " + event.sequence());
        }
        int at =
                IntStream.range(0, journal.size())
                        .filter(i -> journal.get(i).id().equals(event.id()))
                        .findFirst()
                        .orElseThrow();
        journal.set(at, event);
        texts.set(at, text);
        CardStamp stamp = event.stamp();
        if (stamp != null) {
            seen.merge(event.card(), stamp.counter(), Math::max);
        }
        steps.after("settle");
    }

    @Override
    public List<TapEvent> doubts() throws StoreException {
        failIfTold();
        return journal.stream().filter(event -> doubts.contains(event.id())).toList();
    }

    private void write(TapEvent event, String text, long counter, boolean inDoubt)
            throws StoreException {
        String step = inDoubt ? "doubt" : "record";
        steps.before(step);
        failIfTold();
        if (event.sequence() != position.last() + 1) {
            throw new IllegalStateException("journalled out of order: " + event.sequence());
        }
        journal.add(event);
        texts.add(text);
        if (inDoubt) {
            doubts.add(event.id());
        }
        seen.merge(event.card(), counter, Math::max);
        position =
                new JournalPosition(
                        event.sequence(),
                        position.acknowledged(),
                        journal.getFirst().sequence(),
                        position.cursor());
        steps.after(step);
    }

    @Override
    public JournalPosition position() throws StoreException {
        failIfTold();
        return position;
    }

    @Override
    public List<JournalLine> after(long sequence, int max) {
        List<JournalLine> lines = new ArrayList<>();
        for (int i = 0; i < journal.size() && lines.size() < max; i++) {
            if (doubts.contains(journal.get(i).id())) {
                break;
            }
            if (journal.get(i).sequence() > sequence) {
                lines.add(new JournalLine(journal.get(i).sequence(), texts.get(i)));
            }
        }
        return lines;
    }

    @Override
    public void apply(List<FeedRow> rows, boolean restart, JournalPosition next) {
        if (restart) {
            cards.clear();
        }
        for (FeedRow row : rows) {
            switch (row) {
                case FeedRow.CardRow card -> cards.put(card.card(), card);
                case FeedRow.ProfileRow it -> profile = it;
                case FeedRow.PolicyRow it -> policy = it;
            }
        }
        position = next;
    }

    @Override
    public long nextEpoch() {
        return ++epoch;
    }

    private void failIfTold() throws StoreException {
        if (failing) {
            throw new StoreException("The disk is full.", new IllegalStateException("test"));
        }
    }
}
