package org.hourtap.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hourtap.ledger.LedgerFixtures.ANN;
import static org.hourtap.ledger.LedgerFixtures.BANKED;
import static org.hourtap.ledger.LedgerFixtures.BARRY;
import static org.hourtap.ledger.LedgerFixtures.PAYERS;
import static org.hourtap.ledger.LedgerFixtures.TILL;
import static org.hourtap.ledger.LedgerFixtures.correction;
import static org.hourtap.ledger.LedgerFixtures.entry;
import static org.hourtap.ledger.LedgerFixtures.id;
import static org.hourtap.ledger.LedgerFixtures.move;
import static org.hourtap.ledger.LedgerFixtures.pence;
import static org.hourtap.ledger.LedgerFixtures.staged;

import java.util.ArrayList;
import java.util.List;
import org.hourtap.contract.Credits;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Cash beside hours is written down and never becomes hours.
class CashTest {
    private static final Transfer TAKEN = pence(1, PAYERS, TILL, 250, Reason.CASH_TAKEN);

    private static AccountId account(AccountKind kind) {
        return new AccountId(BARRY, kind, kind.isSingle() ? "" : "x");
    }

    private static List<Stage> stages() {
        return List.of(
                Stage.PLAIN,
                Stage.PENDING,
                Stage.pendingUntil(9),
                Stage.posting(id(1)),
                Stage.voiding(id(1)),
                Stage.expiring(id(1)));
    }

    /// Every pair of accounts of two assets, for every reason, at every stage, whatever stands
    /// under the transfer it names.
    @Test
    void nothingMovesBetweenHoursAndPenceForAnyReasonAndAtAnyStage() {
        List<String> moved = new ArrayList<>();
        for (Reason reason : Reason.values()) {
            for (AccountKind debit : AccountKind.values()) {
                for (AccountKind credit : AccountKind.values()) {
                    if (debit.asset() == credit.asset()) {
                        continue;
                    }
                    assertThat(reason.fits(debit, credit))
                            .as("%s: %s to %s", reason, debit, credit)
                            .isEqualTo(reason.isCorrection());
                    for (Stage stage : stages()) {
                        PostOutcome outcome = mixed(reason, account(debit), account(credit), stage);
                        if (!outcome.equals(new PostOutcome.Rejected(Rejection.DIFFERENT_ASSETS))) {
                            moved.add(reason + " " + debit + " " + credit + " " + stage);
                        }
                    }
                }
            }
        }
        assertThat(moved).isEmpty();
    }

    private static PostOutcome mixed(
            Reason reason, AccountId debit, AccountId credit, Stage stage) {
        Transfer transfer =
                new Transfer(
                        id(2),
                        debit,
                        credit,
                        new Amount(debit.kind().asset(), 60),
                        reason,
                        reason.isCorrection() ? id(1) : null,
                        null,
                        2,
                        stage);
        Known known =
                new Known(
                        null,
                        Account.open(debit),
                        Account.open(credit),
                        entry(1, TAKEN),
                        null,
                        7,
                        OpenDay.EVER);
        return Ledger.post(transfer, known);
    }

    @Test
    void aReasonIsForHoursOrForCashAndNoneIsForBoth() {
        for (Reason reason : Reason.values()) {
            boolean isOfCash = false;
            boolean isOfHours = false;
            for (AccountKind debit : AccountKind.values()) {
                for (AccountKind credit : AccountKind.values()) {
                    boolean fits = reason.fits(debit, credit);
                    isOfCash |= fits && debit.asset() == Asset.PENCE;
                    isOfHours |= fits && debit.asset() == Asset.MINUTES;
                }
            }
            boolean isCash = reason == Reason.CASH_TAKEN || reason == Reason.CASH_BANKED;
            assertThat(isOfCash).as("%s", reason).isEqualTo(isCash || reason.isCorrection());
            assertThat(isOfHours).as("%s", reason).isEqualTo(!isCash);
        }
    }

    @Test
    void whatIsTakenBankedAndTakenBackStaysInPence() {
        PostOutcome.Posted taken = posted(TAKEN, Account.open(PAYERS), Account.open(TILL), null);
        assertThat(taken.debit().carried()).isEqualTo(250);
        assertThat(taken.credit().carried()).isEqualTo(250);
        Transfer banking = pence(2, TILL, BANKED, 250, Reason.CASH_BANKED);
        PostOutcome.Posted banked = posted(banking, taken.credit(), Account.open(BANKED), null);
        assertThat(banked.debit().carried()).isZero();
        Transfer undone = correction(3, TAKEN, Reason.VOID, 250);
        PostOutcome.Posted back = posted(undone, banked.debit(), taken.debit(), entry(1, TAKEN));
        assertThat(back.debit().carried()).as("what was banked has to come back").isEqualTo(-250);
        List<Account> all = List.of(back.credit(), back.debit(), banked.credit());
        TrialBalance trial = TrialBalance.of(all);
        assertThat(trial).isEqualTo(new TrialBalance(0, 0, 0, 0, 0, List.of()));
    }

    private static PostOutcome.Posted posted(
            Transfer transfer, Account debit, Account credit, @Nullable Entry original) {
        long next = Math.max(debit.lastEntry(), credit.lastEntry()) + 1;
        Known known = new Known(null, debit, credit, original, null, next, OpenDay.EVER);
        return (PostOutcome.Posted) Ledger.post(transfer, known);
    }

    @Test
    void cashIsNeverHeldFirst() {
        Known known = Known.accounts(Account.open(PAYERS), Account.open(TILL), 7);
        assertThat(Ledger.post(staged(TAKEN, Stage.PENDING), known))
                .isEqualTo(new PostOutcome.Rejected(Rejection.REASON_IS_AT_ONCE));
    }

    @Test
    void anAmountIsInWhatItsAccountCounts() {
        assertThatThrownBy(() -> move(1, PAYERS, TILL, 60, Reason.CASH_TAKEN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("PAYERS is kept in pence, not in minutes.");
        assertThatThrownBy(() -> pence(1, ANN, TILL, 60, Reason.SPEND))
                .hasMessage("MEMBER:ann is kept in minutes, not in pence.");
        assertThat(Amount.of(new Credits(60)).credits()).isEqualTo(new Credits(60));
        assertThat(Amount.of(new Credits(60))).isNotEqualTo(Amount.pence(60));
        assertThat(Amount.pence(60)).hasToString("60 pence");
    }

    @Test
    void noHoursCanBeMadeOfPence() {
        assertThatThrownBy(() -> Amount.pence(60).credits())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("60 pence are no hours");
        assertThatThrownBy(() -> Account.open(TILL).available())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("barry/TILL:pool holds no hours");
    }

    @Test
    void anAmountHasItsRange() {
        assertThat(Amount.pence(Amount.PENCE_MAX).units()).isEqualTo(1_000_000_000);
        assertThatThrownBy(() -> Amount.pence(Amount.PENCE_MAX + 1))
                .hasMessage("pence must be 0 to 1000000000: 1000000001");
        assertThatThrownBy(() -> Amount.pence(-1)).hasMessageContaining("pence must be 0 to");
        assertThatThrownBy(() -> new Amount(Asset.MINUTES, -1))
                .hasMessageContaining("minutes must");
        assertThat(Amount.pence(0).isNone()).isTrue();
        assertThat(Amount.pence(1).isNone()).isFalse();
    }
}
