package org.hourtap.contract;

import org.jspecify.annotations.Nullable;

/// One tap as the terminal journalled it: a fact, whatever the hub thinks of it.
///
/// @param sequence position in this terminal's journal, from 1, without gaps
/// @param id minted with the tap; the same id with the same content counts once, for ever
/// @param activity what the hours were spent on or earned by; absent when nothing was decided
/// @param minutes hours spent, in minutes; 0 for shifts (the hub computes their length) and
///   declines
/// @param reason why a tap was declined, a word for staff; absent otherwise
/// @param offline whether the terminal had no link to the hub when it decided
public record TapEvent(
        long sequence,
        TransferId id,
        Kind kind,
        CardId card,
        Proof proof,
        @Nullable ActivityId activity,
        Credits minutes,
        @Nullable String reason,
        ClockReading at,
        boolean offline) {
    /// What happened.
    public enum Kind {
        SPEND,
        SHIFT_IN,
        SHIFT_OUT,
        DECLINED
    }

    /// How the card showed that it is itself, strongest first.
    public enum Proof {
        DESFIRE_EV2,
        DESFIRE_EV1,
        UID_ONLY,
        NONE;

        /// @return whether this shows at least as much as `other`
        public boolean isAtLeast(Proof other) {
            return compareTo(other) <= 0;
        }
    }

    private static final int REASON_LENGTH_MAX = 40;

    public TapEvent {
        if (sequence < 1) {
            throw new IllegalArgumentException("a tap's sequence starts at 1: " + sequence);
        }
        if (id.leg() != 0) {
            throw new IllegalArgumentException("a tap's own id is leg 0: " + id);
        }
        if ((kind == Kind.SPEND) == minutes.isNone()) {
            throw new IllegalArgumentException("a spend, and only a spend, carries minutes");
        }
        if ((kind == Kind.DECLINED) == (reason == null)) {
            throw new IllegalArgumentException("a declined tap, and only it, carries a reason");
        }
        if (reason != null && reason.length() > REASON_LENGTH_MAX) {
            throw new IllegalArgumentException("a reason has at most 40 characters");
        }
        if (kind != Kind.DECLINED && activity == null) {
            throw new IllegalArgumentException("a welcomed tap names its activity");
        }
    }
}
