package org.hourtap.server.inbox;

import org.hourtap.contract.BookId;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.VenueId;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.TapOrigin;
import org.hourtap.server.cards.Card;
import org.jspecify.annotations.Nullable;

/// A tap with everything the hub knows about it before it is posted.
///
/// @param card absent when no register knows it
/// @param hubMicros when it happened by the hub's clock; absent when the terminal has rebooted
///   between the tap and the sending
record TapFacts(
        BookId book,
        VenueId venue,
        TapEvent event,
        TapOrigin origin,
        @Nullable Card card,
        @Nullable Long hubMicros,
        long receivedMicros) {
    /// Within one boot the terminal's monotonic clock says how long before the sending the tap was,
    /// and the time of arrival turns that into the hub's time.
    static @Nullable Long anchored(ClockReading tapped, ClockReading sent, long receivedMicros) {
        if (!sent.isSameBoot(tapped) || sent.monotonicMicros() < tapped.monotonicMicros()) {
            return null;
        }
        return receivedMicros - sent.microsSince(tapped);
    }

    /// The best guess there is: the hub's time, else a wall clock that was set from the network and
    /// is not in the future, else the time of arrival.
    long eventMicros() {
        if (hubMicros != null) {
            return hubMicros;
        }
        ClockReading at = event.at();
        boolean isSet =
                at.quality() == ClockReading.Quality.HUB
                        || at.quality() == ClockReading.Quality.NTP;
        return isSet ? Math.min(at.wallMicros(), receivedMicros) : receivedMicros;
    }

    AccountId venueAccount() {
        return AccountId.of(book, venue);
    }

    AccountId suspense() {
        return AccountId.suspense(book);
    }

    /// @return the card's member's account, or suspense until someone says whose card it is
    AccountId holder() {
        return card == null ? suspense() : AccountId.of(book, card.member());
    }
}
