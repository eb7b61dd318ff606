package org.hourtap.ledger;

import org.hourtap.contract.Credits;

/// Everything ever debited and credited, in minutes. Two numbers that only grow, because one signed
/// number would hide turnover and make drift invisible; the difference is computed, never kept.
public record Balance(long debits, long credits) {
    public static final Balance ZERO = new Balance(0, 0);

    public Balance {
        if (debits < 0 || credits < 0) {
            throw new IllegalArgumentException(
                    "totals only grow: debits " + debits + ", credits " + credits);
        }
    }

    /// @return minutes on that side; negative when the other side is heavier
    public long on(Side side) {
        return switch (side) {
            case DEBIT -> debits - credits;
            case CREDIT -> credits - debits;
        };
    }

    /// @throws ArithmeticException if the total leaves 64 bits
    public Balance plus(Side side, Credits amount) {
        return switch (side) {
            case DEBIT -> new Balance(Math.addExact(debits, amount.minutes()), credits);
            case CREDIT -> new Balance(debits, Math.addExact(credits, amount.minutes()));
        };
    }
}
