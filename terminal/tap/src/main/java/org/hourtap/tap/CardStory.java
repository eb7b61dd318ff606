package org.hourtap.tap;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.hourtap.card.CardCounter;
import org.hourtap.card.CardJournal;
import org.hourtap.contract.CardRecord;
import org.hourtap.contract.CarriedTap;
import org.hourtap.contract.FeedRow.CardRow;
import org.hourtap.contract.TapEvent;
import org.jspecify.annotations.Nullable;

/// What a card's own counter and records mean beside what the hub said last and what this terminal
/// did itself. A function of values.
///
/// ```
///   cache: balance contains ≤ c      card: records c+1 … n
/// ───────────────────────────────┼──────┬──────┬──────┤
///                                c     c+1    …      n     all there and in order: WHOLE
/// ```
///
/// @param shape how much of the card's story is known
/// @param now the card's counter, and the MAC of its newest tap
/// @param spent minutes that the cached balance does not contain yet, wherever they were spent
/// @param spentOffline the part of `spent` that counts against the limit without the hub: of a
///   whole story everything decided offline anywhere, otherwise what this terminal decided itself
/// @param isOnShift whether the next shift tap is a tap-out
/// @param news records that the hub does not know and that are not under way to it from here,
///   oldest first
public record CardStory(
        Shape shape,
        CardCounter now,
        long spent,
        long spentOffline,
        boolean isOnShift,
        List<CarriedTap> news) {
    /// How much of what happened since the hub spoke last is known.
    public enum Shape {
        /// Every tap.
        WHOLE,
        /// Some taps are missing: more than the card holds, or a record is not what it should be.
        GAP,
        /// The card is older than it was: a copy of an earlier state was put back.
        TURNED_BACK
    }

    public CardStory {
        news = List.copyOf(news);
    }

    /// Whether the card counts less than was seen of it before, here or by the hub.
    static boolean isTurnedBack(long counter, @Nullable CardRow row, CardMemory memory) {
        return counter < Math.max(newestContained(row), memory.seen());
    }

    /// How many of its newest records the card has to be asked for.
    ///
    /// @param doubts open doubts of this card
    static int recordsWanted(long counter, @Nullable CardRow row, List<TapEvent> doubts) {
        long first = containedUpTo(row) + 1;
        for (TapEvent doubt : doubts) {
            first = Math.min(first, counterOf(doubt));
        }
        return (int) Math.max(0, Math.min(CardJournal.CAPACITY, counter - first + 1));
    }

    /// Whether the card took in a tap that was in doubt. Records of other taps, before or after it,
    /// say nothing against it; that the card does not show it does, because as many as it takes to
    /// see it were read.
    static boolean contains(List<CardRecord> records, TapEvent doubt) {
        return records.stream().anyMatch(record -> record.id().equals(doubt.id()));
    }

    /// @param records as many as [#recordsWanted], oldest first, as they were read
    /// @param row what the hub said last; absent for a card it never named
    /// @param held which of the records are in this terminal's journal
    static CardStory of(
            CardCounter now,
            List<CardRecord> records,
            @Nullable CardRow row,
            CardMemory memory,
            HeldTaps held) {
        if (isTurnedBack(now.value(), row, memory)) {
            return new CardStory(Shape.TURNED_BACK, now, 0, 0, false, List.of());
        }
        boolean isWhole = isWhole(now.value(), records, row, memory);
        Shape shape = isWhole ? Shape.WHOLE : Shape.GAP;
        List<CardRecord> unknown =
                records.stream()
                        .filter(record -> !isContained(row, record.counter()))
                        .filter(record -> !held.torn().contains(record.id()))
                        .toList();
        List<CardMemory.OwnTap> own =
                memory.unposted().stream()
                        .filter(tap -> tap.counter() == 0 || !isContained(row, tap.counter()))
                        .toList();
        Spent spent = Spent.of(unknown, own);
        return new CardStory(
                shape,
                now,
                spent.all(),
                shape == Shape.WHOLE ? spent.offline() : spent.ownOffline(),
                isOnShift(records, own, row, held),
                news(now, records, row, memory, held));
    }

    /// Minutes that no balance knows yet.
    private record Spent(long all, long offline, long ownOffline) {
        /// A tap that is both on the card and in this terminal's journal counts once.
        static Spent of(List<CardRecord> records, List<CardMemory.OwnTap> own) {
            Set<Object> counted = new HashSet<>();
            long all = 0;
            long offline = 0;
            for (CardRecord record : records) {
                if (counted.add(record.id())) {
                    all += record.minutes().minutes();
                    offline += record.offline() ? record.minutes().minutes() : 0;
                }
            }
            long ownOffline = 0;
            for (CardMemory.OwnTap tap : own) {
                long minutes = tap.minutes();
                ownOffline += tap.offline() ? minutes : 0;
                if (counted.add(tap.id())) {
                    all += minutes;
                    offline += tap.offline() ? minutes : 0;
                }
            }
            return new Spent(all, offline, ownOffline);
        }
    }

    /// What the card holds no more may be in this terminal's own journal: someone who comes to one
    /// door all week is known there.
    private static boolean isWhole(
            long counter, List<CardRecord> records, @Nullable CardRow row, CardMemory memory) {
        if (!isConsecutive(records, counter)) {
            return false;
        }
        Set<Long> known = new HashSet<>();
        records.forEach(record -> known.add(record.counter()));
        memory.unposted().forEach(tap -> known.add(tap.counter()));
        long next = containedUpTo(row) + 1;
        while (next <= counter && (known.contains(next) || isContained(row, next))) {
            next++;
        }
        return next == counter + 1;
    }

    private static boolean isConsecutive(List<CardRecord> records, long counter) {
        long expected = counter - records.size();
        for (CardRecord record : records) {
            if (record.counter() != ++expected) {
                return false;
            }
        }
        return true;
    }

    /// The card's newest word on it, else this terminal's own, else the hub's.
    private static boolean isOnShift(
            List<CardRecord> records,
            List<CardMemory.OwnTap> own,
            @Nullable CardRow row,
            HeldTaps held) {
        TapEvent.Kind latest = null;
        for (CardMemory.OwnTap tap : own) {
            latest = isShift(tap.kind()) ? tap.kind() : latest;
        }
        for (CardRecord record : records) {
            boolean isNews = record.counter() > containedUpTo(row);
            if (isNews && isShift(record.kind()) && !held.torn().contains(record.id())) {
                latest = record.kind();
            }
        }
        boolean saidHub = row != null && row.openShift() != null;
        return latest == null ? saidHub : latest == TapEvent.Kind.SHIFT_IN;
    }

    private static boolean isShift(TapEvent.Kind kind) {
        return kind == TapEvent.Kind.SHIFT_IN || kind == TapEvent.Kind.SHIFT_OUT;
    }

    /// A tap that this terminal welcomed travels by itself, with its own proof. One that it closed
    /// as torn is passed on all the same, or the hub would wait for its place in the card's count.
    ///
    /// What a tap passed on counts as told until that tap is acknowledged, and no longer: a hub
    /// restored from a backup may not know it any more, and the card may be the last to have it.
    private static List<CarriedTap> news(
            CardCounter now,
            List<CardRecord> records,
            @Nullable CardRow row,
            CardMemory memory,
            HeldTaps held) {
        long underWay =
                memory.unposted().stream().mapToLong(CardMemory.OwnTap::counter).max().orElse(0);
        List<CarriedTap> news = new ArrayList<>();
        for (CardRecord record : records) {
            boolean isPassedOn = record.counter() <= underWay;
            if (!isPassedOn
                    && !isContained(row, record.counter())
                    && !held.welcomed().contains(record.id())) {
                // The card keeps the MAC of its newest tap only.
                String mac = record.counter() == now.value() ? now.mac() : null;
                news.add(CarriedTap.of(record, mac));
            }
        }
        return news;
    }

    private static long containedUpTo(@Nullable CardRow row) {
        return row == null ? 0 : row.counter();
    }

    private static boolean isContained(@Nullable CardRow row, long counter) {
        return row != null && row.contains(counter);
    }

    private static long newestContained(@Nullable CardRow row) {
        if (row == null) {
            return 0;
        }
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(row.ahead());
        return row.counter() + (bits == 0 ? 0 : bits + 1);
    }

    /// @return the counter that a card shows once it has taken this tap in
    static long counterOf(TapEvent tap) {
        if (tap.stamp() == null) {
            throw new IllegalArgumentException("not a tap that a card carries: " + tap.id());
        }
        return tap.stamp().counter();
    }
}
