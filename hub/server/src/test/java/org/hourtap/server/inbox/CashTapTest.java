package org.hourtap.server.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hourtap.server.books.TestBooks.ANN;
import static org.hourtap.server.books.TestBooks.ANNS_CARD;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.books.TestBooks.COOK;
import static org.hourtap.server.books.TestBooks.POOL;
import static org.hourtap.server.books.TestBooks.STRANGERS_CARD;
import static org.hourtap.server.books.TestBooks.SWIM;
import static org.hourtap.server.books.TestBooks.id;
import static org.hourtap.server.inbox.CardScene.on;
import static org.hourtap.server.inbox.CardScene.swim;
import static org.hourtap.server.inbox.CardScene.tap;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.hourtap.contract.Credits;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TransferId;
import org.hourtap.ledger.Account;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.Amount;
import org.hourtap.ledger.Entry;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.TrialBalance;
import org.hourtap.runtime.Engine;
import org.hourtap.server.books.ChainCheck;
import org.hourtap.server.books.Statements;
import org.hourtap.server.books.TestBooks;
import org.hourtap.server.fleet.Activity;
import org.hourtap.server.fleet.Fleet;
import org.hourtap.server.office.Instruction;
import org.hourtap.server.office.Operator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Swimming costs an hour and two pounds fifty.
@ParameterizedClass
@EnumSource(Engine.class)
@Timeout(120)
class CashTapTest {
    private static final AccountId TILL = AccountId.till(BARRY, POOL);
    private static final Operator CERI = new Operator("Ceri", "nobody came");
    private static final int CASH_LEG = 3;

    private final Engine engine;
    @TempDir Path folder;
    private CardScene scene;
    private Door pool;
    private Door hall;

    CashTapTest(Engine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open() throws Exception {
        scene = new CardScene(TestBooks.furnished(engine, folder));
        pool = scene.pool;
        hall = scene.hall;
        costs(250);
    }

    @AfterEach
    void close() throws Exception {
        TrialBalance trial = scene.books.trialBalance();
        assertThat(trial.isBalanced()).as("%s", trial).isTrue();
        List<ChainCheck.Verdict> verdicts =
                scene.books.read(sql -> ChainCheck.verify(sql, _ -> {}));
        assertThat(verdicts).extracting(ChainCheck.Verdict::fault).containsOnlyNulls();
        scene.close();
    }

    private void costs(long pence) throws Exception {
        scene.books.write(writing -> {
            Fleet.put(
                    writing,
                    BARRY,
                    new Activity(
                            SWIM,
                            "Swimming",
                            Activity.Kind.SPEND,
                            new Credits(60),
                            1,
                            false,
                            Amount.pence(pence)));
            return true;
        });
    }

    private long inTheTill() throws Exception {
        Optional<Account> till = scene.books.read(sql -> new Statements(sql).account(TILL));
        return till.map(Account::carried).orElse(0L);
    }

    private void undo(int n, Reason reason, TransferId original) throws Exception {
        for (int again = 0; again < 2; again++) {
            scene.books.write(writing -> {
                Instruction undoing =
                        Instruction.undoing(
                                writing, BARRY, id(1_000 + n), original, reason, null, CERI);
                return undoing.entry(undoing.post(writing));
            });
        }
    }

    private TapEvent bringing(long sequence, int id, TapEvent swim) {
        return Door.carrying(
                tap(hall, sequence, id, TapEvent.Kind.DECLINED, 0), on(pool, swim, sequence));
    }

    @Test
    void cashIsRecordedWithTheTapOnceHoweverOftenItComes() throws Exception {
        String swim = pool.spend(1, 1, ANNS_CARD, 60);
        for (int i = 0; i < 3; i++) {
            pool.send(1, swim);
            scene.books.reopen();
        }
        assertThat(inTheTill()).isEqualTo(250);
        Entry cash =
                scene.books
                        .<Optional<Entry>>read(
                                sql -> new Statements(sql).entry(BARRY, id(1).withLeg(CASH_LEG)))
                        .orElseThrow();
        assertThat(cash.transfer().reason()).isEqualTo(Reason.CASH_TAKEN);
        assertThat(cash.transfer().amount()).isEqualTo(Amount.pence(250));
        assertThat(cash.transfer().origin()).isNotNull();
        assertThat(scene.kinds()).isEmpty();
    }

    @Test
    void itComesIntoNoBalanceThatATerminalIsTold() throws Exception {
        pool.send(1, swim(pool, 1, 1, 60, 1));
        assertThat(scene.books.balance(ANN)).isEqualTo(120);
        assertThat(scene.row(ANNS_CARD).balance()).isEqualTo(120);
        assertThat(scene.atPool()).isEqualTo(60);
        TrialBalance trial = scene.books.trialBalance();
        assertThat(trial.debits()).as("180 given, 60 spent").isEqualTo(240);
        List<String> told =
                scene.books.read(sql ->
                        sql.list("SELECT payload FROM feed", row -> row.getString("payload")));
        assertThat(told).isNotEmpty().noneMatch(payload -> payload.contains("250"));
    }

    @Test
    void aTapThatACardBringsAndItsTerminalConfirmsIsPaidForOnce() throws Exception {
        TapEvent swim = swim(pool, 1, 1, 60, 1);
        hall.send(1, bringing(1, 101, swim));
        assertThat(inTheTill()).isEqualTo(250);
        pool.send(1, swim);
        assertThat(inTheTill()).isEqualTo(250);
    }

    @Test
    void itGoesBackWhenTheTerminalSaysThatTheTapWasTorn() throws Exception {
        TapEvent swim = swim(pool, 1, 1, 60, 1);
        hall.send(1, bringing(1, 101, swim));
        for (int i = 0; i < 2; i++) {
            pool.send(1, swim.torn());
            assertThat(inTheTill()).isZero();
        }
        assertThat(scene.books.balance(ANN)).isEqualTo(180);
        assertThat(scene.kinds()).isEmpty();
    }

    @Test
    void itGoesBackWithTheLastOfTheHoursThatAreVoided() throws Exception {
        pool.send(1, swim(pool, 1, 1, 200, 1));
        assertThat(scene.books.balance(AccountId.suspense(BARRY))).isEqualTo(20);
        undo(1, Reason.VOID, id(1));
        assertThat(inTheTill()).as("a part still stands").isEqualTo(250);
        undo(2, Reason.VOID, id(1).withLeg(1));
        assertThat(inTheTill()).isZero();
        pool.send(1, swim(pool, 2, 2, 60, 2));
        undo(3, Reason.VOID, id(2).withLeg(CASH_LEG));
        assertThat(inTheTill()).isZero();
        undo(4, Reason.VOID, id(2));
        assertThat(inTheTill()).as("was taken back by itself before").isZero();
    }

    @Test
    void hoursThatAreRefundedLeaveItToTheOperator() throws Exception {
        pool.send(1, swim(pool, 1, 1, 60, 1));
        undo(1, Reason.REFUND, id(1));
        assertThat(inTheTill()).isEqualTo(250);
        undo(2, Reason.REFUND, id(1).withLeg(CASH_LEG));
        assertThat(inTheTill()).isZero();
    }

    @Test
    void whoeverIsLetInPaysAndNobodyElse() throws Exception {
        pool.send(
                1,
                pool.spend(1, 1, STRANGERS_CARD, 60),
                pool.declined(2, 2, ANNS_CARD),
                pool.in(3, 3, ANNS_CARD),
                pool.torn(4, 4, ANNS_CARD));
        assertThat(inTheTill()).isEqualTo(250);
    }

    @Test
    void whatItCostsWhenTheTapIsPostedCounts() throws Exception {
        pool.send(1, pool.spend(1, 1, ANNS_CARD, 60));
        costs(300);
        pool.send(1, pool.spend(2, 2, ANNS_CARD, 60));
        assertThat(inTheTill()).isEqualTo(550);
        costs(0);
        pool.send(1, pool.spend(3, 3, ANNS_CARD, 60));
        assertThat(inTheTill()).isEqualTo(550);
    }

    @Test
    void aShiftCostsNoCash() {
        assertThatThrownBy(() ->
                        new Activity(
                                COOK,
                                "Cooking",
                                Activity.Kind.SHIFT,
                                Credits.NONE,
                                15,
                                false,
                                Amount.pence(1)))
                .hasMessage("Cash is taken for an entry, not for a shift.");
    }
}
