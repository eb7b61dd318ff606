package org.hourtap.ledger;

import org.hourtap.contract.Credits;
import org.jspecify.annotations.Nullable;

/// An account as it stands.
///
/// @param limits what its balance may not leave; it may lie outside after they were narrowed
/// @param lastEntry sequence of the newest entry that touched it, 0 if none: the start of its
///   history
/// @param isClosed whether nothing may be posted to it any more
public record Account(
        AccountId id, Balance balance, Limits limits, long lastEntry, boolean isClosed) {
    public Account {
        if (lastEntry < 0) {
            throw new IllegalArgumentException("a sequence is not negative: " + lastEntry);
        }
        if (!id.kind().isOverdrawable() && free(id, balance) < 0) {
            throw new IllegalArgumentException(id + " is overdrawn: " + balance);
        }
    }

    /// The same with the limits of its kind.
    public Account(AccountId id, Balance balance, long lastEntry, boolean isClosed) {
        this(id, balance, Limits.of(id.kind()), lastEntry, isClosed);
    }

    public static Account open(AccountId id) {
        return new Account(id, Balance.ZERO, 0, false);
    }

    /// @return the balance on the side this kind of account carries, in what it counts
    public long carried() {
        return balance.on(id.kind().carries());
    }

    /// @return the balance less what pending transfers may still take from it
    public long free() {
        return free(id, balance);
    }

    private static long free(AccountId id, Balance balance) {
        Side carries = id.kind().carries();
        return balance.on(carries) - balance.pending(carries.other());
    }

    /// @return hours that may be debited without leaving the limits, beside those that are held
    /// @throws IllegalStateException if the account counts something else
    public Credits available() {
        if (id.kind().asset() != Asset.MINUTES) {
            throw new IllegalStateException(id + " holds no hours");
        }
        long above = free() - limits.least();
        return above <= 0 ? Credits.NONE : new Credits(Math.min(above, Credits.MINUTES_MAX));
    }

    public Account within(Limits narrower) {
        return new Account(id, balance, narrower, lastEntry, isClosed);
    }

    public Account closed() {
        return new Account(id, balance, limits, lastEntry, true);
    }

    /// @param pending the transfer that this one decides, if it decides one
    Account after(Side side, Transfer transfer, @Nullable Transfer pending, long entry) {
        return new Account(id, balance.after(side, transfer, pending), limits, entry, isClosed);
    }
}
