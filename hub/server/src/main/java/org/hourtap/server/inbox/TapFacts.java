package org.hourtap.server.inbox;

import org.hourtap.contract.BookId;
import org.hourtap.contract.CardRecord;
import org.hourtap.contract.ClockReading;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.VenueId;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.TapOrigin;
import org.hourtap.server.cards.Card;
import org.hourtap.server.cards.CardMacs;
import org.jspecify.annotations.Nullable;

/// A tap with everything the hub knows about it before it is posted.
///
/// @param card absent when no register knows it
/// @param hubMicros when it happened by the hub's clock; absent when the terminal has rebooted
///   between the tap and the sending
/// @param record what the card holds of this tap; absent for a card that holds nothing
/// @param mac whether the card signed that
/// @param isUnsigned whether the card should have signed the tap and its terminal brought nothing
record TapFacts(
        BookId book,
        VenueId venue,
        TapEvent event,
        TapOrigin origin,
        @Nullable Card card,
        @Nullable Long hubMicros,
        long receivedMicros,
        @Nullable CardRecord record,
        CardMacs.Verdict mac,
        boolean isUnsigned) {
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
        return eventMicros(event.at(), hubMicros, receivedMicros);
    }

    static long eventMicros(ClockReading at, @Nullable Long hubMicros, long receivedMicros) {
        if (hubMicros != null) {
            return hubMicros;
        }
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
