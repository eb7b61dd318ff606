package org.hourtap.server.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hourtap.server.books.TestBooks.ANN;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.books.TestBooks.BOB;
import static org.hourtap.server.books.TestBooks.BOBS_CARD;
import static org.hourtap.server.books.TestBooks.COOK;
import static org.hourtap.server.books.TestBooks.LUNCH_DOOR;
import static org.hourtap.server.books.TestBooks.POOL;
import static org.hourtap.server.books.TestBooks.STRANGERS_CARD;
import static org.hourtap.server.books.TestBooks.id;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.hourtap.contract.Credits;
import org.hourtap.contract.EventOutcome;
import org.hourtap.contract.FeedPage;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TransferId;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.AccountKind;
import org.hourtap.ledger.Amount;
import org.hourtap.ledger.Entry;
import org.hourtap.ledger.Limits;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Stage;
import org.hourtap.runtime.Engine;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.Statements;
import org.hourtap.server.books.TestBooks;
import org.hourtap.server.feed.Feed;
import org.hourtap.server.fleet.Activity;
import org.hourtap.server.fleet.Fleet;
import org.hourtap.server.office.Agreement;
import org.hourtap.server.office.DayClose;
import org.hourtap.server.office.Instruction;
import org.hourtap.server.office.Operator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Shifts that a coordinator approves, and hours that are held by hand.
@ParameterizedClass
@EnumSource(Engine.class)
@Timeout(60)
class WaitingShiftsTest {
    private static final Operator CERI = new Operator("Ceri", "was there");
    private static final AccountId KITCHEN = new AccountId(BARRY, AccountKind.GROUP, "kitchen");
    private static final AccountId BOBS = AccountId.of(BARRY, BOB);
    private static final AccountId ANNS = AccountId.of(BARRY, ANN);
    private static final LocalDate TODAY = LocalDate.parse("2026-09-21");

    private final Engine engine;
    @TempDir Path folder;
    private TestBooks books;
    private Door lunch;

    WaitingShiftsTest(Engine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open() throws Exception {
        books = TestBooks.furnished(engine, folder);
        lunch = new Door(books, LUNCH_DOOR);
        books.write(writing -> {
            Fleet.put(
                    writing,
                    BARRY,
                    new Activity(COOK, "Cooking", Activity.Kind.SHIFT, Credits.NONE, 15, true));
            return true;
        });
    }

    @AfterEach
    void close() throws Exception {
        assertThat(books.trialBalance().isBalanced()).isTrue();
        books.close();
    }

    /// Bob cooks for an hour, from the tap after `tap`.
    private TransferId cook(int tap) throws Exception {
        lunch.send(1, lunch.in(tap + 1, tap + 1, BOBS_CARD));
        lunch.pass(60);
        EventOutcome outcome = lunch.send(1, lunch.out(tap + 2, tap + 2, BOBS_CARD)).getFirst();
        assertThat(outcome.outcome()).isEqualTo(EventOutcome.Outcome.POSTED);
        return id(tap + 2);
    }

    private static TransferId by(int n) {
        return id(1_000 + n);
    }

    private Entry approve(int n, TransferId shift, @Nullable Long minutes) throws Exception {
        return books.write(writing ->
                new WaitingShifts(writing, BARRY)
                        .approve(
                                shift, by(n), minutes == null ? null : new Credits(minutes), CERI));
    }

    private Entry decline(int n, TransferId shift) throws Exception {
        return books.write(
                writing -> new WaitingShifts(writing, BARRY).decline(shift, by(n), CERI));
    }

    private List<WaitingShifts.Waiting> waiting() throws Exception {
        return books.read(sql -> WaitingShifts.list(sql, BARRY));
    }

    private Entry undo(int n, TransferId original) throws Exception {
        return books.write(writing -> {
            Instruction undoing =
                    Instruction.undoing(writing, BARRY, by(n), original, Reason.VOID, null, CERI);
            return undoing.entry(undoing.post(writing));
        });
    }

    private Entry spendByHand(int n, long minutes, Stage stage) throws Exception {
        Instruction instruction =
                new Instruction(
                        by(n),
                        Reason.SPEND,
                        ANNS,
                        AccountId.of(BARRY, POOL),
                        Amount.of(new Credits(minutes)),
                        null,
                        CERI,
                        stage);
        return instruction.entry(books.write(instruction::post));
    }

    private List<Finding> findings() throws Exception {
        return books.read(sql -> new Findings(sql).list(BARRY, Long.MAX_VALUE, 100)).stream()
                .map(Findings.Kept::finding)
                .toList();
    }

    private int look() throws Exception {
        return books.write(writing -> new Overdue(writing, BARRY).look());
    }

    /// @return what terminals know of the balance of Ann's card
    private long shown() throws Exception {
        FeedPage page =
                books.read(sql -> new Feed(sql).pageFor(BARRY, LUNCH_DOOR, 0L, List.of(), 0));
        return page.rows().stream()
                .filter(row ->
                        row instanceof FeedRow.CardRow card
                                && card.card().equals(TestBooks.ANNS_CARD))
                .map(FeedRow.CardRow.class::cast)
                .findFirst()
                .orElseThrow()
                .balance();
    }

    @Test
    void hoursCountWhenACoordinatorSaysSoAllOrSomeOfThem() throws Exception {
        TransferId first = cook(0);
        TransferId second = cook(2);
        assertThat(books.balance(BOB)).isZero();
        assertThat(waiting())
                .extracting(WaitingShifts.Waiting::id, WaitingShifts.Waiting::minutes)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(first, 60L),
                        org.assertj.core.groups.Tuple.tuple(second, 60L));
        assertThat(waiting().getFirst())
                .isEqualTo(
                        new WaitingShifts.Waiting(
                                first,
                                BOBS,
                                "cook",
                                TestBooks.NOON,
                                TestBooks.NOON + 3_600_000_000L,
                                60));
        Entry all = approve(1, first, null);
        assertThat(approve(1, first, null)).as("asked again").isEqualTo(all);
        assertThat(books.balance(BOB)).isEqualTo(60);
        assertThatThrownBy(() -> approve(2, first, null)).hasMessageContaining("already posted");
        assertThatThrownBy(() -> approve(3, second, 61L))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("waits with 60 minutes");
        approve(4, second, 45L);
        assertThat(books.balance(BOB)).isEqualTo(105);
        assertThat(waiting()).isEmpty();
        assertThatThrownBy(() -> approve(5, id(77), null)).hasMessageContaining("No shift");
        undo(6, all.transfer().id());
        assertThat(books.balance(BOB)).isEqualTo(45);
        assertThat(findings()).isEmpty();
    }

    @Test
    void aShiftOfAClosedDayIsApprovedIntoTheOpenOne() throws Exception {
        TransferId shift = cook(0);
        DayClose day = books.write(writing -> DayClose.close(writing, BARRY, TODAY, "Ceri"));
        books.pass(Duration.ofDays(1));
        Entry entry = approve(1, shift, null);
        assertThat(entry.sequence()).isGreaterThan(day.lastSequence());
        assertThat(books.balance(BOB)).isEqualTo(60);
    }

    @Test
    void aDeclinedShiftLeavesItsTimeForAnotherOne() throws Exception {
        TransferId shift = cook(0);
        decline(1, shift);
        assertThat(books.balance(BOB)).isZero();
        assertThat(waiting()).isEmpty();
        long minutes =
                books.read(sql ->
                        sql.number("SELECT minutes FROM shift WHERE book_id = ?", BARRY.value()));
        assertThat(minutes).isZero();
        assertThatThrownBy(() -> approve(2, shift, null)).hasMessageContaining("already posted or");
    }

    @Test
    void aShiftOutOfTwoSourcesIsDecidedAsOneAndTheAllocationGoesFirst() throws Exception {
        books.write(writing -> {
            new Agreement(KITCHEN, "Kitchen", Limits.of(AccountKind.GROUP)).keep(writing);
            Agreement.credit(writing, BARRY, COOK, KITCHEN);
            return true;
        });
        Instruction allocation =
                new Instruction(
                        by(1),
                        Reason.ALLOCATION,
                        AccountId.issuance(BARRY),
                        KITCHEN,
                        new Credits(100),
                        null,
                        CERI);
        allocation.entry(books.write(allocation::post));
        TransferId first = cook(0);
        lunch.send(1, lunch.in(3, 3, BOBS_CARD));
        lunch.pass(60);
        lunch.send(1, lunch.out(4, 4, BOBS_CARD));
        assertThat(findings())
                .extracting(Finding::kind)
                .as("what waits is not allocated again")
                .containsExactly(Finding.Kind.ALLOCATION_SPENT);
        assertThat(waiting()).extracting(WaitingShifts.Waiting::minutes).containsExactly(60L, 60L);
        assertThatThrownBy(() ->
                        books.write(writing -> {
                            Agreement.end(writing, KITCHEN);
                            return true;
                        }))
                .hasMessageContaining("are pending");
        approve(2, id(4), 30L);
        assertThat(books.balance(KITCHEN)).isEqualTo(70);
        assertThat(books.balance(AccountId.issuance(BARRY))).as("180 and 100").isEqualTo(280);
        decline(3, first);
        assertThat(books.balance(BOB)).isEqualTo(30);
        assertThat(waiting()).isEmpty();
    }

    @Test
    void aShiftOfACardNobodyKnowsWaitsForSuspense() throws Exception {
        lunch.send(1, lunch.in(1, 1, STRANGERS_CARD));
        lunch.pass(60);
        lunch.send(1, lunch.out(2, 2, STRANGERS_CARD));
        assertThat(waiting())
                .extracting(WaitingShifts.Waiting::holder)
                .containsExactly(AccountId.suspense(BARRY));
        approve(1, id(2), null);
        assertThat(books.balance(AccountId.suspense(BARRY))).isEqualTo(-60);
    }

    @Test
    void whatNobodyDecidesWaitsOnAndIsFoundOnce() throws Exception {
        TransferId shift = cook(0);
        books.pass(Duration.ofDays(13));
        assertThat(look()).isZero();
        books.pass(Duration.ofDays(2));
        assertThat(look()).isEqualTo(1);
        assertThat(look()).isZero();
        assertThat(findings()).extracting(Finding::kind).containsExactly(Finding.Kind.UNDECIDED);
        assertThat(findings().getFirst().note())
                .isEqualTo(
                        "60 minutes for MEMBER:bob are pending, SHIFT_EARNED transfer "
                                + shift
                                + ", and nobody posted or voided it for two weeks.");
        assertThat(waiting()).hasSize(1);
        approve(1, shift, null);
        assertThat(books.balance(new MemberId("bob"))).isEqualTo(60);
    }

    @Test
    void anEntryIsHeldPostedAnnulledOrRunsOut() throws Exception {
        long end = books.nowMicros() + 3_600_000_000L;
        TransferId kept = spendByHand(1, 60, Stage.pendingUntil(end)).transfer().id();
        assertThat(shown()).as("what can be spent").isEqualTo(120);
        assertThatThrownBy(() -> spendByHand(2, 121, Stage.PLAIN))
                .hasMessageContaining("does not have that much time");
        TransferId annulled = spendByHand(3, 60, Stage.PENDING).transfer().id();
        undo(4, annulled);
        assertThat(shown()).isEqualTo(120);
        TransferId missed = spendByHand(5, 30, Stage.pendingUntil(end)).transfer().id();
        Instruction posting =
                books.write(
                        writing -> Instruction.posting(writing, BARRY, by(6), kept, null, CERI));
        posting.entry(books.write(posting::post));
        assertThat(books.balance(ANN)).isEqualTo(120);
        assertThat(look()).as("nothing is over").isZero();
        books.pass(Duration.ofHours(1));
        assertThatThrownBy(() ->
                        books.write(writing -> {
                            Instruction late =
                                    Instruction.posting(writing, BARRY, by(7), missed, null, CERI);
                            return late.entry(late.post(writing));
                        }))
                .hasMessageContaining("has run out");
        books.write(writing -> DayClose.close(writing, BARRY, TODAY, "Ceri"));
        books.pass(Duration.ofHours(1));
        assertThat(look()).isEqualTo(1);
        assertThat(look()).isZero();
        assertThat(shown()).isEqualTo(120);
        Entry end1 =
                books.read(sql -> new Statements(sql).entry(BARRY, Overdue.endOf(missed)))
                        .orElseThrow();
        assertThat(end1.transfer().stage()).isEqualTo(Stage.expiring(missed));
        assertThat(end1.transfer().eventMicros()).isEqualTo(end);
        assertThat(findings()).isEmpty();
    }
}
