package org.hourtap.ledger;

/// The two sides of an account. Every transfer debits one account and credits another.
public enum Side {
    DEBIT,
    CREDIT;

    Side other() {
        return this == DEBIT ? CREDIT : DEBIT;
    }
}
