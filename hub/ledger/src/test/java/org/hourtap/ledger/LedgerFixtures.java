package org.hourtap.ledger;

import org.hourtap.contract.BookId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.TransferId;
import org.hourtap.contract.VenueId;

/// Ann and Bob swim at Barry Pool.
final class LedgerFixtures {
    static final BookId BARRY = new BookId("barry");
    static final AccountId ISSUANCE = AccountId.issuance(BARRY);
    static final AccountId SUSPENSE = AccountId.suspense(BARRY);
    static final AccountId ANN = AccountId.of(BARRY, new MemberId("ann"));
    static final AccountId BOB = AccountId.of(BARRY, new MemberId("bob"));
    static final AccountId POOL = AccountId.of(BARRY, new VenueId("pool"));
    static final AccountId PARTNER = new AccountId(BARRY, AccountKind.PARTNER, "swansea");
    static final AccountId MIRROR = AccountId.mirror(BARRY, new BookId("cardiff"));
    static final AccountId PAYERS = AccountId.payers(BARRY);
    static final AccountId BANKED = AccountId.banked(BARRY);
    static final AccountId TILL = AccountId.till(BARRY, new VenueId("pool"));
    static final TapOrigin POOL_DOOR = new TapOrigin(new TerminalId("pool-door"), 1, 0);

    private LedgerFixtures() {}

    static TransferId id(int n) {
        return TransferId.mint(1_790_000_000_000L + n, n, (long) n << 4);
    }

    static Transfer move(int n, AccountId debit, AccountId credit, long minutes, Reason reason) {
        return new Transfer(id(n), debit, credit, new Credits(minutes), reason, null, null, n);
    }

    static Transfer pence(int n, AccountId debit, AccountId credit, long pence, Reason reason) {
        return new Transfer(
                id(n), debit, credit, Amount.pence(pence), reason, null, null, n, Stage.PLAIN);
    }

    static Transfer swim(int n, long minutes) {
        return move(n, ANN, POOL, minutes, Reason.SPEND);
    }

    static Transfer correction(int n, Transfer original, Reason reason, long units) {
        return new Transfer(
                id(n),
                /* debit= */ original.credit(),
                /* credit= */ original.debit(),
                new Amount(original.amount().asset(), units),
                reason,
                original.id(),
                null,
                n,
                Stage.PLAIN);
    }

    static Transfer staged(Transfer transfer, Stage stage) {
        return new Transfer(
                transfer.id(),
                transfer.debit(),
                transfer.credit(),
                transfer.amount(),
                transfer.reason(),
                transfer.corrects(),
                transfer.origin(),
                transfer.eventMicros(),
                stage);
    }

    static Account holding(AccountId id, long minutes) {
        Balance balance =
                id.kind().carries() == Side.CREDIT
                        ? new Balance(0, minutes)
                        : new Balance(minutes, 0);
        return new Account(id, balance, 0, false);
    }

    static Account closed(AccountId id, long minutes) {
        Account open = holding(id, minutes);
        return new Account(id, open.balance(), open.lastEntry(), true);
    }

    static Entry entry(long sequence, Transfer transfer) {
        return new Entry(sequence, transfer, 0, 0, 0, 0);
    }
}
