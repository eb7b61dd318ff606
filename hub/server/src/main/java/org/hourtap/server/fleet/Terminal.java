package org.hourtap.server.fleet;

import org.hourtap.contract.ActivityId;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.VenueId;
import org.jspecify.annotations.Nullable;

/// A terminal as the hub knows it.
///
/// @param certificateSerial of the certificate it connects with, absent until it has joined
/// @param lastSequence every tap of it up to here is in the books
public record Terminal(
        TerminalId id,
        VenueId venue,
        FeedRow.Mode mode,
        ActivityId activity,
        String language,
        FeedRow.PolicyRow policy,
        boolean isRevoked,
        @Nullable String certificateSerial,
        long lastSequence) {
    public Terminal {
        if (!language.matches("[a-z]{2}")) {
            throw new IllegalArgumentException("A language is two letters, such as en or cy.");
        }
    }
}
