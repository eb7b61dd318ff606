package org.hourtap.ledger;

import org.jspecify.annotations.Nullable;

/// Everything ever debited and credited, in what the account counts. Two numbers that only grow,
/// because one signed number would hide turnover and make drift invisible; the difference is
/// computed, never kept.
///
/// @param pendingDebits what pending transfers may still take
/// @param pendingCredits what pending transfers may still give
public record Balance(long debits, long credits, long pendingDebits, long pendingCredits) {
    public static final Balance ZERO = new Balance(0, 0);

    public Balance {
        if (debits < 0 || credits < 0) {
            throw new IllegalArgumentException(
                    "totals only grow: debits " + debits + ", credits " + credits);
        }
        if (pendingDebits < 0 || pendingCredits < 0) {
            throw new IllegalArgumentException(
                    "more was let go than was held: pending debits "
                            + pendingDebits
                            + ", pending credits "
                            + pendingCredits);
        }
    }

    /// Nothing is pending.
    public Balance(long debits, long credits) {
        this(debits, credits, 0, 0);
    }

    /// @return units on that side; negative when the other side is heavier
    public long on(Side side) {
        return switch (side) {
            case DEBIT -> debits - credits;
            case CREDIT -> credits - debits;
        };
    }

    /// @return units that pending transfers may still bring to that side
    public long pending(Side side) {
        return switch (side) {
            case DEBIT -> pendingDebits;
            case CREDIT -> pendingCredits;
        };
    }

    /// @throws ArithmeticException if the total leaves 64 bits
    public Balance plus(Side side, long units) {
        return switch (side) {
            case DEBIT ->
                    new Balance(
                            Math.addExact(debits, units), credits, pendingDebits, pendingCredits);
            case CREDIT ->
                    new Balance(
                            debits, Math.addExact(credits, units), pendingDebits, pendingCredits);
        };
    }

    /// @param units that are held on that side from now on; negative for what is let go
    /// @throws ArithmeticException if the total leaves 64 bits
    public Balance hold(Side side, long units) {
        return switch (side) {
            case DEBIT ->
                    new Balance(
                            debits, credits, Math.addExact(pendingDebits, units), pendingCredits);
            case CREDIT ->
                    new Balance(
                            debits, credits, pendingDebits, Math.addExact(pendingCredits, units));
        };
    }

    /// @param pending the transfer that this one decides, if it decides one
    /// @return the balance after a transfer on that side
    Balance after(Side side, Transfer transfer, @Nullable Transfer pending) {
        return switch (transfer.stage().kind()) {
            case PLAIN -> plus(side, transfer.amount().units());
            case PENDING -> hold(side, transfer.amount().units());
            case POSTS -> letGo(side, pending).plus(side, transfer.amount().units());
            case VOIDS, EXPIRES -> letGo(side, pending);
        };
    }

    private Balance letGo(Side side, @Nullable Transfer pending) {
        if (pending == null) {
            throw new IllegalArgumentException("nothing is pending that could be decided");
        }
        return hold(side, -pending.amount().units());
    }
}
