package org.hourtap.ledger;

import org.hourtap.contract.Credits;

/// How much a transfer moves: minutes or pence, and it knows which.
///
/// @param units never negative
public record Amount(Asset asset, long units) {
    /// Ten million pounds: far above what is in any till, far below where a sum of sums overflows.
    public static final long PENCE_MAX = 1_000_000_000;

    public Amount {
        long most = asset == Asset.MINUTES ? Credits.MINUTES_MAX : PENCE_MAX;
        if (units < 0 || units > most) {
            throw new IllegalArgumentException(
                    asset.unit() + " must be 0 to " + most + ": " + units);
        }
    }

    public static Amount of(Credits hours) {
        return new Amount(Asset.MINUTES, hours.minutes());
    }

    public static Amount pence(long pence) {
        return new Amount(Asset.PENCE, pence);
    }

    public boolean isNone() {
        return units == 0;
    }

    /// @throws IllegalStateException if these are pence: nothing makes hours of them
    public Credits credits() {
        if (asset != Asset.MINUTES) {
            throw new IllegalStateException(units + " pence are no hours");
        }
        return new Credits(units);
    }

    /// @throws IllegalArgumentException with a sentence if the account counts something else
    public void requireFor(AccountId account) {
        Asset kept = account.kind().asset();
        if (asset != kept) {
            throw new IllegalArgumentException(
                    account.name()
                            + " is kept in "
                            + kept.unit()
                            + ", not in "
                            + asset.unit()
                            + ".");
        }
    }

    @Override
    public String toString() {
        return units + " " + asset.unit();
    }
}
