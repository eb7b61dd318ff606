package org.hourtap.server.office;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hourtap.ledger.Stage.PLAIN;
import static org.hourtap.server.books.TestBooks.ANN;
import static org.hourtap.server.books.TestBooks.ANNS_CARD;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.books.TestBooks.POOL;
import static org.hourtap.server.books.TestBooks.POOL_DOOR;
import static org.hourtap.server.books.TestBooks.id;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.hourtap.contract.Credits;
import org.hourtap.contract.TransferId;
import org.hourtap.contract.VenueId;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.Amount;
import org.hourtap.ledger.Asset;
import org.hourtap.ledger.Entry;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.TrialBalance;
import org.hourtap.runtime.Engine;
import org.hourtap.server.books.ChainCheck;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.Statements;
import org.hourtap.server.books.TestBooks;
import org.hourtap.server.inbox.Door;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Engine.class)
@Timeout(60)
class CashTest {
    private static final Operator CERI = new Operator("Ceri", "aqua class");
    private static final AccountId TILL = AccountId.till(BARRY, POOL);
    private static final AccountId BANKED = AccountId.banked(BARRY);

    private final Engine engine;
    @TempDir Path folder;
    private TestBooks books;

    CashTest(Engine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open() throws Exception {
        books = TestBooks.furnished(engine, folder);
    }

    @AfterEach
    void close() throws Exception {
        assertThat(books.trialBalance().isBalanced()).isTrue();
        List<ChainCheck.Verdict> verdicts = books.read(sql -> ChainCheck.verify(sql, _ -> {}));
        assertThat(verdicts).allMatch(verdict -> verdict.fault() == null);
        books.close();
    }

    private Entry taken(int n, long pence) throws Exception {
        return books.write(writing -> {
            Instruction taking =
                    Cash.taken(writing, BARRY, POOL, id(2_000 + n), Amount.pence(pence), CERI);
            return taking.entry(taking.post(writing));
        });
    }

    private Entry banked(int n, long pence) throws Exception {
        return books.write(writing -> {
            Amount part = pence == 0 ? null : Amount.pence(pence);
            Instruction banking = Cash.banked(writing, BARRY, POOL, id(3_000 + n), part, CERI);
            return banking.entry(banking.post(writing));
        });
    }

    private long carried(AccountId account) throws Exception {
        return books.read(sql -> new Statements(sql).account(account).orElseThrow().carried());
    }

    @Test
    void cashIsRecordedAndHandedOverAndNoHoursMove() throws Exception {
        TrialBalance before = books.trialBalance();
        assertThat(taken(1, 250).creditBalance()).isEqualTo(250);
        assertThat(taken(2, 200).creditBalance()).isEqualTo(450);
        assertThat(banked(1, 300).debitBalance()).isEqualTo(150);
        assertThat(banked(2, 0).transfer().amount()).isEqualTo(Amount.pence(150));
        assertThat(carried(BANKED)).isEqualTo(450);
        TrialBalance after = books.trialBalance();
        assertThat(after.debits()).isEqualTo(before.debits());
        assertThat(after.credits()).isEqualTo(before.credits());
        assertThat(after.cash()).isZero();
    }

    @Test
    void askedAgainItCountsOnce() throws Exception {
        assertThat(taken(1, 250)).isEqualTo(taken(1, 250));
        assertThat(banked(1, 0)).isEqualTo(banked(1, 0));
        assertThat(carried(TILL)).isZero();
        assertThatThrownBy(() -> taken(1, 300)).hasMessageContaining("used for something else");
    }

    @Test
    void onlyWhatTheBooksKnowOfIsHandedOverAndOnlyByAVenueTheyKnow() throws Exception {
        taken(1, 250);
        assertThatThrownBy(() -> banked(1, 251))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("The books know of 250 pence at pool");
        banked(2, 250);
        assertThatThrownBy(() -> banked(3, 0)).hasMessageContaining("know of 0 pence");
        assertThatThrownBy(() ->
                        books.write(writing ->
                                Cash.taken(
                                        writing,
                                        BARRY,
                                        new VenueId("nowhere"),
                                        id(2_009),
                                        Amount.pence(100),
                                        CERI)))
                .hasMessageContaining("no venue nowhere");
        assertThatThrownBy(() -> taken(4, 0)).hasMessageContaining("amount is zero");
    }

    @Test
    void aMistakeIsVoidedWhileItsDayIsOpenAndRefundedLater() throws Exception {
        TransferId first = taken(1, 250).transfer().id();
        TransferId second = taken(2, 400).transfer().id();
        undo(1, Reason.VOID, first);
        assertThat(carried(TILL)).isEqualTo(400);
        books.write(
                writing -> DayClose.close(writing, BARRY, LocalDate.parse("2026-09-21"), "Ceri"));
        assertThatThrownBy(() -> undo(2, Reason.VOID, second)).hasMessageContaining("closed");
        banked(1, 0);
        undo(3, Reason.REFUND, second);
        assertThat(carried(TILL)).as("handed over, then given back").isEqualTo(-400);
    }

    private void undo(int n, Reason reason, TransferId original) throws Exception {
        undo(n, reason, original, null);
    }

    private void undo(int n, Reason reason, TransferId original, @Nullable Amount part)
            throws Exception {
        books.write(writing -> {
            Instruction undoing =
                    Instruction.undoing(
                            writing, BARRY, id(4_000 + n), original, reason, part, CERI);
            return undoing.entry(undoing.post(writing));
        });
    }

    @Test
    void hoursNeverReachATillNorCashAMember() throws Exception {
        taken(1, 500);
        AccountId anns = AccountId.of(BARRY, ANN);
        int asked = 5_000;
        for (Reason reason : Reason.values()) {
            if (reason.isCorrection()) {
                continue;
            }
            Instruction pence =
                    new Instruction(
                            id(asked++), reason, TILL, anns, Amount.pence(10), null, CERI, PLAIN);
            Instruction hours =
                    new Instruction(id(asked++), reason, anns, TILL, new Credits(10), null, CERI);
            for (Instruction wrong : List.of(pence, hours)) {
                for (int again = 0; again < 2; again++) {
                    assertThatThrownBy(() -> wrong.entry(books.write(wrong::post)))
                            .as("%s", reason)
                            .isInstanceOf(RefusedException.class)
                            .hasMessageContaining("Hours have no price");
                }
            }
        }
        assertThat(carried(TILL)).isEqualTo(500);
        assertThat(carried(anns)).isEqualTo(180);
    }

    @Test
    void anAmountIsInWhatItsAccountCounts() throws Exception {
        TransferId cash = taken(1, 500).transfer().id();
        assertThatThrownBy(() ->
                        new Instruction(
                                id(1),
                                Reason.CASH_BANKED,
                                TILL,
                                BANKED,
                                new Credits(9),
                                null,
                                CERI))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("TILL:pool is kept in pence, not in minutes.");
        assertThatThrownBy(() -> undo(1, Reason.REFUND, cash, Amount.of(new Credits(60))))
                .isInstanceOf(RefusedException.class)
                .hasMessage("Transfer " + cash + " is of 500 pence, not of minutes.");
        undo(2, Reason.REFUND, cash, Amount.pence(60));
        assertThat(carried(TILL)).isEqualTo(440);
        assertThatThrownBy(() ->
                        books.write(writing -> {
                            Instruction banking =
                                    Cash.banked(writing, BARRY, POOL, id(900_001), null, CERI);
                            return banking.entry(banking.post(writing));
                        }))
                .as("the id of Ann's opening balance")
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("used for something else");
    }

    @Test
    void aTapAtTheSameDoorKnowsNothingOfIt() throws Exception {
        Door pool = new Door(books, POOL_DOOR);
        long before = carried(AccountId.of(BARRY, POOL));
        taken(1, 500);
        assertThat(pool.send(1, pool.spend(1, 1, ANNS_CARD, 60))).hasSize(1);
        assertThat(carried(AccountId.of(BARRY, POOL))).isEqualTo(before + 60);
        assertThat(carried(TILL)).isEqualTo(500);
        assertThat(TILL.kind().asset()).isEqualTo(Asset.PENCE);
    }
}
