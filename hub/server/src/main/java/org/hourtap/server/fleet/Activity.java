package org.hourtap.server.fleet;

import org.hourtap.contract.ActivityId;
import org.hourtap.contract.Credits;
import org.hourtap.ledger.Amount;
import org.hourtap.ledger.Asset;

/// Something hours are spent on or earned by.
///
/// @param price minutes one entry costs; of no meaning for shifts
/// @param roundUpTo a shift counts in blocks of this many minutes, each started one whole; 1 is
///   exact
/// @param needsApproval whether hours of its shifts wait until a coordinator approves them
/// @param cash what one entry costs beside the hours; recorded with the tap, and no terminal hears
///   of it
public record Activity(
        ActivityId id,
        String name,
        Kind kind,
        Credits price,
        int roundUpTo,
        boolean needsApproval,
        Amount cash) {
    /// A day; longer blocks are a typing error.
    private static final int ROUND_UP_TO_MAX = 1_440;

    /// Which way hours go.
    public enum Kind {
        SPEND,
        SHIFT
    }

    public Activity {
        Venue.requireName(name);
        if (kind == Kind.SPEND && price.isNone()) {
            throw new IllegalArgumentException(
                    "An activity to spend hours on has a price of at least 1 minute.");
        }
        if (roundUpTo < 1 || roundUpTo > ROUND_UP_TO_MAX) {
            throw new IllegalArgumentException(
                    "Shifts are rounded up to blocks of 1 to 1440 minutes.");
        }
        if (kind == Kind.SPEND && needsApproval) {
            throw new IllegalArgumentException(
                    "Only shifts are approved. An entry is held by a pending transfer instead.");
        }
        if (cash.asset() != Asset.PENCE || (kind == Kind.SHIFT && !cash.isNone())) {
            throw new IllegalArgumentException("Cash is taken for an entry, not for a shift.");
        }
    }

    /// Nothing is paid for it but hours.
    public Activity(
            ActivityId id,
            String name,
            Kind kind,
            Credits price,
            int roundUpTo,
            boolean needsApproval) {
        this(id, name, kind, price, roundUpTo, needsApproval, Amount.pence(0));
    }

    /// Nor has anybody to approve its shifts.
    public Activity(ActivityId id, String name, Kind kind, Credits price, int roundUpTo) {
        this(id, name, kind, price, roundUpTo, false);
    }

    /// @return minutes credited for a shift of that length
    public static Credits credited(long micros, int roundUpTo) {
        long block = Math.multiplyExact(roundUpTo, 60_000_000L);
        return new Credits(Math.multiplyExact(Math.ceilDiv(micros, block), (long) roundUpTo));
    }
}
