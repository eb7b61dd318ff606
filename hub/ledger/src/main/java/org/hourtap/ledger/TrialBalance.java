package org.hourtap.ledger;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hourtap.contract.TransferId;
import org.jspecify.annotations.Nullable;

/// The check that the books are whole: all debits equal all credits, and every account's balance is
/// what its entries add up to.
///
/// @param debits minutes ever debited, over all accounts
/// @param credits minutes ever credited, over all accounts
/// @param cash credits less debits over the accounts that count pence, zero in sound books
/// @param pendingDebits minutes that pending transfers may still take, over all accounts
/// @param pendingCredits minutes that they may still give
/// @param differences what does not agree; empty when all is well
public record TrialBalance(
        long debits,
        long credits,
        long cash,
        long pendingDebits,
        long pendingCredits,
        List<Difference> differences) {
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
        return debits == credits
                && cash == 0
                && pendingDebits == pendingCredits
                && differences.isEmpty();
    }

    /// @return the sum over all accounts that count minutes, zero in sound books
    public long sum() {
        return Math.subtractExact(credits, debits);
    }

    private static TrialBalance total(Collection<Account> accounts, List<Difference> differences) {
        long debits = 0;
        long credits = 0;
        long cash = 0;
        long pendingDebits = 0;
        long pendingCredits = 0;
        for (Account account : accounts) {
            if (account.id().kind().asset() == Asset.PENCE) {
                cash = Math.addExact(cash, account.balance().on(Side.CREDIT));
                continue;
            }
            debits = Math.addExact(debits, account.balance().debits());
            credits = Math.addExact(credits, account.balance().credits());
            pendingDebits = Math.addExact(pendingDebits, account.balance().pendingDebits());
            pendingCredits = Math.addExact(pendingCredits, account.balance().pendingCredits());
        }
        return new TrialBalance(debits, credits, cash, pendingDebits, pendingCredits, differences);
    }

    /// Adds up a journal entry by entry, so that one longer than memory can be checked.
    public static final class Recount {
        private final Map<AccountId, Balance> recomputed = new HashMap<>();
        private final Map<TransferId, Transfer> undecided = new HashMap<>();
        private long lastSequence;

        /// @throws IllegalStateException if the entry does not follow the one before it, or decides
        ///   a transfer that is not pending
        public void add(Entry entry) {
            if (entry.sequence() != lastSequence + 1) {
                throw new IllegalStateException(
                        "entry " + entry.sequence() + " follows entry " + lastSequence);
            }
            lastSequence = entry.sequence();
            Transfer transfer = entry.transfer();
            TransferId decides = transfer.stage().decides();
            Transfer pending = decides == null ? null : undecided.remove(decides);
            if (decides != null && (pending == null || !transfer.isBetweenTheSame(pending))) {
                throw new IllegalStateException(
                        "entry " + entry.sequence() + " decides what is not pending");
            }
            if (transfer.stage().kind() == Stage.Kind.PENDING) {
                undecided.put(transfer.id(), transfer);
            }
            move(transfer.debit(), Side.DEBIT, transfer, pending);
            move(transfer.credit(), Side.CREDIT, transfer, pending);
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

        private void move(
                AccountId account, Side side, Transfer transfer, @Nullable Transfer pending) {
            Balance before = recomputed.getOrDefault(account, Balance.ZERO);
            recomputed.put(account, before.after(side, transfer, pending));
        }
    }
}
