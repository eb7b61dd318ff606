package org.hourtap.ledger;

import java.util.concurrent.TimeUnit;
import org.hourtap.contract.BookId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TransferId;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What one decision of the ledger costs: `deploy/bench post`.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LedgerBenchmark {
    private static final BookId BOOK = new BookId("barry");
    private static final AccountId ISSUANCE = AccountId.issuance(BOOK);
    private static final AccountId ANN = AccountId.of(BOOK, new MemberId("ann"));
    private static final AccountId POOL = new AccountId(BOOK, AccountKind.VENUE, "pool");

    private final TransferId id = TransferId.mint(1_790_000_000_000L, 1, 16);
    private final Transfer earned = transfer(ISSUANCE, ANN, 60, Reason.SHIFT_EARNED);
    private final Transfer tooMuch = transfer(ANN, POOL, 60_000, Reason.SPEND);
    private final Account issuance = Account.open(ISSUANCE);
    private final Account ann = Account.open(ANN);
    private final Account pool = Account.open(POOL);
    private final Known open = Known.accounts(issuance, ann, 1);
    private final Known poor = Known.accounts(ann, pool, 2);

    private Transfer transfer(AccountId debit, AccountId credit, long minutes, Reason reason) {
        return new Transfer(id, debit, credit, new Credits(minutes), reason, null, null, 1);
    }

    /// A transfer that is posted.
    @Benchmark
    public PostOutcome posted() {
        return Ledger.post(earned, open);
    }

    /// One that is refused, after all rules were looked at.
    @Benchmark
    public PostOutcome refused() {
        return Ledger.post(tooMuch, poor);
    }
}
