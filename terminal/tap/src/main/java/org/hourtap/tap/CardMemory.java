package org.hourtap.tap;

import java.util.List;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TransferId;

/// What this terminal's own journal says of one card.
///
/// @param seen the highest transaction counter it saw the card at; 0 if never
/// @param unposted welcomed taps here which the hub has not acknowledged, oldest first
public record CardMemory(long seen, List<OwnTap> unposted) {
    /// A welcomed tap at this terminal.
    ///
    /// @param counter the card's counter after it; 0 for a tap the card does not carry
    public record OwnTap(
            TransferId id, TapEvent.Kind kind, long minutes, boolean offline, long counter) {}

    public CardMemory {
        unposted = List.copyOf(unposted);
    }
}
