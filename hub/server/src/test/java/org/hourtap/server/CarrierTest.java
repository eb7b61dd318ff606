package org.hourtap.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hourtap.server.books.TestBooks.ANN;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.books.TestBooks.BOB;
import static org.hourtap.server.books.TestBooks.NOON;
import static org.hourtap.server.books.TestBooks.id;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.hourtap.contract.BookId;
import org.hourtap.contract.Credits;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.AccountKind;
import org.hourtap.ledger.Entry;
import org.hourtap.ledger.Limits;
import org.hourtap.ledger.Reason;
import org.hourtap.runtime.Engine;
import org.hourtap.server.books.Bookkeeper;
import org.hourtap.server.books.ChainCheck;
import org.hourtap.server.books.Ids;
import org.hourtap.server.books.Mirrors;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.Statements;
import org.hourtap.server.books.TestBooks;
import org.hourtap.server.cards.CardRegister;
import org.hourtap.server.cards.Member;
import org.hourtap.server.inbox.Finding;
import org.hourtap.server.inbox.Findings;
import org.hourtap.server.office.Agreement;
import org.hourtap.server.office.Instruction;
import org.hourtap.server.office.Operator;
import org.hourtap.server.office.Remittance;
import org.hourtap.server.office.Remittances;
import org.hourtap.server.office.Remittances.OnItsWay;
import org.hourtap.server.office.Remittances.Whereabouts;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// One hub writes Barry, another Cardiff, on a real PostgreSQL. A hub that is dropped is one whose
/// book another has taken: from then on it can commit nothing.
@Timeout(120)
class CarrierTest {
    private static final BookId CARDIFF = new BookId("cardiff");
    private static final AccountId ANNS = AccountId.of(BARRY, ANN);
    private static final AccountId BOBS = AccountId.of(CARDIFF, BOB);
    private static final AccountId OUTINGS = new AccountId(BARRY, AccountKind.POT, "outings");
    private static final AccountId TRIPS = new AccountId(CARDIFF, AccountKind.POT, "trips");
    private static final Operator CERI = new Operator("Ceri", "moved house");

    @TempDir Path folder;
    private final List<Bookkeeper> hubs = new ArrayList<>();
    private TestBooks books;
    private Bookkeeper barry;
    private Bookkeeper cardiff;

    @BeforeEach
    void open() throws Exception {
        books = TestBooks.furnished(Engine.POSTGRESQL, folder);
        barry = books.bookkeeper();
        cardiff = taking(CARDIFF);
        cardiff.submit(
                        CARDIFF,
                        writing -> {
                            CardRegister.register(writing, CARDIFF, new Member(BOB, "Bob", "en"));
                            agree(TRIPS, 600).keep(writing);
                            return true;
                        })
                .get();
    }

    @AfterEach
    void close() throws Exception {
        for (BookId book : List.of(BARRY, CARDIFF)) {
            assertThat(books.read(sql -> new Statements(sql).trialBalance(book)).isBalanced())
                    .isTrue();
        }
        List<ChainCheck.Verdict> verdicts = books.read(sql -> ChainCheck.verify(sql, _ -> {}));
        assertThat(verdicts).allMatch(verdict -> verdict.fault() == null);
        assertThat(books.read(Mirrors::apart)).isEmpty();
        for (Bookkeeper hub : hubs) {
            hub.close();
        }
        books.close();
    }

    /// @return a hub that has just taken the book from whoever had it
    private Bookkeeper taking(BookId book) throws Exception {
        Bookkeeper hub = Bookkeeper.start(books.store().openWriter(), books::nowMicros);
        hubs.add(hub);
        take(hub, book).get();
        return hub;
    }

    private static CompletableFuture<Boolean> take(Bookkeeper hub, BookId book) {
        return hub.submit(writing -> {
            writing.books().openBook(book, "The book of " + book);
            return true;
        });
    }

    private static Agreement agree(AccountId account, long most) {
        return new Agreement(account, "The " + account.owner(), new Limits(0, most));
    }

    private static void keep(Bookkeeper hub, Agreement agreement) throws Exception {
        hub.submit(
                        agreement.account().book(),
                        writing -> {
                            agreement.keep(writing);
                            return true;
                        })
                .get();
    }

    private static void end(Bookkeeper hub, AccountId account) throws Exception {
        hub.submit(
                        account.book(),
                        writing -> {
                            Agreement.end(writing, account);
                            return true;
                        })
                .get();
    }

    private static Remittance sending(int n, AccountId from, AccountId to) {
        return new Remittance(id(n), from, to, new Credits(60), CERI);
    }

    private static Entry send(Bookkeeper hub, Remittance remittance) throws Exception {
        return remittance
                .sending()
                .entry(hub.submit(remittance.from().book(), remittance::post).get());
    }

    private void look(Bookkeeper hub) throws Exception {
        new Carrier(hub, books.reading()).look();
    }

    private Whereabouts where(Remittance remittance) throws Exception {
        return books.read(sql -> new Remittances(sql).whereabouts(remittance));
    }

    private List<OnItsWay> onTheirWay() throws Exception {
        return books.read(sql -> new Remittances(sql).list(CARDIFF));
    }

    private List<Finding> findings() throws Exception {
        return books.read(sql -> new Findings(sql).list(BARRY, Long.MAX_VALUE, 100)).stream()
                .map(Findings.Kept::finding)
                .toList();
    }

    /// As if a row that was done with were there once more.
    private static void again(Bookkeeper hub, BookId book, AccountId to, @Nullable String refused)
            throws Exception {
        hub.submit(
                        book,
                        writing ->
                                writing.sql()
                                        .update(
                                                "INSERT INTO remittance SELECT 'cardiff', 'barry', id,"
                                                        + " 'MEMBER:ann', ?, 60, operator, note,"
                                                        + " made_micros, ? FROM instruction"
                                                        + " WHERE book_id = 'barry' AND id = ?",
                                                to.name(),
                                                refused,
                                                Ids.bytes(id(1))))
                .get();
    }

    @Test
    void hoursSentToABookOfAnotherHubArriveOnce() throws Exception {
        Remittance remittance = sending(1, ANNS, BOBS);
        Entry sent = send(barry, remittance);
        assertThat(books.balance(ANNS)).isEqualTo(120);
        assertThat(books.balance(BOBS)).isZero();
        assertThat(where(remittance)).isEqualTo(Whereabouts.ON_ITS_WAY);
        assertThat(onTheirWay()).containsExactly(new OnItsWay(remittance, NOON, null));
        assertThat(books.read(Mirrors::apart)).isEmpty();

        look(barry);
        assertThat(books.balance(BOBS)).as("not Barry's to write").isZero();
        assertThat(send(barry, remittance)).as("asked again").isEqualTo(sent);
        look(cardiff);
        look(cardiff);
        assertThat(books.balance(BOBS)).isEqualTo(60);
        assertThat(where(remittance)).isEqualTo(Whereabouts.ARRIVED);
        assertThat(onTheirWay()).isEmpty();

        again(cardiff, CARDIFF, BOBS, null);
        look(cardiff);
        assertThat(books.balance(BOBS)).as("the row processed twice").isEqualTo(60);
        assertThat(onTheirWay()).isEmpty();
        assertThat(send(barry, remittance)).as("asked once more").isEqualTo(sent);
        assertThatThrownBy(() -> send(barry, sending(1, ANNS, TRIPS)))
                .hasMessageContaining("already used for something else");
        assertThat(books.balance(ANNS)).isEqualTo(120);
    }

    @Test
    void whatTheOtherBookWouldNotTakeIsRefusedBeforeAnythingMoves() throws Exception {
        AccountId small = new AccountId(CARDIFF, AccountKind.POT, "small");
        keep(cardiff, agree(small, 59));
        assertThatThrownBy(() -> send(barry, sending(1, ANNS, small)))
                .hasMessageContaining("leave the limits that were agreed");
        end(cardiff, small);
        assertThatThrownBy(() -> send(barry, sending(2, ANNS, small)))
                .hasMessageContaining("credited is closed");
        AccountId nobody = new AccountId(CARDIFF, AccountKind.MEMBER, "nobody");
        assertThatThrownBy(() -> send(barry, sending(3, ANNS, nobody)))
                .hasMessageContaining("There is no member nobody.");
        AccountId issuance = AccountId.issuance(CARDIFF);
        assertThatThrownBy(() -> send(barry, sending(4, ANNS, issuance)))
                .hasMessageContaining("do not move between these accounts");
        AccountId elsewhere = AccountId.of(new BookId("swansea"), BOB);
        assertThatThrownBy(() -> send(barry, sending(5, ANNS, elsewhere)))
                .hasMessageContaining("does not keep a book swansea")
                .hasMessageContaining("PARTNER");
        assertThat(books.balance(ANNS)).isEqualTo(180);
        assertThat(onTheirWay()).isEmpty();
    }

    /// Dropped before its commit, in the middle of it, and after it.
    @Test
    void hoursArriveOnceThroughWhomeverWritesTheBookInTheEnd() throws Exception {
        send(barry, sending(1, ANNS, BOBS));
        Bookkeeper second = taking(CARDIFF);
        look(cardiff);
        assertThat(books.balance(BOBS)).as("it lost the book").isZero();
        assertThat(cardiff.held()).isEmpty();
        look(second);
        assertThat(books.balance(BOBS)).isEqualTo(60);

        send(barry, sending(2, ANNS, BOBS));
        OnItsWay seen = onTheirWay().getFirst();
        Bookkeeper third = Bookkeeper.start(books.store().openWriter(), books::nowMicros);
        hubs.add(third);
        CompletableFuture<Boolean> dropped =
                second.submit(
                        CARDIFF,
                        writing -> {
                            boolean isCarried = Carrier.carry(writing, seen);
                            Boolean _ = take(third, CARDIFF).get();
                            return isCarried;
                        });
        assertThatThrownBy(dropped::get)
                .cause()
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.why()).isEqualTo(RefusedException.Why.ELSEWHERE));
        assertThat(books.balance(BOBS)).isEqualTo(60);
        look(third);
        assertThat(books.balance(BOBS)).isEqualTo(120);

        Bookkeeper fourth = taking(CARDIFF);
        look(fourth);
        assertThat(fourth.submit(CARDIFF, writing -> Carrier.carry(writing, seen)).get())
                .as("seen before it was carried on")
                .isFalse();
        assertThat(books.balance(BOBS)).isEqualTo(120);
        assertThat(books.balance(ANNS)).isEqualTo(60);
    }

    /// The sender's commit is all or nothing too: a hub that lost Barry sends nothing.
    @Test
    void aSenderThatWasDroppedInMidCommandLeavesNothingBehind() throws Exception {
        Bookkeeper next = Bookkeeper.start(books.store().openWriter(), books::nowMicros);
        hubs.add(next);
        CountDownLatch once = new CountDownLatch(1);
        Remittance remittance = sending(1, ANNS, BOBS);
        assertThatThrownBy(() ->
                        barry.submit(
                                        BARRY,
                                        writing -> {
                                            var sent = remittance.post(writing);
                                            if (once.getCount() > 0) {
                                                once.countDown();
                                                Boolean _ = take(next, BARRY).get();
                                            }
                                            return sent;
                                        })
                                .get())
                .hasMessageContaining("not written by this hub");
        assertThat(onTheirWay()).isEmpty();
        assertThat(books.balance(ANNS)).isEqualTo(180);
        send(next, remittance);
        look(cardiff);
        assertThat(books.balance(BOBS)).isEqualTo(60);
    }

    @Test
    void whatTheOtherBookRefusesAfterAllComesBackOnce() throws Exception {
        Remittance remittance = sending(1, ANNS, TRIPS);
        Entry sent = send(barry, remittance);
        end(cardiff, TRIPS);
        look(cardiff);
        assertThat(where(remittance)).isEqualTo(Whereabouts.COMING_BACK);
        assertThat(onTheirWay().getFirst().refused()).contains("credited is closed");
        assertThat(books.read(Mirrors::apart)).isEmpty();
        look(cardiff);
        assertThat(books.balance(ANNS)).as("not Cardiff's to write").isEqualTo(120);

        Bookkeeper next = taking(BARRY);
        look(barry);
        assertThat(books.balance(ANNS)).as("it lost the book").isEqualTo(120);
        look(next);
        look(next);
        assertThat(books.balance(ANNS)).isEqualTo(180);
        assertThat(books.balance(AccountId.mirror(BARRY, CARDIFF))).isZero();
        assertThat(where(remittance)).isEqualTo(Whereabouts.CAME_BACK);
        assertThat(findings()).extracting(Finding::kind).containsExactly(Finding.Kind.SENT_BACK);
        assertThat(findings().getFirst().note())
                .contains("60 minutes of MEMBER:ann for cardiff/POT:trips", "credited is closed");

        again(next, BARRY, TRIPS, "refused");
        look(next);
        assertThat(books.balance(ANNS)).as("the row processed twice").isEqualTo(180);
        assertThat(send(next, remittance)).as("asked again").isEqualTo(sent);
        assertThat(books.balance(ANNS)).isEqualTo(180);
        assertThat(onTheirWay()).isEmpty();
    }

    @Test
    void whatCannotComeBackYetWaitsUntilThereIsRoom() throws Exception {
        keep(barry, agree(OUTINGS, 100));
        Instruction allocation =
                new Instruction(
                        id(50),
                        Reason.ALLOCATION,
                        AccountId.issuance(BARRY),
                        OUTINGS,
                        new Credits(60),
                        null,
                        CERI);
        allocation.entry(barry.submit(BARRY, allocation::post).get());
        Remittance remittance = sending(1, OUTINGS, TRIPS);
        send(barry, remittance);
        end(cardiff, TRIPS);
        assertThatThrownBy(() -> end(barry, OUTINGS)).hasMessageContaining("may come back");
        assertThatThrownBy(() -> end(barry, AccountId.mirror(BARRY, CARDIFF)))
                .hasMessageContaining("may come back");
        keep(barry, agree(OUTINGS, 10));
        look(cardiff);
        look(barry);
        look(barry);
        assertThat(where(remittance)).isEqualTo(Whereabouts.COMING_BACK);
        assertThat(findings()).extracting(Finding::kind).containsExactly(Finding.Kind.NOT_POSTED);
        assertThat(findings().getFirst().note()).contains("cannot come back yet", "limits");
        keep(barry, agree(OUTINGS, 100));
        look(barry);
        assertThat(books.balance(OUTINGS)).isEqualTo(60);
        assertThat(where(remittance)).isEqualTo(Whereabouts.CAME_BACK);
    }

    @Test
    void hoursAreGivenBackWhereTheyArrivedAndNotWhereTheyCameFrom() throws Exception {
        Remittance remittance = sending(1, ANNS, BOBS);
        send(barry, remittance);
        assertThatThrownBy(() -> undo(barry, BARRY, Reason.VOID, null))
                .hasMessageContaining("void or refund transfer " + id(1) + " in book cardiff");
        look(cardiff);
        assertThatThrownBy(() -> undo(cardiff, CARDIFF, Reason.REFUND, new Credits(30)))
                .hasMessageContaining("go back whole");
        undo(cardiff, CARDIFF, Reason.REFUND, null);
        assertThat(books.balance(BOBS)).isZero();
        assertThat(where(remittance)).isEqualTo(Whereabouts.COMING_BACK);
        assertThat(books.read(Mirrors::apart)).isEmpty();
        look(barry);
        assertThat(books.balance(ANNS)).isEqualTo(180);
        assertThat(findings().getFirst().note()).contains("Ceri gave it back: moved house");
    }

    private static void undo(Bookkeeper hub, BookId book, Reason reason, @Nullable Credits minutes)
            throws Exception {
        hub.submit(
                        book,
                        writing -> {
                            Instruction undoing =
                                    Instruction.undoing(
                                            writing, book, id(70), id(1), reason, minutes, CERI);
                            return undoing.entry(undoing.post(writing));
                        })
                .get();
    }
}
