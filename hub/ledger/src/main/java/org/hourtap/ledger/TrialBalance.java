package org.hourtap.ledger;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The check that the books are whole: all debits equal all credits, and every account's balance is
/// what its entries add up to.
///
/// @param debits minutes ever debited, over all accounts
/// @param credits minutes ever credited, over all accounts
/// @param differences what does not agree; empty when all is well
public record TrialBalance(long debits, long credits, List<Difference> differences) {
    /// An account whose kept balance is not what the journal says.
    public record Difference(AccountId account, Balance kept, Balance recomputed) {}

    public TrialBalance {
        differences = List.copyOf(differences);
    }

    /// Compares the accounts' kept totals with each other only; the quick check.
    public static TrialBalance of(Collection<Account> accounts) {
        return total(accounts, List.of());
    }

    public boolean isBalanced() {
        return debits == credits && differences.isEmpty();
    }

    /// @return the sum over all accounts, zero in sound books
    public long sum() {
        return Math.subtractExact(credits, debits);
    }

    private static TrialBalance total(Collection<Account> accounts, List<Difference> differences) {
        long debits = 0;
        long credits = 0;
        for (Account account : accounts) {
            debits = Math.addExact(debits, account.balance().debits());
            credits = Math.addExact(credits, account.balance().credits());
        }
        return new TrialBalance(debits, credits, differences);
    }

    /// Adds up a journal entry by entry, so that one longer than memory can be checked.
    public static final class Recount {
        private final Map<AccountId, Balance> recomputed = new HashMap<>();
        private long lastSequence;

        /// @throws IllegalStateException if the entry does not follow the one before it
        public void add(Entry entry) {
            if (entry.sequence() != lastSequence + 1) {
                throw new IllegalStateException(
                        "entry " + entry.sequence() + " follows entry " + lastSequence);
            }
            lastSequence = entry.sequence();
            Transfer transfer = entry.transfer();
            move(transfer.debit(), Side.DEBIT, transfer);
            move(transfer.credit(), Side.CREDIT, transfer);
        }

        public TrialBalance against(Collection<Account> accounts) {
            Map<AccountId, Balance> left = new HashMap<>(recomputed);
            List<Difference> differences = new ArrayList<>();
            for (Account account : accounts) {
                Balance expected = left.getOrDefault(account.id(), Balance.ZERO);
                left.remove(account.id());
                if (!expected.equals(account.balance())) {
                    differences.add(new Difference(account.id(), account.balance(), expected));
                }
            }
            left.forEach(
                    (id, balance) -> differences.add(new Difference(id, Balance.ZERO, balance)));
            return total(accounts, differences);
        }

        private void move(AccountId account, Side side, Transfer transfer) {
            Balance before = recomputed.getOrDefault(account, Balance.ZERO);
            recomputed.put(account, before.plus(side, transfer.amount()));
        }
    }
}
