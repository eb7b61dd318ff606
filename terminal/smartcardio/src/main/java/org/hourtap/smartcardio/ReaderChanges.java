package org.hourtap.smartcardio;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.smartcardio.CardTerminals;

/// What differs between two looks at the readers.
///
/// @param seen the later look
/// @param waited whether a wait found this; else insertion and removal mean present and absent
/// @param any whether anything differs, readers that came or went included
record ReaderChanges(
        List<ReaderState> seen,
        boolean waited,
        boolean any,
        Set<String> inserted,
        Set<String> removed) {

    /// The first look, with nothing to compare it with.
    static ReaderChanges none(List<ReaderState> seen) {
        return new ReaderChanges(seen, false, false, Set.of(), Set.of());
    }

    static ReaderChanges between(List<ReaderState> before, List<ReaderState> now) {
        var earlier = byName(before);
        var inserted = names(now, reader -> reader.present() && differs(earlier, reader));
        // Present then and now but another count: one card left and another came.
        // Absent then and now but another count: a card came and left.
        var removed =
                names(
                        now,
                        reader -> {
                            var then = earlier.get(reader.name());
                            return then != null
                                    && differs(earlier, reader)
                                    && (then.present() || !reader.present());
                        });
        var any =
                !inserted.isEmpty()
                        || !removed.isEmpty()
                        || !earlier.keySet().equals(byName(now).keySet());
        return new ReaderChanges(now, true, any, inserted, removed);
    }

    /// pcscd may be a new one next time: its counters prove nothing any more, so that a card which
    /// is present then counts as inserted. A tap seen twice is harmless, a lost one is not.
    ReaderChanges afterFailure() {
        return new ReaderChanges(
                seen.stream().map(ReaderState::withoutCounter).toList(),
                waited,
                any,
                inserted,
                removed);
    }

    boolean matches(ReaderState reader, CardTerminals.State state) {
        return switch (state) {
            case ALL -> true;
            case CARD_PRESENT -> reader.present();
            case CARD_ABSENT -> !reader.present();
            case CARD_INSERTION -> waited ? inserted.contains(reader.name()) : reader.present();
            case CARD_REMOVAL -> waited ? removed.contains(reader.name()) : !reader.present();
        };
    }

    private static boolean differs(Map<String, ReaderState> earlier, ReaderState reader) {
        var then = earlier.get(reader.name());
        return then == null
                || then.present() != reader.present()
                || then.counter() != reader.counter();
    }

    private static Set<String> names(List<ReaderState> readers, Predicate<ReaderState> condition) {
        return readers.stream()
                .filter(condition)
                .map(ReaderState::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Map<String, ReaderState> byName(List<ReaderState> readers) {
        return readers.stream()
                .collect(Collectors.toMap(ReaderState::name, Function.identity(), (a, b) -> b));
    }
}
