package org.hourtap.contract;

import org.jspecify.annotations.Nullable;

/// One row of what terminals keep in their cache. A later row with the same key replaces an earlier
/// one.
public sealed interface FeedRow {
    /// What a terminal may know of a card: no name, nothing about the person but a balance and the
    /// language to greet in.
    ///
    /// @param balance minutes at the hub; negative when a late tap overdrew the account
    /// @param leastProof the weakest proof this card is taken at; a copy of its number on a blank
    ///   card proves less than the card itself, and is refused
    /// @param openShift the tap that opened a shift not yet closed, absent when off shift
    record CardRow(
            CardId card,
            Status status,
            TapEvent.Proof leastProof,
            long balance,
            String language,
            @Nullable OpenShift openShift)
            implements FeedRow {
        public CardRow {
            Language.require(language);
        }
    }

    /// Whether a card may be used. Stopping is of this card, never of its member.
    enum Status {
        ACTIVE,
        STOPPED
    }

    /// A shift begun and not ended, at whatever terminal.
    ///
    /// @param sinceMicros the hub's estimate of when it began, microseconds since 1970
    record OpenShift(ActivityId activity, long sinceMicros) {}

    /// What one terminal is for. Sent to that terminal only.
    ///
    /// @param price minutes a tap spends; of no meaning in a shift terminal
    record ProfileRow(
            String venueName,
            Mode mode,
            ActivityId activity,
            String activityName,
            Credits price,
            String language)
            implements FeedRow {
        /// The screen has room for this much, in large letters.
        public static final int NAME_LENGTH_MAX = 60;

        public ProfileRow {
            Language.require(language);
            if (venueName.length() > NAME_LENGTH_MAX || activityName.length() > NAME_LENGTH_MAX) {
                throw new IllegalArgumentException("a name has at most 60 characters");
            }
            if (mode == Mode.ENTRANCE && price.isNone()) {
                throw new IllegalArgumentException("an entrance has a price of at least 1 minute");
            }
        }
    }

    /// What a tap at this terminal means.
    enum Mode {
        ENTRANCE,
        SHIFT
    }

    /// The limits a terminal decides within.
    ///
    /// @param passbackSeconds the same card again within this time is a repeat, not a second tap
    /// @param offlineLimit what one card may spend at one terminal in one outage
    record PolicyRow(int passbackSeconds, Credits offlineLimit) implements FeedRow {
        private static final int PASSBACK_SECONDS_MAX = 3600;

        public PolicyRow {
            if (passbackSeconds < 0 || passbackSeconds > PASSBACK_SECONDS_MAX) {
                throw new IllegalArgumentException("passback is 0 to 3600 s: " + passbackSeconds);
            }
        }
    }
}
