package org.hourtap.server.office;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hourtap.server.books.TestBooks.ANN;
import static org.hourtap.server.books.TestBooks.ANNS_CARD;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.books.TestBooks.BOB;
import static org.hourtap.server.books.TestBooks.BOBS_CARD;
import static org.hourtap.server.books.TestBooks.COOK;
import static org.hourtap.server.books.TestBooks.LUNCH_DOOR;
import static org.hourtap.server.books.TestBooks.POOL;
import static org.hourtap.server.books.TestBooks.POOL_DOOR;
import static org.hourtap.server.books.TestBooks.SWIM;
import static org.hourtap.server.books.TestBooks.id;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.hourtap.contract.ActivityId;
import org.hourtap.contract.BookId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.TransferId;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.AccountKind;
import org.hourtap.ledger.Amount;
import org.hourtap.ledger.Entry;
import org.hourtap.ledger.Limits;
import org.hourtap.ledger.PotRule;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.TrialBalance;
import org.hourtap.server.books.Mirrors;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.Statements;
import org.hourtap.server.books.TestBooks;
import org.hourtap.server.inbox.Door;
import org.hourtap.server.inbox.Finding;
import org.hourtap.server.inbox.Findings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class OfficeTest {
    private static final Operator CERI = new Operator("Ceri", "asked on the phone");
    private static final AccountId ISSUANCE = AccountId.issuance(BARRY);
    private static final AccountId POOLS = AccountId.of(BARRY, POOL);
    private static final AccountId ANNS = AccountId.of(BARRY, ANN);
    private static final AccountId BOBS = AccountId.of(BARRY, BOB);
    private static final AccountId OUTINGS = new AccountId(BARRY, AccountKind.POT, "outings");
    private static final AccountId KITCHEN = new AccountId(BARRY, AccountKind.GROUP, "kitchen");
    private static final LocalDate TODAY = LocalDate.parse("2026-09-21");
    private static final BookId CARDIFF = new BookId("cardiff");

    @TempDir Path folder;
    private TestBooks books;
    private Door pool;
    private Door lunch;

    @BeforeEach
    void open() throws Exception {
        books = TestBooks.furnished(folder);
        pool = new Door(books, POOL_DOOR);
        lunch = new Door(books, LUNCH_DOOR);
    }

    @AfterEach
    void close() throws Exception {
        assertThat(books.trialBalance().isBalanced()).isTrue();
        books.close();
    }

    /// Other ids than those of taps.
    private static TransferId by(int n) {
        return id(1_000 + n);
    }

    private Entry move(int n, Reason reason, AccountId debit, AccountId credit, long minutes)
            throws Exception {
        Instruction instruction =
                new Instruction(by(n), reason, debit, credit, new Credits(minutes), null, CERI);
        return instruction.entry(books.write(instruction::post));
    }

    private Entry undo(int n, Reason reason, TransferId original, long minutes) throws Exception {
        return books.write(writing -> {
            Instruction undoing =
                    Instruction.undoing(
                            writing,
                            BARRY,
                            by(n),
                            original,
                            reason,
                            minutes == 0 ? null : Amount.of(new Credits(minutes)),
                            CERI);
            return undoing.entry(undoing.post(writing));
        });
    }

    private Entry settle(int n, long minutes) throws Exception {
        return books.write(writing -> {
            Instruction settling =
                    Instruction.settling(
                            writing,
                            POOLS,
                            by(n),
                            minutes == 0 ? null : new Credits(minutes),
                            CERI);
            return settling.entry(settling.post(writing));
        });
    }

    private DayClose closeDay(LocalDate day) throws Exception {
        return books.write(writing -> DayClose.close(writing, BARRY, day, "Ceri"));
    }

    private void agree(AccountId account, Limits limits) throws Exception {
        books.write(writing -> {
            new Agreement(account, "The " + account.owner(), limits).keep(writing);
            return true;
        });
    }

    private void rule(Set<ActivityId> activities, long atOnce, long perMember) throws Exception {
        agree(OUTINGS, Limits.of(AccountKind.POT));
        move(500, Reason.ALLOCATION, ISSUANCE, OUTINGS, 100);
        books.write(writing -> {
            new Pots(writing, BARRY)
                    .rule(
                            "outings",
                            new PotRule(
                                    true,
                                    Set.of(BOB),
                                    activities,
                                    new Credits(atOnce),
                                    new Credits(perMember),
                                    7));
            return true;
        });
    }

    private List<Finding.Kind> findings() throws Exception {
        return books.read(sql -> new Findings(sql).list(BARRY, Long.MAX_VALUE, 100)).stream()
                .map(kept -> kept.finding().kind())
                .toList();
    }

    @Test
    void whatIsMovedByHandIsMovedOnceHoweverOftenItIsAskedForAndWhenever() throws Exception {
        Entry gift = move(1, Reason.GIFT, ANNS, BOBS, 60);
        books.pass(Duration.ofHours(5));
        assertThat(move(1, Reason.GIFT, ANNS, BOBS, 60)).isEqualTo(gift);
        assertThat(books.balance(BOB)).isEqualTo(60);
        assertThatThrownBy(() -> move(1, Reason.GIFT, ANNS, BOBS, 61))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("already used for something else");
        assertThatThrownBy(() -> move(2, Reason.SPEND, POOLS, BOBS, 61))
                .hasMessageContaining("Nothing moves between these accounts");
        assertThatThrownBy(() -> move(3, Reason.GIFT, ANNS, OUTINGS, 1))
                .hasMessage("There is no account POT:outings.");
    }

    @Test
    void aTransferIsVoidedWhileItsDayIsOpenAndRefundedAfterwards() throws Exception {
        TransferId gift = move(1, Reason.GIFT, ANNS, BOBS, 60).transfer().id();
        undo(2, Reason.VOID, gift, 0);
        assertThat(books.balance(BOB)).isZero();
        assertThatThrownBy(() -> undo(3, Reason.VOID, by(2), 0))
                .hasMessageContaining("itself a correction");
        assertThatThrownBy(() -> undo(4, Reason.REFUND, gift, 0))
                .hasMessageContaining("already corrected");
        assertThatThrownBy(() -> undo(5, Reason.VOID, id(99), 0))
                .hasMessageContaining("no transfer");

        TransferId second = move(6, Reason.GIFT, ANNS, BOBS, 60).transfer().id();
        DayClose day = closeDay(TODAY);
        assertThat(day.lastSequence()).isEqualTo(4);
        assertThatThrownBy(() -> undo(7, Reason.VOID, second, 0))
                .hasMessageContaining("by a refund instead");
        undo(8, Reason.REFUND, second, 45);
        assertThat(books.balance(BOB)).isEqualTo(15);
    }

    @Test
    void aClosedDayStaysAsItIsAndLateTapsComeIntoTheOpenOne() throws Exception {
        pool.send(1, pool.spend(1, 1, ANNS_CARD, 60));
        String late = pool.spend(2, 2, ANNS_CARD, 60);
        pool.pass(90);
        DayClose day = closeDay(TODAY);
        assertThat(closeDay(TODAY)).as("asked again").isEqualTo(day);
        assertThatThrownBy(() -> closeDay(TODAY.minusDays(1)))
                .hasMessageContaining("2026-09-21 is closed already");
        assertThatThrownBy(() -> closeDay(TODAY.plusDays(3))).hasMessageContaining("has not begun");
        pool.send(1, late);
        assertThat(books.balance(ANN)).isEqualTo(60);
        List<Statements.Standing> then =
                books.read(sql -> new Statements(sql).standings(BARRY, day.lastSequence()));
        assertThat(then)
                .filteredOn(standing -> standing.account().equals(ANNS))
                .extracting(Statements.Standing::carried)
                .containsExactly(120L);
        books.reopen();
        List<DayClose> closed = books.read(sql -> DayClose.list(sql, BARRY));
        assertThat(closed).containsExactly(day);
        assertThat(move(5, Reason.GIFT, ANNS, BOBS, 1).sequence()).isEqualTo(4);
    }

    @Test
    void aHubWhoseClockFallsBehindACloseGoesOnMovingHours() throws Exception {
        closeDay(TODAY);
        books.pass(Duration.ofHours(-3));
        assertThat(move(1, Reason.GIFT, ANNS, BOBS, 60).transfer().eventMicros())
                .isEqualTo(TestBooks.NOON);
    }

    @Test
    void aVenueIsSettledUpToTheLastClosedDay() throws Exception {
        pool.send(1, pool.spend(1, 1, ANNS_CARD, 60));
        assertThatThrownBy(() -> settle(1, 0)).hasMessageContaining("No day was closed yet");
        closeDay(TODAY);
        pool.send(1, pool.spend(2, 2, ANNS_CARD, 60));
        assertThatThrownBy(() -> settle(2, 61)).hasMessageContaining("has 60 minutes to settle");
        Entry part = settle(3, 20);
        assertThat(settle(4, 0).transfer().amount()).isEqualTo(Amount.of(new Credits(40)));
        assertThat(settle(3, 20)).as("asked again").isEqualTo(part);
        assertThat(books.balance(POOLS)).isEqualTo(60);
        assertThat(books.balance(AccountId.retired(BARRY))).isEqualTo(60);
        assertThatThrownBy(() -> settle(5, 0)).hasMessageContaining("has 0 minutes to settle");
    }

    @Test
    void aPotBearsWhatAMemberLacksAsFarAsItsRuleGoesAndSuspenseTheRest() throws Exception {
        rule(Set.of(SWIM), 45, 60);
        pool.send(1, pool.spend(1, 1, BOBS_CARD, 40));
        assertThat(books.balance(OUTINGS)).isEqualTo(60);
        assertThat(findings()).isEmpty();
        pool.send(1, pool.spend(2, 2, BOBS_CARD, 60));
        assertThat(books.balance(OUTINGS)).as("20 more this week").isEqualTo(40);
        assertThat(books.balance(AccountId.suspense(BARRY))).isEqualTo(40);
        assertThat(books.balance(POOLS)).isEqualTo(100);
        assertThat(findings()).containsExactly(Finding.Kind.SHORTFALL);
        books.pass(Duration.ofDays(8));
        books.give(7, BOB, 10);
        pool.send(1, pool.spend(3, 3, BOBS_CARD, 50));
        assertThat(books.balance(BOB)).isZero();
        assertThat(books.balance(OUTINGS)).as("another week").isZero();
        pool.send(1, pool.spend(4, 4, BOBS_CARD, 10));
        assertThat(books.balance(AccountId.suspense(BARRY))).as("empty").isEqualTo(50);
    }

    @Test
    void aPotForSomethingElseOrSomebodyElseGivesNothing() throws Exception {
        rule(Set.of(new ActivityId("lunch")), 45, 60);
        pool.send(1, pool.spend(1, 1, BOBS_CARD, 40));
        rule(Set.of(), 45, 60);
        pool.send(1, pool.spend(2, 2, ANNS_CARD, 181));
        assertThat(books.balance(OUTINGS)).isEqualTo(100);
        assertThat(findings()).containsExactly(Finding.Kind.SHORTFALL, Finding.Kind.SHORTFALL);
    }

    @Test
    void aGroupCreditsShiftsOutOfItsAllocationAndNobodyGoesWithoutWhenItIsSpent() throws Exception {
        agree(KITCHEN, new Limits(0, 600));
        move(1, Reason.ALLOCATION, ISSUANCE, KITCHEN, 90);
        assertThatThrownBy(() -> move(2, Reason.ALLOCATION, ISSUANCE, KITCHEN, 511))
                .hasMessageContaining("leave the limits that were agreed");
        books.write(writing -> {
            Agreement.credit(writing, BARRY, COOK, KITCHEN);
            return true;
        });
        lunch.send(1, lunch.in(1, 1, BOBS_CARD));
        lunch.pass(60);
        lunch.send(1, lunch.out(2, 2, BOBS_CARD));
        assertThat(books.balance(KITCHEN)).isEqualTo(30);
        lunch.send(1, lunch.in(3, 3, BOBS_CARD));
        lunch.pass(60);
        lunch.send(1, lunch.out(4, 4, BOBS_CARD));
        assertThat(books.balance(KITCHEN)).isZero();
        assertThat(books.balance(BOB)).isEqualTo(120);
        assertThat(findings()).containsExactly(Finding.Kind.ALLOCATION_SPENT);
    }

    @Test
    void agreementsAreKeptChangedAndEnded() throws Exception {
        AccountId swansea = new AccountId(BARRY, AccountKind.PARTNER, "swansea");
        agree(swansea, new Limits(-60, 120));
        move(1, Reason.EXCHANGE, swansea, BOBS, 60);
        assertThatThrownBy(() -> move(2, Reason.EXCHANGE, swansea, BOBS, 1))
                .hasMessageContaining("limits that were agreed");
        books.reopen();
        agree(swansea, new Limits(0, 120));
        assertThatThrownBy(() -> move(3, Reason.EXCHANGE, swansea, BOBS, 1))
                .hasMessageContaining("limits that were agreed");
        assertThatThrownBy(() -> end(swansea)).hasMessageContaining("stands at -60 minutes");
        move(4, Reason.EXCHANGE, ANNS, swansea, 60);
        end(swansea);
        assertThatThrownBy(() -> move(5, Reason.EXCHANGE, ANNS, swansea, 1))
                .hasMessageContaining("is closed");
        assertThatThrownBy(() -> agree(swansea, new Limits(0, 1)))
                .hasMessageContaining("is closed");
        assertThatThrownBy(() -> agree(OUTINGS, new Limits(-1, 1)))
                .hasMessageContaining("cannot go below zero");
        assertThatThrownBy(() -> agree(ANNS, new Limits(0, 1)))
                .hasMessageContaining("MEMBER:ann is not");
    }

    private void end(AccountId account) throws Exception {
        books.write(writing -> {
            Agreement.end(writing, account);
            return true;
        });
    }

    private List<Remittances.OnItsWay> onTheirWay() throws Exception {
        return books.read(sql -> new Remittances(sql).list(BARRY));
    }

    @Test
    void hoursGoToAnotherBookUnderOneIdAndBothMirrorsAgree() throws Exception {
        AccountId pool = AccountId.of(CARDIFF, POOL);
        Remittance remittance = new Remittance(id(1), ANNS, pool, new Credits(60), CERI);
        assertThatThrownBy(() -> books.write(remittance::post))
                .hasMessageContaining("does not keep a book cardiff");
        books.write(writing -> {
            writing.books().openBook(CARDIFF, "Cardiff");
            return true;
        });
        assertThatThrownBy(() -> books.write(remittance::post)).hasMessageContaining("no account");
        assertThat(books.balance(ANN)).as("neither side").isEqualTo(180);
        books.write(writing -> {
            writing.books().open(pool);
            return true;
        });
        for (int i = 0; i < 2; i++) {
            Instruction sending = remittance.sending();
            assertThat(sending.entry(books.write(remittance::post)).transfer().id())
                    .isEqualTo(id(1));
        }
        assertThat(books.balance(ANN)).isEqualTo(120);
        assertThat(books.balance(pool)).isEqualTo(60);
        assertThat(books.balance(AccountId.mirror(BARRY, CARDIFF))).isEqualTo(60);
        assertThat(books.balance(AccountId.mirror(CARDIFF, BARRY))).isEqualTo(-60);
        assertThat(onTheirWay()).isEmpty();
        assertThat(books.read(Mirrors::apart)).isEmpty();
        TrialBalance trial = books.read(sql -> new Statements(sql).trialBalance(CARDIFF));
        assertThat(trial.isBalanced()).isTrue();
        assertThatThrownBy(() -> new Remittance(id(2), ANNS, BOBS, new Credits(1), CERI))
                .hasMessageContaining("Both accounts are in book barry");
    }

    @Test
    void theOperatorIsNamedAndSaysWhy() {
        assertThatThrownBy(() -> new Operator(" ", "why"))
                .hasMessageContaining("Name the operator");
        assertThatThrownBy(() -> new Operator("Ceri", "")).hasMessageContaining("Say why");
    }
}
