package org.hourtap.tap;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hourtap.contract.CardId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.TapEvent;
import org.jspecify.annotations.Nullable;

/// A store in memory that can be told to fail, for the tests of the flow around it.
final class MemoryStore implements TerminalStore {
    final List<TapEvent> journal = new ArrayList<>();
    final List<String> texts = new ArrayList<>();
    final Map<CardId, FeedRow.CardRow> cards = new HashMap<>();
    FeedRow.@Nullable ProfileRow profile;
    FeedRow.PolicyRow policy = new FeedRow.PolicyRow(30, new Credits(120));
    boolean failing;
    private JournalPosition position = new JournalPosition(0, 0, 1, 0);
    private long epoch;

    @Override
    public Standing standing(CardId card, boolean online) throws StoreException {
        failIfTold();
        FeedRow.CardRow row = cards.get(card);
        List<TapEvent> unposted =
                journal.stream()
                        .filter(e -> e.card().equals(card))
                        .filter(e -> e.sequence() > position.acknowledged())
                        .toList();
        return new Standing(
                profile,
                policy,
                row == null ? null : known(row, unposted),
                journal.stream()
                        .filter(e -> e.card().equals(card) && e.kind() != TapEvent.Kind.DECLINED)
                        .reduce((_, newer) -> newer)
                        .orElse(null),
                online);
    }

    private static Standing.KnownCard known(FeedRow.CardRow row, List<TapEvent> unposted) {
        boolean onShift = row.openShift() != null;
        for (TapEvent event : unposted) {
            if (event.kind() == TapEvent.Kind.SHIFT_IN || event.kind() == TapEvent.Kind.SHIFT_OUT) {
                onShift = event.kind() == TapEvent.Kind.SHIFT_IN;
            }
        }
        return new Standing.KnownCard(
                row.status(),
                row.leastProof(),
                row.balance(),
                unposted.stream().mapToLong(e -> e.minutes().minutes()).sum(),
                unposted.stream()
                        .filter(TapEvent::offline)
                        .mapToLong(e -> e.minutes().minutes())
                        .sum(),
                onShift,
                row.language());
    }

    @Override
    public void record(TapEvent event, String text) throws StoreException {
        failIfTold();
        if (event.sequence() != position.last() + 1) {
            throw new IllegalStateException("journalled out of order: " + event.sequence());
        }
        journal.add(event);
        texts.add(text);
        position =
                new JournalPosition(
                        event.sequence(),
                        position.acknowledged(),
                        journal.getFirst().sequence(),
                        position.cursor());
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
