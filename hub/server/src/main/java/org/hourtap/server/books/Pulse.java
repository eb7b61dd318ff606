package org.hourtap.server.books;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Who is alive, by whose beat was seen to move. Only this program's own clock counts, and only
/// time in which it looked: after a pause of its own, or of the database, everybody gets the whole
/// patience again. Confined to one thread.
final class Pulse {
    private final long patienceMicros;
    private final long pauseMicrosMax;
    private final Map<String, Seen> seen = new HashMap<>();
    private long lookedMicros = Long.MIN_VALUE / 2;

    private record Seen(String beat, long movedMicros) {}

    /// @param patienceMicros how long a beat may stand still
    /// @param pauseMicrosMax the longest time between two looks in which nothing was missed
    Pulse(long patienceMicros, long pauseMicrosMax) {
        this.patienceMicros = patienceMicros;
        this.pauseMicrosMax = pauseMicrosMax;
    }

    /// @param beats each hub's, as it is now; only whether it is another one than before matters
    /// @param nowMicros a clock that never goes back
    /// @return who is alive
    Set<String> look(Map<String, String> beats, long nowMicros) {
        boolean hasPaused = nowMicros - lookedMicros > pauseMicrosMax;
        lookedMicros = nowMicros;
        seen.keySet().retainAll(beats.keySet());
        Set<String> living = new HashSet<>();
        beats.forEach((hub, beat) -> {
            Seen before = seen.get(hub);
            if (before == null || hasPaused || !before.beat().equals(beat)) {
                seen.put(hub, new Seen(beat, nowMicros));
                living.add(hub);
            } else if (nowMicros - before.movedMicros() <= patienceMicros) {
                living.add(hub);
            }
        });
        return living;
    }

    /// @return how long a hub's beat has stood still, as far as was looked
    long stillMicros(String hub) {
        Seen last = seen.get(hub);
        return last == null ? 0 : lookedMicros - last.movedMicros();
    }
}
