package org.hourtap.card.testing;

import static org.hourtap.card.testing.CardCrypto.bytes;
import static org.hourtap.card.testing.CardCrypto.join;
import static org.hourtap.card.testing.CardCrypto.lowFirst;

/// A number between two limits.
final class ValueFile extends CardFile {
    /// @param limitedCredit whether LimitedCredit is switched on
    record Limits(int lower, int upper, boolean limitedCredit) {}

    private final Limits limits;
    private int value;

    /// What the last committed debits left for LimitedCredit to give back.
    private int refundable;

    private long change;
    private long debited;
    private boolean refunded;
    private boolean pending;

    ValueFile(Comm comm, int rights, Limits limits, int value) {
        super(comm, rights);
        this.limits = limits;
        this.value = value;
    }

    /// As last committed.
    int value() {
        return value;
    }

    void credit(int amount) throws Refusal {
        change(amount, amount);
    }

    void debit(int amount) throws Refusal {
        change(amount, -(long) amount);
        debited += amount;
    }

    void limitedCredit(int amount) throws Refusal {
        if (!limits.limitedCredit) {
            throw new Refusal(Status.DENIED);
        }
        if (refunded || amount > refundable) {
            throw new Refusal(Status.BOUNDARY);
        }
        change(amount, amount);
        refunded = true;
    }

    private void change(int amount, long by) throws Refusal {
        long after = value + change + by;
        if (amount < 0) {
            throw new Refusal(Status.PARAMETER);
        }
        if (after < limits.lower || after > limits.upper) {
            throw new Refusal(Status.BOUNDARY);
        }
        change += by;
        pending = true;
    }

    @Override
    int type() {
        return 2;
    }

    @Override
    byte[] details() {
        return join(
                lowFirst(limits.lower, 4),
                lowFirst(limits.upper, 4),
                lowFirst(refundable, 4),
                bytes(limits.limitedCredit ? 1 : 0));
    }

    @Override
    boolean isPending() {
        return pending;
    }

    @Override
    void commit() {
        value += (int) change;
        if (debited > 0) {
            refundable = (int) debited;
        } else if (refunded) {
            refundable = 0;
        }
        rollBack();
    }

    @Override
    void rollBack() {
        change = 0;
        debited = 0;
        refunded = false;
        pending = false;
    }

    @Override
    CardFile copy() {
        ValueFile copy = new ValueFile(comm, rights, limits, value);
        copy.refundable = refundable;
        return copy;
    }
}
