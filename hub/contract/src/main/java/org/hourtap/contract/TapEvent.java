package org.hourtap.contract;

import java.util.List;
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
/// @param stamp what the card said when it took this tap in; absent for a card that carries none
/// @param carried taps at other terminals that the card brought along, oldest first
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
        boolean offline,
        @Nullable CardStamp stamp,
        List<CarriedTap> carried) {
    /// What happened.
    public enum Kind {
        SPEND,
        SHIFT_IN,
        SHIFT_OUT,
        DECLINED,
        /// The card left in the moment of taking the tap in, and nobody was let in on it. Should
        /// the card carry a tap of this id, its hours go back.
        TORN
    }

    /// As many as a card holds.
    public static final int CARRIED_MAX = 16;

    /// How the card showed that it is itself, strongest first.
    public enum Proof {
        DESFIRE_EV2,
        DESFIRE_EV1,
        NTAG_424,
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
        if (isWelcome(kind) == (activity == null)) {
            throw new IllegalArgumentException("a welcomed tap, and only it, names its activity");
        }
        if (stamp != null && !isWelcome(kind)) {
            throw new IllegalArgumentException("only a welcomed tap is on the card");
        }
        if (carried.size() > CARRIED_MAX) {
            throw new IllegalArgumentException("a card carries at most " + CARRIED_MAX + " taps");
        }
        carried = List.copyOf(carried);
    }

    /// A tap of a card that carries nothing.
    public TapEvent(
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
        this(
                sequence, id, kind, card, proof, activity, minutes, reason, at, offline, null,
                List.of());
    }

    /// The same tap with what the card said to it, or without.
    public TapEvent with(@Nullable CardStamp newStamp) {
        return new TapEvent(
                sequence, id, kind, card, proof, activity, minutes, reason, at, offline, newStamp,
                carried);
    }

    /// What the terminal says of a tap in the end when nobody was let in on it.
    public TapEvent torn() {
        return new TapEvent(
                sequence,
                id,
                Kind.TORN,
                card,
                proof,
                null,
                Credits.NONE,
                null,
                at,
                offline,
                null,
                carried);
    }

    private static boolean isWelcome(Kind kind) {
        return switch (kind) {
            case SPEND, SHIFT_IN, SHIFT_OUT -> true;
            case DECLINED, TORN -> false;
        };
    }
}
