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
    /// @param counter the card's transaction counter up to which every tap is in `balance`; 0 for a
    ///   card that has none
    /// @param ahead which later taps are in `balance` as well: bit 0 for `counter + 2`, bit 1 for
    ///   `counter + 3` and so on, since `counter + 1` is not
    /// @param allowance minutes this card may still spend whatever the balance, for a card lent to
    ///   a helper; absent without such a limit
    record CardRow(
            CardId card,
            Status status,
            TapEvent.Proof leastProof,
            long balance,
            String language,
            @Nullable OpenShift openShift,
            long counter,
            int ahead,
            @Nullable Long allowance)
            implements FeedRow {
        public CardRow {
            Language.require(language);
            if (counter < 0) {
                throw new IllegalArgumentException("a card's counter is negative: " + counter);
            }
        }

        /// A card that counts nothing.
        public CardRow(
                CardId card,
                Status status,
                TapEvent.Proof leastProof,
                long balance,
                String language,
                @Nullable OpenShift openShift) {
            this(card, status, leastProof, balance, language, openShift, 0, 0, null);
        }

        /// Whether the tap with this counter is in `balance`.
        public boolean contains(long tap) {
            long bit = tap - counter - 2;
            return tap <= counter || (bit >= 0 && bit < Integer.SIZE && (ahead >>> bit & 1) == 1);
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
    /// @param offlineLimit what one card may spend at one terminal in one outage, if the card does
    ///   not carry its last taps or does not carry enough of them
    /// @param carriedLimit the same for a card that carries them all
    record PolicyRow(int passbackSeconds, Credits offlineLimit, Credits carriedLimit)
            implements FeedRow {
        private static final int PASSBACK_SECONDS_MAX = 3600;

        public PolicyRow {
            if (passbackSeconds < 0 || passbackSeconds > PASSBACK_SECONDS_MAX) {
                throw new IllegalArgumentException("passback is 0 to 3600 s: " + passbackSeconds);
            }
        }
    }
}
