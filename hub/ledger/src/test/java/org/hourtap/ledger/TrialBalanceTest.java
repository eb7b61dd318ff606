package org.hourtap.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hourtap.ledger.LedgerFixtures.ANN;
import static org.hourtap.ledger.LedgerFixtures.BANKED;
import static org.hourtap.ledger.LedgerFixtures.BOB;
import static org.hourtap.ledger.LedgerFixtures.ISSUANCE;
import static org.hourtap.ledger.LedgerFixtures.PAYERS;
import static org.hourtap.ledger.LedgerFixtures.POOL;
import static org.hourtap.ledger.LedgerFixtures.SUSPENSE;
import static org.hourtap.ledger.LedgerFixtures.TILL;
import static org.hourtap.ledger.LedgerFixtures.entry;
import static org.hourtap.ledger.LedgerFixtures.move;
import static org.hourtap.ledger.LedgerFixtures.pence;
import static org.hourtap.ledger.LedgerFixtures.swim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TrialBalanceTest {
    private static final List<AccountId> ALL =
            List.of(ISSUANCE, SUSPENSE, ANN, BOB, POOL, PAYERS, TILL, BANKED);

    @Test
    void randomSequencesKeepTheBooksBalancedAndNoMemberOverdrawn() {
        for (long seed = 1; seed <= 200; seed++) {
            Books books = new Books();
            SplittableRandom random = new SplittableRandom(seed);
            for (int n = 1; n <= 200; n++) {
                books.post(anyTransfer(n, random));
                TrialBalance trial = TrialBalance.of(books.accounts.values());
                assertThat(trial.sum()).as("seed %d, transfer %d", seed, n).isZero();
                assertThat(trial.cash()).as("seed %d, transfer %d", seed, n).isZero();
                assertThat(books.account(ANN).carried()).as("seed %d", seed).isNotNegative();
            }
            TrialBalance.Recount recount = new TrialBalance.Recount();
            books.journal.forEach(recount::add);
            TrialBalance recounted = recount.against(books.accounts.values());
            assertThat(recounted.isBalanced()).as("seed %d: %s", seed, recounted).isTrue();
            assertThat(books.journal).as("seed %d", seed).isNotEmpty();
            assertThat(statement(books, ANN)).as("seed %d", seed).isEqualTo(plainHistory(books));
        }
    }

    @Test
    void aBalanceThatIsNotItsEntriesSumIsNamed() {
        TrialBalance.Recount recount = new TrialBalance.Recount();
        recount.add(entry(1, move(1, ISSUANCE, ANN, 60, Reason.SHIFT_EARNED)));
        Account issuance = new Account(ISSUANCE, new Balance(60, 0), 1, false);
        Account forged = new Account(ANN, new Balance(0, 61), 1, false);

        TrialBalance checked = recount.against(List.of(issuance, forged));

        assertThat(checked.isBalanced()).isFalse();
        assertThat(checked.sum()).isEqualTo(1);
        assertThat(checked.differences())
                .containsExactly(
                        new TrialBalance.Difference(ANN, new Balance(0, 61), new Balance(0, 60)));
    }

    @Test
    void twoErrorsThatCancelOutAreStillDifferences() {
        TrialBalance.Recount recount = new TrialBalance.Recount();
        recount.add(entry(1, move(1, ISSUANCE, ANN, 60, Reason.SHIFT_EARNED)));
        TrialBalance checked =
                recount.against(
                        List.of(
                                new Account(ISSUANCE, new Balance(70, 0), 1, false),
                                new Account(ANN, new Balance(0, 70), 1, false)));
        assertThat(checked.sum()).isZero();
        assertThat(checked.isBalanced()).isFalse();
    }

    @Test
    void anAccountInTheJournalThatIsMissingIsADifference() {
        TrialBalance.Recount recount = new TrialBalance.Recount();
        recount.add(entry(1, swim(1, 60)));
        assertThat(recount.against(List.of()).differences())
                .extracting(TrialBalance.Difference::account)
                .containsExactlyInAnyOrder(ANN, POOL);
    }

    @Test
    void emptyBooksBalance() {
        assertThat(new TrialBalance.Recount().against(List.of(Account.open(ANN))).isBalanced())
                .isTrue();
        assertThat(new TrialBalance(1, 2, 0, 0, 0, List.of()).isBalanced()).isFalse();
        assertThat(new TrialBalance(1, 1, 0, 2, 3, List.of()).isBalanced()).isFalse();
        assertThat(new TrialBalance(1, 1, 5, 0, 0, List.of()).isBalanced()).isFalse();
    }

    @Test
    void aGapInTheJournalStopsTheRecount() {
        TrialBalance.Recount recount = new TrialBalance.Recount();
        recount.add(entry(1, swim(1, 60)));
        assertThatThrownBy(() -> recount.add(entry(3, swim(2, 60))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("entry 3 follows entry 1");
    }

    private static Transfer anyTransfer(int n, SplittableRandom random) {
        int minutes = random.nextInt(0, 90);
        AccountId member = random.nextBoolean() ? ANN : BOB;
        // Small ids on purpose: some repeat with the same content, most of those with other.
        int id = random.nextInt(10) == 0 ? random.nextInt(1, n + 1) : n;
        return switch (random.nextInt(7)) {
            case 0 -> move(id, ISSUANCE, member, minutes, Reason.SHIFT_EARNED);
            case 1 -> move(id, member, POOL, minutes, Reason.SPEND);
            case 2 -> move(id, SUSPENSE, POOL, minutes, Reason.SHORTFALL);
            case 3 -> move(id, ANN, BOB, minutes, Reason.GIFT);
            case 4 -> move(id, POOL, member, minutes, Reason.SPEND);
            case 5 -> pence(id, PAYERS, TILL, minutes, Reason.CASH_TAKEN);
            case 6 -> pence(id, TILL, BANKED, minutes, Reason.CASH_BANKED);
            default -> throw new AssertionError();
        };
    }

    /// Walks the entries back from the account's newest, as the hub's statements do.
    private static List<Long> statement(Books books, AccountId account) {
        List<Long> balances = new ArrayList<>();
        long at = books.account(account).lastEntry();
        while (at > 0) {
            Entry entry = books.journal.get((int) at - 1);
            boolean isDebit = entry.transfer().debit().equals(account);
            balances.addFirst(isDebit ? entry.debitBalance() : entry.creditBalance());
            at = isDebit ? entry.debitPrevious() : entry.creditPrevious();
        }
        return balances;
    }

    private static List<Long> plainHistory(Books books) {
        List<Long> balances = new ArrayList<>();
        long balance = 0;
        for (Entry entry : books.journal) {
            Transfer transfer = entry.transfer();
            if (transfer.credit().equals(ANN)) {
                balance += transfer.amount().units();
                balances.add(balance);
            } else if (transfer.debit().equals(ANN)) {
                balance -= transfer.amount().units();
                balances.add(balance);
            }
        }
        return balances;
    }

    /// Books as simple as they can be: two maps and a list.
    private static final class Books {
        private final Map<AccountId, Account> accounts = new HashMap<>();
        private final Map<Object, Recorded> recorded = new HashMap<>();
        private final List<Entry> journal = new ArrayList<>();

        Books() {
            ALL.forEach(id -> accounts.put(id, Account.open(id)));
        }

        Account account(AccountId id) {
            return Objects.requireNonNull(accounts.get(id));
        }

        void post(Transfer transfer) {
            Known known =
                    new Known(
                            recorded.get(transfer.id()),
                            accounts.get(transfer.debit()),
                            accounts.get(transfer.credit()),
                            null,
                            null,
                            journal.size() + 1L,
                            OpenDay.EVER);
            switch (Ledger.post(transfer, known)) {
                case PostOutcome.Posted posted -> {
                    accounts.put(posted.debit().id(), posted.debit());
                    accounts.put(posted.credit().id(), posted.credit());
                    journal.add(posted.entry());
                    recorded.put(transfer.id(), posted.entry());
                }
                case PostOutcome.Rejected rejected ->
                        recorded.putIfAbsent(
                                transfer.id(),
                                new Recorded.Declined(transfer, rejected.rejection()));
                case PostOutcome.AlreadyPosted _, PostOutcome.Conflicting _ -> {}
            }
        }
    }
}
