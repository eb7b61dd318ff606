package org.hourtap.tap;

import org.hourtap.contract.ActivityId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.TapEvent;

/// What a terminal decided about one tap.
public sealed interface TapDecision {
    /// Welcome: hours are spent, or a shift begins or ends.
    ///
    /// @param kind never DECLINED
    /// @param minutes hours spent; none for shifts
    record Approved(TapEvent.Kind kind, ActivityId activity, Credits minutes)
            implements TapDecision {}

    /// Please ask. Journalled like a welcome.
    record Declined(DeclineReason reason) implements TapDecision {}

    /// The same card again within the passback window: the same answer again, and nothing moves.
    record Repeated(TapEvent earlier) implements TapDecision {}
}
