package org.hourtap.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hourtap.ledger.LedgerFixtures.ANN;
import static org.hourtap.ledger.LedgerFixtures.BOB;
import static org.hourtap.ledger.LedgerFixtures.ISSUANCE;
import static org.hourtap.ledger.LedgerFixtures.PARTNER;
import static org.hourtap.ledger.LedgerFixtures.POOL;
import static org.hourtap.ledger.LedgerFixtures.correction;
import static org.hourtap.ledger.LedgerFixtures.entry;
import static org.hourtap.ledger.LedgerFixtures.holding;
import static org.hourtap.ledger.LedgerFixtures.id;
import static org.hourtap.ledger.LedgerFixtures.move;
import static org.hourtap.ledger.LedgerFixtures.staged;
import static org.hourtap.ledger.LedgerFixtures.swim;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.hourtap.contract.Credits;
import org.hourtap.contract.TransferId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Hours that are held until somebody decides.
class PendingTest {
    private static final Transfer BOOKED = staged(swim(1, 40), Stage.pendingUntil(1_000));

    private static Known deciding(Account debit, Account credit, Transfer original) {
        return new Known(null, debit, credit, entry(1, original), null, 7, OpenDay.EVER);
    }

    private static PostOutcome.Posted posted(Transfer transfer, Known known) {
        PostOutcome outcome = Ledger.post(transfer, known);
        assertThat(outcome).isInstanceOf(PostOutcome.Posted.class);
        return (PostOutcome.Posted) outcome;
    }

    private static void assertRejected(Rejection rejection, Transfer transfer, Known known) {
        assertThat(Ledger.post(transfer, known)).isEqualTo(new PostOutcome.Rejected(rejection));
    }

    @Test
    void whatIsPendingMovesNothingAndCannotBeSpentTwice() {
        PostOutcome.Posted held =
                posted(BOOKED, Known.accounts(holding(ANN, 60), holding(POOL, 0), 7));
        assertThat(held.debit().carried()).isEqualTo(60);
        assertThat(held.debit().available()).isEqualTo(new Credits(20));
        assertThat(held.entry().debitBalance()).isEqualTo(60);
        assertThat(held.credit().balance()).isEqualTo(new Balance(0, 0, 0, 40));
        assertThat(held.credit().carried()).isZero();
        assertRejected(
                Rejection.EXCEEDS_BALANCE,
                swim(2, 21),
                Known.accounts(held.debit(), held.credit(), 8));
        posted(swim(2, 20), Known.accounts(held.debit(), held.credit(), 8));
    }

    @Test
    void hoursThatArePromisedCannotBeSpentYet() {
        Transfer shift = staged(move(1, ISSUANCE, ANN, 40, Reason.SHIFT_EARNED), Stage.PENDING);
        Account ann =
                posted(shift, Known.accounts(Account.open(ISSUANCE), Account.open(ANN), 7))
                        .credit();
        assertThat(ann.balance()).isEqualTo(new Balance(0, 0, 0, 40));
        assertThat(ann.available()).isEqualTo(Credits.NONE);
        assertRejected(
                Rejection.EXCEEDS_BALANCE, swim(2, 1), Known.accounts(ann, Account.open(POOL), 8));
    }

    @Test
    void aPartIsPostedAndTheRestLetGo() {
        Account ann = new Account(ANN, new Balance(0, 60, 40, 0), 1, false);
        Account pool = new Account(POOL, new Balance(0, 0, 0, 40), 1, false);
        PostOutcome.Posted part =
                posted(staged(swim(2, 15), Stage.posting(id(1))), deciding(ann, pool, BOOKED));
        assertThat(part.debit().balance()).isEqualTo(new Balance(15, 60));
        assertThat(part.credit().balance()).isEqualTo(new Balance(0, 15));
        assertThat(part.entry().creditBalance()).isEqualTo(15);
        PostOutcome.Posted none =
                posted(staged(swim(2, 40), Stage.voiding(id(1))), deciding(ann, pool, BOOKED));
        assertThat(none.debit().balance()).isEqualTo(new Balance(0, 60));
        assertThat(none.credit().balance()).isEqualTo(Balance.ZERO);
    }

    @Test
    void itIsDecidedInTimeOrRunsOutAndBothSayWhen() {
        Account ann = new Account(ANN, new Balance(0, 60, 40, 0), 1, false);
        Account pool = new Account(POOL, new Balance(0, 0, 0, 40), 1, false);
        Known known = deciding(ann, pool, BOOKED);
        posted(staged(swim(999, 40), Stage.posting(id(1))), known);
        assertRejected(Rejection.HAS_EXPIRED, staged(swim(1_000, 40), Stage.posting(id(1))), known);
        assertRejected(
                Rejection.HAS_NOT_EXPIRED, staged(swim(999, 40), Stage.expiring(id(1))), known);
        Transfer over = staged(swim(1_000, 40), Stage.expiring(id(1)));
        assertThat(posted(over, known).debit().balance()).isEqualTo(new Balance(0, 60));
        Known nextDay =
                new Known(null, ann, pool, entry(1, BOOKED), null, 7, new OpenDay(7, 5_000));
        posted(over, nextDay);
        posted(staged(swim(5_000, 40), Stage.voiding(id(1))), nextDay);
        Transfer forEver = staged(swim(1, 40), Stage.PENDING);
        posted(
                staged(swim(5_000, 40), Stage.posting(id(1))),
                new Known(null, ann, pool, entry(1, forEver), null, 7, new OpenDay(7, 5_000)));
    }

    @Test
    void roomIsKeptUnderALimitUntilItIsDecided() {
        Account partner = Account.open(PARTNER).within(new Limits(0, 60));
        Transfer promise = staged(move(1, ANN, PARTNER, 50, Reason.EXCHANGE), Stage.PENDING);
        Account promised = posted(promise, Known.accounts(holding(ANN, 600), partner, 7)).credit();
        assertRejected(
                Rejection.EXCEEDS_LIMIT,
                move(2, ANN, PARTNER, 11, Reason.EXCHANGE),
                Known.accounts(holding(ANN, 600), promised, 8));
        // What was promised may happen, whatever is agreed meanwhile.
        Account ann = new Account(ANN, new Balance(0, 600, 50, 0), 1, false);
        posted(
                staged(move(2, ANN, PARTNER, 50, Reason.EXCHANGE), Stage.posting(id(1))),
                new Known(
                        null,
                        ann,
                        promised.within(new Limits(0, 10)),
                        entry(7, promise),
                        null,
                        8,
                        OpenDay.EVER));
    }

    @Test
    void whatWasPostedIsCorrectedAndWhatWasNotIsNot() {
        Transfer done = staged(swim(2, 30), Stage.posting(id(1)));
        posted(
                correction(3, done, Reason.VOID, 30),
                deciding(holding(POOL, 30), holding(ANN, 0), done));
        for (Stage stage : List.of(Stage.PENDING, Stage.voiding(id(1)), Stage.expiring(id(1)))) {
            Transfer nothing = staged(swim(2, 30), stage);
            assertRejected(
                    Rejection.ORIGINAL_MOVED_NOTHING,
                    correction(3, nothing, Reason.VOID, 30),
                    deciding(holding(POOL, 30), holding(ANN, 0), nothing));
        }
    }

    @Test
    void onlyAPendingTransferRunsOutAndOnlyADecisionNamesOne() {
        assertThatThrownBy(() -> new Stage(Stage.Kind.POSTS, null, null))
                .hasMessageContaining("names a pending transfer");
        assertThatThrownBy(() -> new Stage(Stage.Kind.PLAIN, id(1), null))
                .hasMessageContaining("decides no transfer");
        assertThatThrownBy(() -> new Stage(Stage.Kind.VOIDS, id(1), 5L))
                .hasMessageContaining("does not run out");
        assertThatThrownBy(() -> new Balance(0, 0, -1, 0)).hasMessageContaining("more was let go");
        assertThatThrownBy(() -> new Account(ANN, new Balance(0, 5, 6, 0), 1, false))
                .hasMessageContaining("overdrawn");
        TrialBalance.Recount recount = new TrialBalance.Recount();
        assertThatThrownBy(() -> recount.add(entry(1, staged(swim(2, 9), Stage.posting(id(1))))))
                .hasMessageContaining("decides what is not pending");
    }

    @Test
    void whatWasHeldForAReasonThatFittedThenIsStillDecided() {
        Transfer guest = staged(move(1, PARTNER, POOL, 50, Reason.SPEND), Stage.PENDING);
        Account partner = Account.open(PARTNER).within(new Limits(-60, 60));
        assertRejected(
                Rejection.REASON_DOES_NOT_FIT,
                guest,
                Known.accounts(partner, Account.open(POOL), 7));
        Balance held = Balance.ZERO.hold(Side.DEBIT, 50);
        Account holding = new Account(PARTNER, held, partner.limits(), 1, false);
        Account pool = new Account(POOL, Balance.ZERO.hold(Side.CREDIT, 50), 1, false);
        Transfer posting = staged(move(2, PARTNER, POOL, 50, Reason.SPEND), Stage.posting(id(1)));
        assertThat(posted(posting, deciding(holding, pool, guest)).debit().carried())
                .isEqualTo(-50);
    }

    /// Whatever is held, decided twice, late or wrongly: what is held on all debit sides is held on
    /// all credit sides, balances add up to zero, no floor is broken, and the journal says all of
    /// it again.
    @Test
    void theBooksBalanceHoweverHoursAreHeldAndDecided() {
        Set<Stage.Kind> kinds = EnumSet.noneOf(Stage.Kind.class);
        for (int seed = 1; seed <= 40; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Books books = new Books();
            for (int n = 1; n <= 300; n++) {
                books.post(books.anyTransfer(n, random));
                TrialBalance trial = TrialBalance.of(books.accounts.values());
                assertThat(trial.isBalanced()).as("seed %d, step %d", seed, n).isTrue();
                assertThat(trial.sum()).isZero();
                assertThat(books.account(ANN).free()).isNotNegative();
                assertThat(books.account(BOB).free()).isNotNegative();
                Account partner = books.account(PARTNER);
                assertThat(partner.carried()).isBetween(-60L, 90L);
            }
            TrialBalance.Recount recount = new TrialBalance.Recount();
            books.journal.forEach(recount::add);
            assertThat(recount.against(books.accounts.values()).isBalanced()).isTrue();
            books.journal.forEach(e -> kinds.add(e.transfer().stage().kind()));
        }
        assertThat(kinds).containsExactly(Stage.Kind.values());
    }

    /// Books as simple as they can be.
    private static final class Books {
        private static final List<AccountId> ALL = List.of(ISSUANCE, ANN, BOB, POOL, PARTNER);

        private final Map<AccountId, Account> accounts = new HashMap<>();
        private final Map<TransferId, Entry> recorded = new HashMap<>();
        private final Map<TransferId, TransferId> followed = new HashMap<>();
        private final List<Entry> journal = new ArrayList<>();

        Books() {
            ALL.forEach(id -> accounts.put(id, Account.open(id)));
            accounts.put(PARTNER, Account.open(PARTNER).within(new Limits(-60, 90)));
        }

        Account account(AccountId id) {
            return Objects.requireNonNull(accounts.get(id));
        }

        Transfer anyTransfer(int n, SplittableRandom random) {
            if (!journal.isEmpty() && random.nextInt(2) == 0) {
                return follow(n, random, journal.get(random.nextInt(journal.size())).transfer());
            }
            int minutes = random.nextInt(1, 90);
            AccountId member = random.nextBoolean() ? ANN : BOB;
            Transfer plain =
                    switch (random.nextInt(4)) {
                        case 0 -> move(n, ISSUANCE, member, minutes, Reason.SHIFT_EARNED);
                        case 1 -> move(n, member, POOL, minutes, Reason.SPEND);
                        case 2 -> move(n, member, PARTNER, minutes, Reason.EXCHANGE);
                        case 3 -> move(n, PARTNER, member, minutes, Reason.EXCHANGE);
                        default -> throw new AssertionError();
                    };
            return switch (random.nextInt(3)) {
                case 0 -> plain;
                case 1 -> staged(plain, Stage.PENDING);
                default -> staged(plain, Stage.pendingUntil(n + random.nextInt(1, 50)));
            };
        }

        private Transfer follow(int n, SplittableRandom random, Transfer original) {
            long off = random.nextInt(4) == 0 ? random.nextInt(-2, 3) : 0;
            long minutes = Math.max(0, original.amount().units() + off);
            Transfer again =
                    move(n, original.debit(), original.credit(), minutes, original.reason());
            return switch (random.nextInt(4)) {
                case 0 -> staged(again, Stage.posting(original.id()));
                case 1 -> staged(again, Stage.voiding(original.id()));
                case 2 -> staged(again, Stage.expiring(original.id()));
                default -> correction(n, original, Reason.REFUND, minutes);
            };
        }

        void post(Transfer transfer) {
            TransferId original = transfer.original();
            Known known =
                    new Known(
                            recorded.get(transfer.id()),
                            accounts.get(transfer.debit()),
                            accounts.get(transfer.credit()),
                            original == null ? null : entryOf(original),
                            original == null ? null : followed.get(original),
                            journal.size() + 1L,
                            OpenDay.EVER);
            if (Ledger.post(transfer, known) instanceof PostOutcome.Posted posted) {
                accounts.put(posted.debit().id(), posted.debit());
                accounts.put(posted.credit().id(), posted.credit());
                journal.add(posted.entry());
                recorded.put(transfer.id(), posted.entry());
                if (original != null) {
                    assertThat(followed.put(original, transfer.id())).isNull();
                }
            }
        }

        private @Nullable Entry entryOf(TransferId id) {
            return recorded.get(id);
        }
    }
}
