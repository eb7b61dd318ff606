package org.hourtap.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.ledger.LedgerFixtures.ANN;
import static org.hourtap.ledger.LedgerFixtures.BOB;
import static org.hourtap.ledger.LedgerFixtures.ISSUANCE;
import static org.hourtap.ledger.LedgerFixtures.PARTNER;
import static org.hourtap.ledger.LedgerFixtures.POOL;
import static org.hourtap.ledger.LedgerFixtures.SUSPENSE;
import static org.hourtap.ledger.LedgerFixtures.TILL;
import static org.hourtap.ledger.LedgerFixtures.closed;
import static org.hourtap.ledger.LedgerFixtures.correction;
import static org.hourtap.ledger.LedgerFixtures.entry;
import static org.hourtap.ledger.LedgerFixtures.holding;
import static org.hourtap.ledger.LedgerFixtures.id;
import static org.hourtap.ledger.LedgerFixtures.move;
import static org.hourtap.ledger.LedgerFixtures.staged;
import static org.hourtap.ledger.LedgerFixtures.swim;

import java.util.ArrayList;
import java.util.List;
import org.hourtap.contract.BookId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.VenueId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final AccountId ELSEWHERES_TILL =
            AccountId.till(new BookId("cardiff"), new VenueId("pool"));

    private static final Transfer SWUM = swim(1, 60);

    private static final Transfer UNDONE = correction(2, SWUM, Reason.VOID, 60);

    /// Runs out at 5.
    private static final Transfer HELD = staged(SWUM, Stage.pendingUntil(5));

    /// One row per rule. Each row breaks its own rule and every later one it can, so that the table
    /// also shows the order in which rules speak.
    private record Row(Rejection rejected, Transfer transfer, Known known) {}

    private static Known known(@Nullable Account debit, @Nullable Account credit) {
        return Known.accounts(debit, credit, 7);
    }

    private static Known correcting(@Nullable Entry original, int followedBy) {
        return new Known(
                null,
                null,
                null,
                original,
                followedBy == 0 ? null : id(followedBy),
                7,
                OpenDay.EVER);
    }

    private static Known since(Entry original, OpenDay day) {
        return new Known(null, null, null, original, null, 7, day);
    }

    private static Transfer naming(Transfer transfer, int original) {
        return new Transfer(
                transfer.id(),
                transfer.debit(),
                transfer.credit(),
                transfer.amount(),
                transfer.reason(),
                id(original),
                null,
                transfer.eventMicros(),
                transfer.stage());
    }

    private static Transfer posting(int n, AccountId debit, long minutes) {
        return staged(move(n, debit, POOL, minutes, Reason.SPEND), Stage.posting(id(1)));
    }

    private static final List<Row> TABLE =
            List.of(
                    row(Rejection.NO_AMOUNT, move(2, ANN, ANN, 0, Reason.SPEND), known(null, null)),
                    row(
                            Rejection.SAME_ACCOUNT,
                            move(2, ANN, ANN, 9, Reason.SPEND),
                            known(null, null)),
                    row(
                            Rejection.DIFFERENT_BOOKS,
                            move(2, ANN, ELSEWHERES_TILL, 9, Reason.SETTLEMENT),
                            known(null, null)),
                    row(
                            Rejection.DIFFERENT_ASSETS,
                            naming(move(2, ANN, TILL, 9, Reason.SPEND), 1),
                            known(null, null)),
                    row(
                            Rejection.REASON_DOES_NOT_FIT,
                            naming(move(2, POOL, ANN, 9, Reason.SPEND), 1),
                            known(null, null)),
                    row(
                            Rejection.REASON_IS_AT_ONCE,
                            staged(move(2, POOL, ANN, 9, Reason.VOID), Stage.pendingUntil(2)),
                            known(null, null)),
                    row(
                            Rejection.ENDS_BEFORE_IT_BEGINS,
                            staged(naming(swim(2, 9), 1), Stage.pendingUntil(2)),
                            known(null, null)),
                    row(
                            Rejection.ORIGINAL_NOT_NAMED,
                            move(2, POOL, ANN, 9, Reason.VOID),
                            known(null, null)),
                    row(Rejection.ORIGINAL_NOT_EXPECTED, naming(swim(2, 9), 1), known(null, null)),
                    row(
                            Rejection.ORIGINAL_UNKNOWN,
                            correction(2, SWUM, Reason.VOID, 61),
                            correcting(null, 3)),
                    row(
                            Rejection.ORIGINAL_UNKNOWN,
                            correction(2, SWUM, Reason.VOID, 60),
                            correcting(entry(1, swim(5, 60)), 0)),
                    row(
                            Rejection.ORIGINAL_IS_A_CORRECTION,
                            correction(4, UNDONE, Reason.VOID, 59),
                            correcting(entry(2, UNDONE), 3)),
                    row(
                            Rejection.ORIGINAL_MOVED_NOTHING,
                            correction(2, HELD, Reason.VOID, 61),
                            correcting(entry(1, HELD), 3)),
                    row(
                            Rejection.ORIGINAL_ALREADY_CORRECTED,
                            correction(2, SWUM, Reason.VOID, 61),
                            correcting(entry(1, SWUM), 3)),
                    row(
                            Rejection.NOT_THE_ORIGINAL_REVERSED,
                            correction(2, SWUM, Reason.REFUND, 61),
                            correcting(entry(1, SWUM), 0)),
                    row(
                            Rejection.NOT_THE_ORIGINAL_REVERSED,
                            correction(2, SWUM, Reason.VOID, 59),
                            correcting(entry(1, SWUM), 0)),
                    row(
                            Rejection.NOT_THE_ORIGINAL_REVERSED,
                            naming(move(2, POOL, BOB, 60, Reason.VOID), 1),
                            correcting(entry(1, SWUM), 0)),
                    row(Rejection.PENDING_UNKNOWN, posting(9, BOB, 61), correcting(null, 3)),
                    row(
                            Rejection.PENDING_UNKNOWN,
                            posting(9, ANN, 60),
                            correcting(entry(1, staged(swim(5, 60), Stage.PENDING)), 0)),
                    row(Rejection.NOT_PENDING, posting(9, BOB, 61), correcting(entry(1, SWUM), 3)),
                    row(
                            Rejection.ALREADY_DECIDED,
                            posting(9, BOB, 61),
                            correcting(entry(1, HELD), 3)),
                    row(
                            Rejection.NOT_AS_PENDING,
                            posting(9, BOB, 61),
                            correcting(entry(1, HELD), 0)),
                    row(
                            Rejection.EXCEEDS_PENDING,
                            posting(9, ANN, 61),
                            correcting(entry(1, HELD), 0)),
                    row(
                            Rejection.EXCEEDS_PENDING,
                            staged(swim(2, 59), Stage.voiding(id(1))),
                            correcting(entry(1, HELD), 0)),
                    row(Rejection.HAS_EXPIRED, posting(5, ANN, 60), correcting(entry(1, HELD), 0)),
                    row(
                            Rejection.HAS_NOT_EXPIRED,
                            staged(swim(4, 60), Stage.expiring(id(1))),
                            correcting(entry(1, HELD), 0)),
                    row(
                            Rejection.HAS_NOT_EXPIRED,
                            staged(swim(9, 60), Stage.expiring(id(1))),
                            correcting(entry(1, staged(SWUM, Stage.PENDING)), 0)),
                    row(
                            Rejection.ORIGINALS_DAY_IS_CLOSED,
                            correction(2, SWUM, Reason.VOID, 60),
                            since(entry(1, SWUM), new OpenDay(2, 3))),
                    row(
                            Rejection.DAY_IS_CLOSED,
                            swim(2, 9),
                            new Known(null, null, null, null, null, 7, new OpenDay(2, 3))),
                    row(Rejection.DEBIT_ACCOUNT_UNKNOWN, swim(2, 9), known(null, null)),
                    row(Rejection.CREDIT_ACCOUNT_UNKNOWN, swim(2, 9), known(closed(ANN, 0), null)),
                    row(
                            Rejection.DEBIT_ACCOUNT_CLOSED,
                            swim(2, 9),
                            known(closed(ANN, 0), closed(POOL, 0))),
                    row(
                            Rejection.CREDIT_ACCOUNT_CLOSED,
                            swim(2, 9),
                            known(holding(ANN, 0), closed(POOL, 0))),
                    row(
                            Rejection.EXCEEDS_BALANCE,
                            swim(2, 61),
                            known(holding(ANN, 60), holding(POOL, Limits.NONE))),
                    row(
                            Rejection.TOTALS_TOO_LARGE,
                            move(2, ANN, PARTNER, 60, Reason.EXCHANGE),
                            known(holding(ANN, 60), holding(PARTNER, Limits.NONE - 59))),
                    row(
                            Rejection.EXCEEDS_LIMIT,
                            move(2, ANN, PARTNER, 60, Reason.EXCHANGE),
                            known(holding(ANN, 60), Account.open(PARTNER))));

    private static Row row(Rejection rejected, Transfer transfer, Known known) {
        return new Row(rejected, transfer, known);
    }

    @Test
    void eachRuleRejectsWhatBreaksIt() {
        for (Row row : TABLE) {
            assertThat(Ledger.post(row.transfer(), row.known()))
                    .as(row.rejected().name())
                    .isEqualTo(new PostOutcome.Rejected(row.rejected()));
        }
    }

    @Test
    void theTableHasEveryRuleInOrderOfPrecedence() {
        assertThat(TABLE.stream().map(Row::rejected).distinct())
                .containsExactly(Rejection.values());
    }

    @Test
    void aSpendWithinTheBalanceIsPostedWithBothSidesHistory() {
        Account ann = new Account(ANN, new Balance(30, 90), 5, false);
        Account pool = new Account(POOL, new Balance(0, 30), 3, false);

        PostOutcome outcome = Ledger.post(swim(2, 60), known(ann, pool));

        assertThat(outcome)
                .isEqualTo(
                        new PostOutcome.Posted(
                                new Entry(7, swim(2, 60), 5, 3, 0, 90),
                                new Account(ANN, new Balance(90, 90), 7, false),
                                new Account(POOL, new Balance(0, 90), 7, false)));
    }

    @Test
    void theLastMinuteCanBeSpentAndNotOneMore() {
        assertThat(Ledger.post(swim(2, 60), known(holding(ANN, 60), holding(POOL, 0))))
                .isInstanceOf(PostOutcome.Posted.class);
        assertThat(Ledger.post(swim(2, 60), known(holding(ANN, 59), holding(POOL, 0))))
                .isEqualTo(new PostOutcome.Rejected(Rejection.EXCEEDS_BALANCE));
    }

    @Test
    void issuanceAndSuspenseMayBeOverdrawn() {
        Transfer back = move(2, SUSPENSE, POOL, 500, Reason.SHORTFALL);
        assertThat(Ledger.post(back, known(Account.open(SUSPENSE), Account.open(POOL))))
                .isInstanceOf(PostOutcome.Posted.class);
        Transfer earned = move(3, ISSUANCE, SUSPENSE, 500, Reason.SHIFT_EARNED);
        PostOutcome.Posted posted =
                (PostOutcome.Posted)
                        Ledger.post(earned, known(Account.open(ISSUANCE), Account.open(SUSPENSE)));
        assertThat(posted.entry().debitBalance()).isEqualTo(500);
        assertThat(posted.entry().creditBalance()).isEqualTo(-500);
    }

    @Test
    void aRepeatIsAnsweredAsTheFirstTimeWhateverTheAccountsSayNow() {
        Entry before = entry(3, SWUM);
        Known emptied = new Known(before, closed(ANN, 0), null, null, null, 7, OpenDay.EVER);
        assertThat(Ledger.post(SWUM, emptied)).isEqualTo(new PostOutcome.AlreadyPosted(before));
    }

    @Test
    void aDeclinedIdStaysDeclinedWhenTheHoursArriveLater() {
        Recorded declined = new Recorded.Declined(SWUM, Rejection.EXCEEDS_BALANCE);
        Known rich =
                new Known(
                        declined, holding(ANN, 600), holding(POOL, 0), null, null, 7, OpenDay.EVER);
        assertThat(Ledger.post(SWUM, rich))
                .isEqualTo(new PostOutcome.Rejected(Rejection.EXCEEDS_BALANCE));
    }

    @Test
    void theSameIdWithOtherContentConflictsInEveryField() {
        Recorded before = entry(3, SWUM);
        List<Transfer> others = new ArrayList<>();
        others.add(new Transfer(id(1), BOB, POOL, new Credits(60), Reason.SPEND, null, null, 1));
        others.add(new Transfer(id(1), ANN, BOB, new Credits(60), Reason.SPEND, null, null, 1));
        others.add(new Transfer(id(1), ANN, POOL, new Credits(61), Reason.SPEND, null, null, 1));
        others.add(new Transfer(id(1), ANN, POOL, new Credits(60), Reason.GIFT, null, null, 1));
        others.add(new Transfer(id(1), ANN, POOL, new Credits(60), Reason.SPEND, id(9), null, 1));
        others.add(
                new Transfer(
                        id(1),
                        ANN,
                        POOL,
                        new Credits(60),
                        Reason.SPEND,
                        null,
                        LedgerFixtures.POOL_DOOR,
                        1));
        others.add(new Transfer(id(1), ANN, POOL, new Credits(60), Reason.SPEND, null, null, 2));
        others.add(HELD);
        for (Transfer other : others) {
            Known known =
                    new Known(
                            before,
                            holding(ANN, 600),
                            holding(POOL, 0),
                            null,
                            null,
                            7,
                            OpenDay.EVER);
            assertThat(Ledger.post(other, known))
                    .as("%s", other)
                    .isEqualTo(new PostOutcome.Conflicting(before));
        }
    }

    @Test
    void aVoidMovesTheWholeAmountBackAndARefundAPart() {
        Known known =
                new Known(
                        null,
                        holding(POOL, 60),
                        holding(ANN, 0),
                        entry(1, SWUM),
                        null,
                        7,
                        OpenDay.EVER);
        assertThat(Ledger.post(correction(2, SWUM, Reason.VOID, 60), known))
                .isInstanceOf(PostOutcome.Posted.class);
        assertThat(Ledger.post(correction(2, SWUM, Reason.REVERSAL, 60), known))
                .isInstanceOf(PostOutcome.Posted.class);
        assertThat(Ledger.post(correction(2, SWUM, Reason.REFUND, 1), known))
                .isInstanceOf(PostOutcome.Posted.class);
    }

    @Test
    void aPartnersHoursStayWithinWhatWasAgreedInBothDirections() {
        Account partner = Account.open(PARTNER).within(new Limits(-90, 60));
        assertThat(isPosted(move(2, ANN, PARTNER, 60, Reason.EXCHANGE), partner)).isTrue();
        assertThat(isPosted(move(2, ANN, PARTNER, 61, Reason.EXCHANGE), partner)).isFalse();
        assertThat(isPosted(move(2, PARTNER, ANN, 90, Reason.EXCHANGE), partner)).isTrue();
        assertThat(isPosted(move(2, PARTNER, ANN, 91, Reason.EXCHANGE), partner)).isFalse();
    }

    @Test
    void anAccountWhoseLimitsWereNarrowedCanComeBackButNotGoFurther() {
        Account owing = holding(PARTNER, 100).within(new Limits(0, 60));
        assertThat(isPosted(move(2, PARTNER, ANN, 10, Reason.EXCHANGE), owing)).isTrue();
        assertThat(isPosted(move(2, ANN, PARTNER, 1, Reason.EXCHANGE), owing)).isFalse();
    }

    private static boolean isPosted(Transfer transfer, Account partner) {
        Account other = holding(transfer.debit().equals(PARTNER) ? transfer.credit() : ANN, 600);
        Known known =
                transfer.debit().equals(PARTNER) ? known(partner, other) : known(other, partner);
        PostOutcome outcome = Ledger.post(transfer, known);
        if (outcome instanceof PostOutcome.Rejected rejected) {
            assertThat(rejected.rejection()).isEqualTo(Rejection.EXCEEDS_LIMIT);
        }
        return outcome instanceof PostOutcome.Posted;
    }

    @Test
    void whatAMachineTellsOfComesIntoTheOpenDayWithItsOwnTime() {
        OpenDay day = new OpenDay(7, 1_000);
        Known known = new Known(null, holding(ANN, 60), holding(POOL, 60), null, null, 7, day);
        Transfer late =
                new Transfer(
                        id(2),
                        ANN,
                        POOL,
                        new Credits(60),
                        Reason.SPEND,
                        null,
                        LedgerFixtures.POOL_DOOR,
                        999);
        assertThat(Ledger.post(late, known)).isInstanceOf(PostOutcome.Posted.class);
        assertThat(Ledger.post(swim(999, 60), known))
                .isEqualTo(new PostOutcome.Rejected(Rejection.DAY_IS_CLOSED));
        assertThat(Ledger.post(swim(1_000, 60), known)).isInstanceOf(PostOutcome.Posted.class);
        Known reversing =
                new Known(null, holding(POOL, 60), holding(ANN, 0), entry(6, SWUM), null, 7, day);
        assertThat(Ledger.post(correction(2, SWUM, Reason.REVERSAL, 60), reversing))
                .isInstanceOf(PostOutcome.Posted.class);
        assertThat(Ledger.post(correction(1_000, SWUM, Reason.REFUND, 60), reversing))
                .isInstanceOf(PostOutcome.Posted.class);
    }

    @Test
    void everyRejectionIsASentence() {
        for (Rejection rejection : Rejection.values()) {
            assertThat(rejection.sentence()).matches("[A-Z].+\\.");
        }
    }
}
