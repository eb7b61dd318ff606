package org.hourtap.server.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hourtap.server.books.TestBooks.ANN;
import static org.hourtap.server.books.TestBooks.BARRY;
import static org.hourtap.server.books.TestBooks.BOB;
import static org.hourtap.server.books.TestBooks.id;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.hourtap.contract.Credits;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.Entry;
import org.hourtap.ledger.PostOutcome;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Rejection;
import org.hourtap.ledger.Transfer;
import org.hourtap.runtime.Engine;
import org.hourtap.runtime.NewerDatabaseException;
import org.hourtap.runtime.StorageFault;
import org.hourtap.server.cards.CardRegister;
import org.hourtap.server.cards.Member;
import org.hourtap.server.office.Adjustment;
import org.hourtap.server.office.Instruction;
import org.hourtap.server.office.Operator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What can happen to books in PostgreSQL and not to a file, with a real server.
@Timeout(120)
class PostgresBooksTest {
    private static final AccountId ANNS = AccountId.of(BARRY, ANN);
    private static final AccountId BOBS = AccountId.of(BARRY, BOB);

    private static PostgresCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = PostgresCluster.shared();
    }

    private static TestBooks furnished() throws Exception {
        return TestBooks.furnished(cluster.freshBooks());
    }

    private static Transfer gift(int n, long minutes) {
        return new Transfer(id(n), ANNS, BOBS, new Credits(minutes), Reason.GIFT, null, null, 0);
    }

    private static CompletableFuture<PostOutcome> submit(TestBooks books, Transfer transfer) {
        return books.bookkeeper().submit(writing -> writing.books().post(transfer, 0));
    }

    @Test
    void aGroupWithKnownIdsAmongNewOnesTellsEveryoneTheTruth() throws Exception {
        try (TestBooks books = furnished()) {
            PostOutcome known = submit(books, gift(1, 10)).get();
            PostOutcome tooMuch = submit(books, gift(2, 500)).get();
            assertThat(tooMuch).isEqualTo(new PostOutcome.Rejected(Rejection.EXCEEDS_BALANCE));
            books.give(2, ANN, 1_000);
            for (int again : new int[] {1, 2}) {
                CountDownLatch release = books.hold();
                List<CompletableFuture<PostOutcome>> group = new ArrayList<>();
                for (int n = 10 * again; n < 10 * again + 4; n++) {
                    group.add(submit(books, gift(n, 10)));
                }
                // Known in the database, known in the group, and known with other content.
                group.add(submit(books, gift(again, again == 1 ? 10 : 500)));
                group.add(submit(books, gift(10 * again, 10)));
                group.add(submit(books, gift(10 * again, 11)));
                release.countDown();
                List<PostOutcome> outcomes = new ArrayList<>();
                for (CompletableFuture<PostOutcome> one : group) {
                    outcomes.add(one.get());
                }
                assertThat(outcomes.subList(0, 4)).allMatch(PostOutcome.Posted.class::isInstance);
                Entry first = ((PostOutcome.Posted) outcomes.getFirst()).entry();
                assertThat(outcomes.subList(4, 7))
                        .containsExactly(
                                again == 1
                                        ? new PostOutcome.AlreadyPosted(
                                                ((PostOutcome.Posted) known).entry())
                                        : tooMuch,
                                new PostOutcome.AlreadyPosted(first),
                                new PostOutcome.Conflicting(first));
            }
            assertThat(books.balance(BOB)).isEqualTo(90);
            assertThat(books.trialBalance().isBalanced()).isTrue();
            assertThat(verified(books).fault()).isNull();
        }
    }

    @Test
    void aCorrectionFindsItsOriginalInTheSameGroup() throws Exception {
        try (TestBooks books = furnished()) {
            CountDownLatch release = books.hold();
            CompletableFuture<PostOutcome> original = submit(books, gift(1, 10));
            List<CompletableFuture<PostOutcome>> back = new ArrayList<>();
            for (int n : new int[] {2, 3}) {
                Transfer reversal =
                        new Transfer(
                                id(n),
                                BOBS,
                                ANNS,
                                new Credits(10),
                                Reason.REVERSAL,
                                id(1),
                                null,
                                0);
                back.add(submit(books, reversal));
            }
            release.countDown();
            assertThat(original.get()).isInstanceOf(PostOutcome.Posted.class);
            assertThat(back.getFirst().get()).isInstanceOf(PostOutcome.Posted.class);
            assertThat(back.getLast().get())
                    .isEqualTo(new PostOutcome.Rejected(Rejection.ORIGINAL_ALREADY_CORRECTED));
            assertThat(books.balance(ANN)).isEqualTo(180);
        }
    }

    @Test
    void aServerThatRestartsInMidBatchLosesNothingAndDoublesNothing() throws Exception {
        try (TestBooks books = furnished()) {
            AtomicInteger runs = new AtomicInteger();
            CountDownLatch release = books.hold();
            CompletableFuture<PostOutcome> before = submit(books, gift(1, 10));
            CompletableFuture<PostOutcome> under =
                    books.bookkeeper()
                            .submit(writing -> {
                                PostOutcome outcome = writing.books().post(gift(2, 10), 0);
                                CardRegister.register(
                                        writing,
                                        BARRY,
                                        new Member(memberCalled("dai"), "Dai", "cy"));
                                if (runs.incrementAndGet() == 1) {
                                    cluster.restart();
                                }
                                return outcome;
                            });
            CompletableFuture<PostOutcome> after = submit(books, gift(3, 10));
            release.countDown();
            for (CompletableFuture<PostOutcome> one : List.of(before, under, after)) {
                assertThat(one.get()).isInstanceOf(PostOutcome.Posted.class);
            }
            assertThat(runs).hasValueGreaterThan(1);
            assertThat(books.balance(BOB)).isEqualTo(30);
            assertThat(verified(books).transfers()).isEqualTo(4);
        }
    }

    private static org.hourtap.contract.MemberId memberCalled(String name) {
        return new org.hourtap.contract.MemberId(name);
    }

    @Test
    void aCommitWhoseAnswerWasLostIsFoundDoneAndToldSo() throws Exception {
        PostgresServer direct = cluster.freshBooks();
        String database = direct.toString().substring(direct.toString().lastIndexOf('/') + 1);
        try (CuttingProxy proxy = new CuttingProxy(cluster.port())) {
            PostgresAddress address =
                    PostgresAddress.parse(
                            "postgresql://hourtap@127.0.0.1:" + proxy.port() + "/" + database);
            try (TestBooks books =
                    TestBooks.furnished(new PostgresServer(address, cluster.password()))) {
                for (int n = 1; n <= 3; n++) {
                    Instruction gift =
                            new Adjustment(id(n), BOB, 60, new Operator("Ceri", "helped"))
                                    .in(BARRY);
                    AtomicInteger runs = new AtomicInteger();
                    proxy.cutTheNextCommit();
                    Entry entry =
                            gift.entry(
                                    books.write(writing -> {
                                        runs.incrementAndGet();
                                        return gift.post(writing);
                                    }));
                    assertThat(runs).hasValue(2);
                    assertThat(proxy.cuts()).isEqualTo(n);
                    assertThat(entry.sequence()).isEqualTo(n + 1);
                }
                assertThat(books.balance(BOB)).isEqualTo(180);
                assertThat(verified(books).transfers()).isEqualTo(4);
            }
        }
    }

    @Test
    void whoeverIsInTheWayOfAGroupMakesItRunAgain() throws Exception {
        try (TestBooks books = furnished();
                Connection other = cluster.connect(books.store().toString().replaceAll(".*/", ""));
                Statement inTheWay = other.createStatement()) {
            other.setAutoCommit(false);
            // So that it is the books' writer whom the server throws out of the deadlock.
            inTheWay.execute("SET deadlock_timeout = '60s'");
            inTheWay.execute(touch("hall"));
            AtomicInteger runs = new AtomicInteger();
            List<CompletableFuture<Boolean>> waiting = new ArrayList<>();
            PostOutcome outcome =
                    books.write(writing -> {
                        PostOutcome posted = writing.books().post(gift(1, 10), 0);
                        if (runs.incrementAndGet() == 1) {
                            writing.sql().update(touch("pool"));
                            waiting.add(CompletableFuture.supplyAsync(() -> run(inTheWay, "pool")));
                            writing.sql().update(touch("hall"));
                        }
                        return posted;
                    });
            assertThat(waiting.getFirst().get()).isTrue();
            other.rollback();
            assertThat(outcome).isInstanceOf(PostOutcome.Posted.class);
            assertThat(runs).hasValue(2);
            assertThat(books.trialBalance().isBalanced()).isTrue();
        }
    }

    private static String touch(String venue) {
        return "UPDATE venue SET name = name WHERE id = '" + venue + "'";
    }

    private static boolean run(Statement statement, String venue) {
        try {
            return statement.executeUpdate(touch(venue)) == 1;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatIsWrongWithTheServerIsSaidInWords() throws Exception {
        String database = cluster.freshDatabase("template1");
        PostgresAddress there = cluster.address(database);
        assertFault(new PostgresServer(there, "geheim"), StorageFault.NO_ENTRY);
        assertFault(cluster.server("nowhere"), StorageFault.NO_SUCH_DATABASE);
        assertFault(
                new PostgresServer(PostgresAddress.parse("postgresql://127.0.0.1:1/hours"), ""),
                StorageFault.UNREACHABLE);
        cluster.execute(
                "postgres",
                "CREATE ROLE guest LOGIN PASSWORD 'guest'",
                "ALTER DATABASE " + database + " SET default_transaction_read_only TO off");
        PostgresAddress asGuest =
                PostgresAddress.parse(there.toString().replace("hourtap@", "guest@"));
        assertFault(new PostgresServer(asGuest, "guest"), StorageFault.NO_RIGHT);
    }

    private static void assertFault(PostgresServer server, StorageFault fault) {
        assertThatThrownBy(() -> server.openWriter().close())
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(StorageFault.of(e)).isEqualTo(fault))
                .hasMessageNotContaining("geheim");
    }

    @Test
    void aNewerLayoutAndOneThatIsNotOursAreLeftAlone() throws Exception {
        String database = cluster.freshDatabase("template1");
        cluster.server(database).openWriter().close();
        int steps = Schema.postgresSteps().size();
        cluster.execute(
                database,
                "INSERT INTO layout VALUES (" + (steps + 1) + ", 'from the future', 'x')");
        assertThatThrownBy(() -> cluster.server(database).openWriter())
                .isInstanceOf(NewerDatabaseException.class)
                .hasMessageContaining("Install the newer version again; nothing was changed.");
        cluster.execute(
                database,
                "DELETE FROM layout WHERE checksum = 'x'",
                "UPDATE layout SET checksum = 'another' WHERE number = 2");
        assertThatThrownBy(() -> cluster.server(database).openWriter())
                .hasMessageContaining("Step 2 of the database's layout");
    }

    @Test
    void hubsThatStartAtOnceMakeTheLayoutOnce() throws Exception {
        String database = cluster.freshDatabase("template1");
        List<CompletableFuture<Engine>> starts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            starts.add(
                    CompletableFuture.supplyAsync(() -> {
                        try (var writer = cluster.server(database).openWriter()) {
                            return writer.engine();
                        } catch (SQLException | NewerDatabaseException e) {
                            throw new IllegalStateException(e);
                        }
                    }));
        }
        for (CompletableFuture<Engine> one : starts) {
            assertThat(one.get()).isEqualTo(Engine.POSTGRESQL);
        }
    }

    @Test
    void aTextThatPostgresCannotKeepDoesNotHoldUpWhatCameWithIt() throws Exception {
        try (TestBooks books = furnished()) {
            books.write(writing ->
                    writing.sql()
                            .update("INSERT INTO venue VALUES (?, 'x', ?)", BARRY.value(), "a\0b"));
            String name =
                    books.read(sql ->
                            sql.one(
                                            "SELECT name FROM venue WHERE id = 'x'",
                                            row -> row.getString(1))
                                    .orElseThrow());
            assertThat(name).isEqualTo("a\ufffdb");
        }
    }

    @Test
    void aChangedRowIsFoundByTheAuditor() throws Exception {
        try (TestBooks books = furnished()) {
            for (int n = 1; n <= 20; n++) {
                submit(books, gift(n, 1)).get();
            }
            String database = books.store().toString().replaceAll(".*/", "");
            String head = verified(books).head();
            assertThat(books.<Boolean>read(sql -> ChainCheck.holds(sql, head))).isTrue();
            cluster.execute(
                    database,
                    "SET session_replication_role = replica",
                    "UPDATE transfer SET minutes = 2 WHERE sequence = 13");
            assertThat(verified(books).fault()).startsWith("transfer 13 does not hold");
            assertThatThrownBy(() -> cluster.execute(database, "TRUNCATE transfer"))
                    .hasMessageContaining("append-only");
        }
    }

    private static ChainCheck.Verdict verified(TestBooks books) throws Exception {
        return books.read(sql -> ChainCheck.verify(sql, _ -> {})).getFirst();
    }
}
