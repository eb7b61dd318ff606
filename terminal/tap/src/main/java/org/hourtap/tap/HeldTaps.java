package org.hourtap.tap;

import java.util.Set;
import org.hourtap.contract.TransferId;

/// Which of some taps are in this terminal's own journal, and how they ended there.
///
/// @param welcomed the person was let in, or a shift began or ended
/// @param torn nobody was let in on it, whatever the card says
public record HeldTaps(Set<TransferId> welcomed, Set<TransferId> torn) {
    public HeldTaps {
        welcomed = Set.copyOf(welcomed);
        torn = Set.copyOf(torn);
    }
}
