package org.hourtap.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.server.books.TestBooks.ANN;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.books.TestBooks.BOB;
import static org.hourtap.server.books.TestBooks.id;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.hourtap.contract.BookId;
import org.hourtap.contract.Credits;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.AccountKind;
import org.hourtap.ledger.Amount;
import org.hourtap.ledger.Entry;
import org.hourtap.ledger.Limits;
import org.hourtap.ledger.Reason;
import org.hourtap.server.books.Bookkeeper;
import org.hourtap.server.books.ChainCheck;
import org.hourtap.server.books.Ids;
import org.hourtap.server.books.Mirrors;
import org.hourtap.server.books.PostgresCluster;
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

/// One hub writes Barry, another Cardiff, on a real PostgreSQL. A hub that is dropped is one whose
/// book another has taken: from then on it can commit nothing.
final class RemittanceScene {
    static final BookId CARDIFF = new BookId("cardiff");
    static final AccountId ANNS = AccountId.of(BARRY, ANN);
    static final AccountId BOBS = AccountId.of(CARDIFF, BOB);
    static final AccountId OUTINGS = new AccountId(BARRY, AccountKind.POT, "outings");
    static final AccountId TRIPS = new AccountId(CARDIFF, AccountKind.POT, "trips");
    static final Operator CERI = new Operator("Ceri", "moved house");

    private final List<Bookkeeper> hubs = new ArrayList<>();
    final TestBooks books;
    final Bookkeeper barry;
    final Bookkeeper cardiff;

    RemittanceScene() throws Exception {
        books = TestBooks.furnished(PostgresCluster.shared().freshBooks());
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

    /// Whatever happened, the books are in order.
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
    Bookkeeper taking(BookId book) throws Exception {
        Bookkeeper hub = bookless();
        take(hub, book).get();
        return hub;
    }

    /// @return a hub that writes nothing yet
    Bookkeeper bookless() throws Exception {
        Bookkeeper hub = Bookkeeper.start(books.store().openWriter(), books::nowMicros);
        hubs.add(hub);
        return hub;
    }

    static CompletableFuture<Boolean> take(Bookkeeper hub, BookId book) {
        return hub.submit(writing -> {
            writing.books().openBook(book, "The book of " + book);
            return true;
        });
    }

    static Agreement agree(AccountId account, long most) {
        return new Agreement(account, "The " + account.owner(), new Limits(0, most));
    }

    static void keep(Bookkeeper hub, Agreement agreement) throws Exception {
        hub.submit(
                        agreement.account().book(),
                        writing -> {
                            agreement.keep(writing);
                            return true;
                        })
                .get();
    }

    static void end(Bookkeeper hub, AccountId account) throws Exception {
        hub.submit(
                        account.book(),
                        writing -> {
                            Agreement.end(writing, account);
                            return true;
                        })
                .get();
    }

    static Remittance sending(int n, AccountId from, AccountId to) {
        return new Remittance(id(n), from, to, new Credits(60), CERI);
    }

    static Entry send(Bookkeeper hub, Remittance remittance) throws Exception {
        return remittance
                .sending()
                .entry(hub.submit(remittance.from().book(), remittance::post).get());
    }

    void look(Bookkeeper hub) throws Exception {
        new Carrier(hub, books.reading()).look();
    }

    Whereabouts where(Remittance remittance) throws Exception {
        return books.read(sql -> new Remittances(sql).whereabouts(remittance));
    }

    List<OnItsWay> onTheirWay() throws Exception {
        return books.read(sql -> new Remittances(sql).list(CARDIFF));
    }

    List<Finding> findings() throws Exception {
        return books.read(sql -> new Findings(sql).list(BARRY, Long.MAX_VALUE, 100)).stream()
                .map(Findings.Kept::finding)
                .toList();
    }

    /// As if a row that was done with were there once more.
    static void again(Bookkeeper hub, BookId book, AccountId to, @Nullable String refused)
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

    static void undo(Bookkeeper hub, BookId book, Reason reason, @Nullable Credits minutes)
            throws Exception {
        Amount part = minutes == null ? null : Amount.of(minutes);
        hub.submit(
                        book,
                        writing -> {
                            Instruction undoing =
                                    Instruction.undoing(
                                            writing, book, id(70), id(1), reason, part, CERI);
                            return undoing.entry(undoing.post(writing));
                        })
                .get();
    }
}
