package org.hourtap.ledger;

import org.jspecify.annotations.Nullable;

/// The rules of the books, as one function of values. It never throws and never looks anything up:
/// the same transfer against the same knowledge has the same outcome, on any machine, for ever.
public final class Ledger {
    private Ledger() {}

    /// Decides a transfer. Idempotence comes first, before validity, so that a repeat is answered
    /// as it was the first time whatever happened to the accounts since.
    public static PostOutcome post(Transfer transfer, Known known) {
        Recorded recorded = known.recorded();
        if (recorded != null) {
            return repeated(transfer, recorded);
        }
        Rejection rejection = formRejection(transfer);
        if (rejection == null) {
            rejection = correctionRejection(transfer, known);
        }
        if (rejection == null && transfer.stage().decides() != null) {
            rejection = decisionRejection(transfer, known);
        }
        if (rejection == null) {
            rejection = dayRejection(transfer, known);
        }
        Account debit = known.debit();
        Account credit = known.credit();
        if (rejection != null) {
            return new PostOutcome.Rejected(rejection);
        }
        if (debit == null) {
            return new PostOutcome.Rejected(Rejection.DEBIT_ACCOUNT_UNKNOWN);
        }
        if (credit == null) {
            return new PostOutcome.Rejected(Rejection.CREDIT_ACCOUNT_UNKNOWN);
        }
        rejection = accountRejection(transfer, debit, credit);
        return rejection != null
                ? new PostOutcome.Rejected(rejection)
                : posted(transfer, debit, credit, known);
    }

    private static PostOutcome repeated(Transfer transfer, Recorded recorded) {
        if (!recorded.transfer().equals(transfer)) {
            return new PostOutcome.Conflicting(recorded);
        }
        return switch (recorded) {
            case Entry entry -> new PostOutcome.AlreadyPosted(entry);
            case Recorded.Declined declined -> new PostOutcome.Rejected(declined.rejection());
        };
    }

    /// What can be said of the transfer alone.
    private static @Nullable Rejection formRejection(Transfer transfer) {
        if (transfer.amount().isNone()) {
            return Rejection.NO_AMOUNT;
        }
        if (transfer.debit().equals(transfer.credit())) {
            return Rejection.SAME_ACCOUNT;
        }
        if (!transfer.debit().book().equals(transfer.credit().book())) {
            return Rejection.DIFFERENT_BOOKS;
        }
        AccountKind debit = transfer.debit().kind();
        AccountKind credit = transfer.credit().kind();
        if (debit.asset() != credit.asset()) {
            return Rejection.DIFFERENT_ASSETS;
        }
        Stage stage = transfer.stage();
        // A decision has the accounts and the reason of what was held, which fitted then.
        if (stage.decides() == null && !transfer.reason().fits(debit, credit)) {
            return Rejection.REASON_DOES_NOT_FIT;
        }
        if (!stage.isPlain() && !transfer.reason().mayWait()) {
            return Rejection.REASON_IS_AT_ONCE;
        }
        return stage.untilMicros() != null && stage.untilMicros() <= transfer.eventMicros()
                ? Rejection.ENDS_BEFORE_IT_BEGINS
                : null;
    }

    private static @Nullable Rejection correctionRejection(Transfer transfer, Known known) {
        if (!transfer.reason().isCorrection()) {
            return transfer.corrects() == null ? null : Rejection.ORIGINAL_NOT_EXPECTED;
        }
        if (transfer.corrects() == null) {
            return Rejection.ORIGINAL_NOT_NAMED;
        }
        Entry original = known.original();
        if (original == null || !original.transfer().id().equals(transfer.corrects())) {
            return Rejection.ORIGINAL_UNKNOWN;
        }
        if (original.transfer().reason().isCorrection()) {
            return Rejection.ORIGINAL_IS_A_CORRECTION;
        }
        if (!original.transfer().stage().moves()) {
            return Rejection.ORIGINAL_MOVED_NOTHING;
        }
        if (known.followedBy() != null) {
            return Rejection.ORIGINAL_ALREADY_CORRECTED;
        }
        return reverses(transfer, original.transfer()) ? null : Rejection.NOT_THE_ORIGINAL_REVERSED;
    }

    private static @Nullable Rejection decisionRejection(Transfer transfer, Known known) {
        Entry original = known.original();
        if (original == null || !original.transfer().id().equals(transfer.stage().decides())) {
            return Rejection.PENDING_UNKNOWN;
        }
        Transfer pending = original.transfer();
        if (pending.stage().kind() != Stage.Kind.PENDING) {
            return Rejection.NOT_PENDING;
        }
        if (known.followedBy() != null) {
            return Rejection.ALREADY_DECIDED;
        }
        if (!transfer.isBetweenTheSame(pending)) {
            return Rejection.NOT_AS_PENDING;
        }
        int difference = Long.compare(transfer.amount().units(), pending.amount().units());
        Stage.Kind kind = transfer.stage().kind();
        if (kind == Stage.Kind.POSTS ? difference > 0 : difference != 0) {
            return Rejection.EXCEEDS_PENDING;
        }
        Long until = pending.stage().untilMicros();
        boolean isOver = until != null && until <= transfer.eventMicros();
        return switch (kind) {
            case POSTS -> isOver ? Rejection.HAS_EXPIRED : null;
            case EXPIRES -> isOver ? null : Rejection.HAS_NOT_EXPIRED;
            case PLAIN, PENDING, VOIDS -> null;
        };
    }

    /// A closed day stays as it was printed. What a tap or the system itself tells of is a fact: it
    /// comes into the open day with its own time.
    private static @Nullable Rejection dayRejection(Transfer transfer, Known known) {
        Entry original = known.original();
        OpenDay open = known.openDay();
        if (transfer.reason() == Reason.VOID
                && original != null
                && original.sequence() < open.firstSequence()) {
            return Rejection.ORIGINALS_DAY_IS_CLOSED;
        }
        boolean isFact =
                transfer.origin() != null
                        || transfer.reason() == Reason.REVERSAL
                        || transfer.stage().kind() == Stage.Kind.EXPIRES;
        return !isFact && transfer.eventMicros() < open.sinceMicros()
                ? Rejection.DAY_IS_CLOSED
                : null;
    }

    private static boolean reverses(Transfer transfer, Transfer original) {
        int difference = Long.compare(transfer.amount().units(), original.amount().units());
        return transfer.debit().equals(original.credit())
                && transfer.credit().equals(original.debit())
                && (transfer.reason().isWhole() ? difference == 0 : difference <= 0);
    }

    private static @Nullable Rejection accountRejection(
            Transfer transfer, Account debit, Account credit) {
        if (debit.isClosed()) {
            return Rejection.DEBIT_ACCOUNT_CLOSED;
        }
        if (credit.isClosed()) {
            return Rejection.CREDIT_ACCOUNT_CLOSED;
        }
        if (transfer.stage().decides() != null) {
            // Room for it was kept on both sides when it was pending.
            return null;
        }
        long amount = transfer.amount().units();
        if (overdraws(debit, Side.DEBIT, amount) || overdraws(credit, Side.CREDIT, amount)) {
            return Rejection.EXCEEDS_BALANCE;
        }
        if (!isRoom(debit.balance().debits(), debit.balance().pendingDebits(), amount)
                || !isRoom(credit.balance().credits(), credit.balance().pendingCredits(), amount)) {
            return Rejection.TOTALS_TOO_LARGE;
        }
        return leaves(debit, Side.DEBIT, amount) || leaves(credit, Side.CREDIT, amount)
                ? Rejection.EXCEEDS_LIMIT
                : null;
    }

    private static boolean overdraws(Account account, Side side, long amount) {
        AccountKind kind = account.id().kind();
        return !kind.isOverdrawable() && kind.carries() != side && account.free() < amount;
    }

    /// Only away from zero: an account whose limits were narrowed can always come back to them.
    /// What is pending counts as if it had happened, where that brings the limit nearer.
    private static boolean leaves(Account account, Side side, long amount) {
        Limits limits = account.limits();
        return account.id().kind().carries() == side
                ? account.carried() + account.balance().pending(side) > limits.most() - amount
                : account.free() < limits.least() + amount;
    }

    /// Half the range, so that the difference of two totals and the sum of a book's totals stay in
    /// it.
    private static boolean isRoom(long total, long pending, long amount) {
        return total <= Long.MAX_VALUE / 2 - amount - pending;
    }

    private static PostOutcome posted(
            Transfer transfer, Account debit, Account credit, Known known) {
        Entry original = known.original();
        Transfer pending = original == null ? null : original.transfer();
        long sequence = known.nextSequence();
        Account debited = debit.after(Side.DEBIT, transfer, pending, sequence);
        Account credited = credit.after(Side.CREDIT, transfer, pending, sequence);
        Entry entry =
                new Entry(
                        sequence,
                        transfer,
                        debit.lastEntry(),
                        credit.lastEntry(),
                        debited.carried(),
                        credited.carried());
        return new PostOutcome.Posted(entry, debited, credited);
    }
}
